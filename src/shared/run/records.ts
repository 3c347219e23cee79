/** What a run's log comes to. */
import type { BatchRecord, EpochRecord, RunEvent } from './events.js';

export interface RunRecords {
  batches: BatchRecord[];
  epochs: EpochRecord[];
}

/**
 * Adds the log's next event. What was trained after the checkpoint that a run resumed from is replaced by
 * what the resumed run logged.
 */
export function addRecord({ batches, epochs }: RunRecords, event: RunEvent): void {
  if (event.type === 'batch') {
    dropFrom(batches, event.step);
    batches.push(event);
  } else if (event.type === 'epoch') {
    dropFrom(epochs, event.step);
    epochs.push(event);
  } else if (event.type === 'started') {
    dropFrom(batches, event.fromStep + 1);
    dropFrom(epochs, event.fromStep + 1);
  }
}

function dropFrom(records: { step: number }[], step: number): void {
  while ((records.at(-1)?.step ?? -1) >= step) records.pop();
}
