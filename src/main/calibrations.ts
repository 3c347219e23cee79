/** What was measured of this machine's devices, kept in the workspace. */
import { availableParallelism, cpus } from 'node:os';
import type { DeviceChoice } from '#shared/ipc/devices';
import { fitRates, type Calibration } from '#shared/run/timing';
import type { EngineSupervisor } from './engine-supervisor.js';
import type { Workspace } from './workspace.js';

/** e.g. `AMD Ryzen 7 5800X × 16`; with fewer threads it is as slow as another machine. */
function thisMachine(threads: number | null): string {
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown processor'} × ${availableParallelism()}`;
  return threads === null
    ? machine
    : `${machine}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}

export function createCalibrations(
  workspace: Pick<Workspace, 'readState' | 'updateState'>,
  engine: Pick<EngineSupervisor, 'request'>,
  threads: () => number | null,
): {
  list(): Promise<Calibration[]>;
  measure(device: DeviceChoice): Promise<Calibration>;
} {
  return {
    async list() {
      const machine = thisMachine(threads());
      return (await workspace.readState()).calibrations.filter((one) => one.machine === machine);
    },
    async measure(device) {
      const machine = thisMachine(threads());
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
