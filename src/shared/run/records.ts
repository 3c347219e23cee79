/** What a run's log comes to. */
import { z } from 'zod';
import { runEventSchema, type BatchRecord, type EpochRecord, type RunEvent } from './events.js';

/** One piece of a log: the whole of a long one at once would hold up every window. */
export const logPageSchema = z.object({
  events: z.array(runEventSchema),
  /** Where the next piece begins, in bytes; null at the end. */
  next: z.number().int().nullable(),
});
export type LogPage = z.infer<typeof logPageSchema>;

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

/** Reads a log to its end. @param read the piece that begins at a byte. */
export async function readPages(read: (from: number) => Promise<LogPage>): Promise<RunRecords> {
  const records: RunRecords = { batches: [], epochs: [] };
  for (let from: number | null = 0; from !== null;) {
    const page: LogPage = await read(from);
    for (const event of page.events) addRecord(records, event);
    from = page.next;
  }
  return records;
}

function dropFrom(records: { step: number }[], step: number): void {
  while ((records.at(-1)?.step ?? -1) >= step) records.pop();
}
