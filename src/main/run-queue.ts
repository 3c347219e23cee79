/**
 * Runs that wait. The device is one slot, so a run that waits lies in its folder, with its document, as
 * `idle`; that survives a restart of the studio. The oldest one starts when a run has ended by itself. After
 * a run that was stopped or failed nothing starts without a person: they may want the machine, or the cause
 * may be the same.
 */
import type { RunEntry } from '#shared/ipc/studio';
import type { Runs } from './runs.js';

export interface RunQueue {
  /** To be told of every run that ended. */
  ended(entry: RunEntry): void;
}

export function createRunQueue(runs: () => Runs, log: (line: string) => void): RunQueue {
  async function next(): Promise<void> {
    const waiting = (await runs().list(null)).filter(({ state }) => state.phase === 'idle');
    const oldest = waiting.at(-1);
    if (oldest !== undefined) await runs().begin(oldest.id);
  }
  return {
    ended({ state }) {
      if (state.phase !== 'done' || state.summary.reason === 'stopped') return;
      // A run that can't start says so itself; where another one was quicker, its end comes here too.
      next().catch((error: unknown) =>
        log(`the next run: ${error instanceof Error ? error.message : String(error)}`),
      );
    },
  };
}
