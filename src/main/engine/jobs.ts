/** Longer work for a window, which may call it off under the id that it gave it. */
import { StudioError } from '#shared/errors';

export class Jobs {
  private readonly open = new Map<string, AbortController>();

  /**
   * @param work asks the signal between its parts.
   * @throws StudioError `cancelled` when it was called off.
   */
  async run<T>(id: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.open.set(id, controller);
    try {
      return await work(controller.signal);
    } finally {
      this.open.delete(id);
    }
  }

  /** Work that has ended, or never began, is not there to be called off. */
  cancel(id: string): void {
    this.open.get(id)?.abort(new StudioError('cancelled', 'This was called off.'));
  }
}
