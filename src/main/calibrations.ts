/** What was measured of this machine's devices, kept in the workspace. */
import { availableParallelism, cpus } from 'node:os';
import type { DeviceChoice } from '#shared/ipc/devices';
import { fitRates, type Calibration } from '#shared/run/timing';
import type { EngineSupervisor } from './engine-supervisor.js';
import type { Workspace } from './workspace.js';

/** e.g. `AMD Ryzen 7 5800X × 16`. */
const thisMachine = (): string =>
  `${cpus()[0]?.model.trim() ?? 'unknown processor'} × ${availableParallelism()}`;

export function createCalibrations(
  workspace: Pick<Workspace, 'readState' | 'updateState'>,
  engine: Pick<EngineSupervisor, 'request'>,
): {
  list(): Promise<Calibration[]>;
  measure(device: DeviceChoice): Promise<Calibration>;
} {
  const machine = thisMachine();
  return {
    async list() {
      return (await workspace.readState()).calibrations.filter((one) => one.machine === machine);
    },
    async measure(device) {
      const measurement = await engine.request('devices.calibrate', { device });
      const calibration: Calibration = {
        ...measurement,
        machine,
        date: new Date().toISOString(),
        rates: fitRates(measurement.probes),
      };
      await workspace.updateState((state) => ({
        ...state,
        calibrations: [
          ...state.calibrations.filter(
            (one) => one.machine !== machine || one.device !== calibration.device,
          ),
          calibration,
        ],
      }));
      return calibration;
    },
  };
}
