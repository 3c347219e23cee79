/** Where a run's events go: all of them into the log, at most 20 batches a second onto the wire. */
import type { BatchRecord, RunEvent } from '#shared/run/events';
import type { RunLog } from './log.js';

const millisecondsBetweenBatches = 50;

export class Reporter {
  private sentAt = -Infinity;
  private unsent: BatchRecord | null = null;

  constructor(
    private readonly log: RunLog,
    private readonly emit: (event: RunEvent) => void,
  ) {}

  report(event: RunEvent): void {
    this.log.write(event);
    if (event.type !== 'batch') {
      // A pause or an end shows the last batch, however soon it came after the one before.
      if (this.unsent !== null && event.type !== 'epoch' && event.type !== 'checkpoint') {
        this.emit(this.unsent);
        this.unsent = null;
      }
      this.emit(event);
      return;
    }
    const now = performance.now();
    if (now - this.sentAt < millisecondsBetweenBatches) {
      this.unsent = event;
      return;
    }
    this.sentAt = now;
    this.unsent = null;
    this.emit(event);
  }
}
