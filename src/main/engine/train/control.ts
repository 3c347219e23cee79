/** What the person wants of a running training: go on, pause, or stop. The loop asks at each batch. */
export class RunControl {
  private wish: 'run' | 'pause' | 'stop' = 'run';
  private wake: (() => void) | null = null;

  pause(): void {
    if (this.wish === 'run') this.wish = 'pause';
  }

  /** Ends a pause. A stop can't be taken back. */
  continue(): void {
    if (this.wish === 'pause') this.change('run');
  }

  stop(): void {
    this.change('stop');
  }

  get paused(): boolean {
    return this.wish === 'pause';
  }

  get stopped(): boolean {
    return this.wish === 'stop';
  }

  /** Until `continue` or `stop`; at once if there is no pause. */
  whilePaused(): Promise<void> {
    return this.wish === 'pause'
      ? new Promise((resolve) => {
          this.wake = resolve;
        })
      : Promise.resolve();
  }

  private change(wish: 'run' | 'stop'): void {
    this.wish = wish;
    this.wake?.();
    this.wake = null;
  }
}

/** Lets requests, timers and I/O have their turn. */
export const yieldToEventLoop = (): Promise<void> =>
  new Promise((resolve) => setImmediate(resolve));
