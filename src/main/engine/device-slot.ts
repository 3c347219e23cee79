/** The one open device of the process: opened when first needed, changed only when nothing uses it. */
import type { DeviceChoice } from '#shared/ipc/devices';
import { openDevice } from './devices/index.js';
import type { Device } from './devices/types.js';

export class DeviceSlot {
  private current: { choice: DeviceChoice; threads: number | null; device: Device } | null = null;
  private threads: number | null = null;
  private users = 0;
  private whenIdle: (() => void) | null = null;
  /** Openings happen one after the other. */
  private turn: Promise<unknown> = Promise.resolve();

  /** Of devices that are opened from now on; an open one stays until nothing uses it. */
  useThreads(threads: number | null): void {
    this.threads = threads;
  }

  /** For a training: the chosen device and no other. Waits for predictions on another one to end. */
  forTraining(choice: DeviceChoice): Promise<Device> {
    return this.inTurn(async () => {
      if (!this.isOpen(choice)) await this.idle();
      return this.take(choice);
    });
  }

  /** For a prediction: right on any device, so a device in use, or any open one under `auto`, serves. */
  forPrediction(choice: DeviceChoice): Promise<Device> {
    return this.inTurn(async () => {
      const { current, threads } = this;
      const serves =
        current !== null &&
        (this.users > 0 ||
          (current.threads === threads && (choice === 'auto' || current.device.id === choice)));
      return this.take(serves ? current.choice : choice);
    });
  }

  /** Ends what `forTraining` or `forPrediction` began. */
  release(): void {
    this.users--;
    if (this.users > 0) return;
    this.whenIdle?.();
    this.whenIdle = null;
  }

  /** After the device failed: the next use opens it anew. */
  discard(): void {
    const broken = this.current?.device;
    this.current = null;
    broken?.dispose().catch(() => {
      // It failed already, and that was reported.
    });
  }

  private inTurn(open: () => Promise<Device>): Promise<Device> {
    const opened = this.turn.then(open);
    this.turn = opened.catch(() => {});
    return opened;
  }

  private async take(choice: DeviceChoice): Promise<Device> {
    // One that is in use stays as it is.
    if (this.current === null || (this.users === 0 && !this.isOpen(choice))) {
      await this.current?.device.dispose();
      this.current = null;
      const { threads } = this;
      this.current = { choice, threads, device: await openDevice(choice, { threads }) };
    }
    this.users++;
    return this.current.device;
  }

  private isOpen(choice: DeviceChoice): boolean {
    return this.current?.choice === choice && this.current.threads === this.threads;
  }

  private idle(): Promise<void> {
    return this.users === 0
      ? Promise.resolve()
      : new Promise((resolve) => {
          this.whenIdle = resolve;
        });
  }
}
