/** How fast this machine's devices are, as far as somebody had them measured. */
import { create, type StoreApi, type UseBoundStore } from 'zustand';
import type { DeviceId } from '#shared/ipc/devices';
import type { Calibration } from '#shared/run/timing';
import type { StudioConnection } from '../client.js';
import { client } from '../transport.js';

interface CalibrationState {
  calibrations: readonly Calibration[];
  /** The device that is being timed. */
  measuring: DeviceId | null;
  /** Less than 3 seconds. Throws `engine-busy` while a run trains. */
  measure(device: DeviceId): Promise<void>;
}

export function createCalibrationStore(
  connection: Pick<StudioConnection, 'request' | 'listen' | 'onStatus'>,
): UseBoundStore<StoreApi<CalibrationState>> {
  const store = create<CalibrationState>()((set, get) => ({
    calibrations: [],
    measuring: null,
    async measure(device) {
      if (get().measuring !== null) return;
      set({ measuring: device });
      try {
        const measured = await connection.request('devices.calibrate', { device });
        set(({ calibrations }) => ({
          calibrations: [...calibrations.filter((one) => one.device !== measured.device), measured],
        }));
      } finally {
        set({ measuring: null });
      }
    },
  }));
  const load = (): void => {
    connection.request('devices.calibrations', {}).then(
      (calibrations) => store.setState({ calibrations }),
      // Without them the summary bar offers to measure.
      () => {},
    );
  };
  connection.onStatus(({ phase }) => {
    if (phase === 'open') load();
  });
  // With another number of threads, other measurements hold.
  connection.listen('settings.changed', load);
  return store;
}

export const useCalibration = createCalibrationStore(client);
