/** What the engine answers. It holds one device, one training, and the data prepared last. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StudioError } from '#shared/errors';
import type { DataRecipe } from '#shared/data/recipe';
import type { EventPayload } from '#shared/ipc/channel';
import type { EngineContract, EngineHandlers } from '#shared/ipc/engine';
import type { DeviceChoice } from '#shared/ipc/devices';
import { lower } from '#shared/ir/lower';
import { calibrate } from './calibrate/calibrate.js';
import {
  builtinDatasets,
  convertFile,
  describeFile,
  lookAtFile,
  prepare,
  previewOf,
} from './data/index.js';
import type { Prepared } from './data/index.js';
import type { PreparedData } from './data/types.js';
import { DeviceSlot } from './device-slot.js';
import { listDevices } from './devices/index.js';
import type { Device } from './devices/types.js';
import { exportRun } from './export/export-run.js';
import { exportReport } from './export/report.js';
import { finiteResults } from './export/test-results.js';
import { Jobs } from './jobs.js';
import { generate } from './predict/generate.js';
import { gradientFlow } from './predict/gradients.js';
import { loadRun, type TrainedRun } from './predict/load.js';
import { predict, readInput } from './predict/predict.js';
import { predictPrefixes } from './predict/prefixes.js';
import { measureRollOut } from './predict/rollout.js';
import { RunControl } from './train/control.js';
import { runTraining } from './train/run.js';

interface TrainedPlace {
  folder: string;
  baseFolder: string | null;
  device: DeviceChoice;
}

export interface EngineEvents {
  runEvent(payload: EventPayload<EngineContract, 'run.event'>): void;
  generated(payload: EventPayload<EngineContract, 'run.generated'>): void;
  log(payload: EventPayload<EngineContract, 'log'>): void;
}

export function createHandlers(events: EngineEvents): EngineHandlers {
  const devices = new DeviceSlot();
  const prepared = new PreparedCache();
  const jobs = new Jobs();
  let active: { runId: string; control: RunControl } | null = null;

  /** Loads a run's weights, uses them, and lets go of them and of the device. */
  async function withRun<T>(
    { folder, baseFolder, device }: TrainedPlace,
    use: (run: TrainedRun, data: () => Promise<PreparedData>, device: Device) => Promise<T>,
  ): Promise<T> {
    const opened = await devices.forPrediction(device);
    try {
      const run = await loadRun(folder, opened);
      try {
        const { recipe } = run.preprocessing;
        const data = async () => (await prepared.get(recipe, baseFolder)).data;
        return await use(run, data, opened);
      } finally {
        run.model.dispose();
      }
    } finally {
      devices.release();
    }
  }

  function controlOf(runId: string): RunControl {
    if (active?.runId === runId) return active.control;
    throw new StudioError('run-not-active', `Run ${runId} is not being trained.`);
  }

  return {
    'engine.configure': ({ threads }) => {
      devices.useThreads(threads);
      return {};
    },
    'devices.list': () => listDevices(),
    'devices.calibrate': async ({ device }) => {
      const busy = (): StudioError =>
        new StudioError(
          'engine-busy',
          'A run is training, so the device can’t be timed now.',
          'Calibrate when it has ended.',
        );
      if (active !== null) throw busy();
      const opened = await devices.forTraining(device);
      try {
        const probes = await calibrate(opened, () => active !== null);
        if (probes === null) throw busy();
        return { device: opened.id, deviceName: opened.name, probes };
      } finally {
        devices.release();
      }
    },
    'data.builtin': () => builtinDatasets,
    'data.preview': async ({ recipe, baseFolder, batchSize }) =>
      previewOf(await prepared.get(recipe, baseFolder), batchSize),
    'data.describe': ({ path }) => describeFile(path),
    'data.look': (request) => lookAtFile(request),
    'data.convert': (request) => convertFile(request),

    'run.start': ({ runId, folder, document, baseFolder, device, seed, epochs, resume }) => {
      if (active !== null)
        throw new StudioError(
          'engine-busy',
          `Run ${active.runId} is being trained.`,
          'Wait for its end or stop it first.',
        );
      const control = new RunControl();
      active = { runId, control };
      let onDevice = false;
      void runTraining({
        folder,
        document,
        seed,
        epochs,
        resume,
        control,
        emit: (event) => {
          // Free before the end is told, so that the next run can start on hearing of it.
          if (event.type === 'done' || event.type === 'failed') {
            active = null;
            if (onDevice) devices.release();
          }
          if (event.type === 'failed' && event.error.code === 'device-error') devices.discard();
          events.runEvent({ runId, event });
        },
        prepareData: async (recipe) => (await prepared.get(recipe, baseFolder)).data,
        openDevice: async () => {
          const opened = await devices.forTraining(device);
          onDevice = true;
          return opened;
        },
        lower,
        warn: (text) => events.log({ level: 'warning', text }),
      });
      return {};
    },
    'run.pause': ({ runId }) => {
      controlOf(runId).pause();
      return {};
    },
    'run.continue': ({ runId }) => {
      controlOf(runId).continue();
      return {};
    },
    'run.stop': ({ runId }) => {
      controlOf(runId).stop();
      return {};
    },

    'run.predict': ({ request, ...at }) =>
      withRun(at, (run, data) => predict({ run, request, data })),
    'run.prefixes': ({ job, input, ...at }) =>
      jobs.run(job, (signal) =>
        withRun(at, async (run, data) => {
          const row = await readInput(run, input, data);
          return predictPrefixes(run, row, signal);
        }),
      ),
    'run.rollOut': ({ job, horizon, ...at }) =>
      jobs.run(job, (signal) =>
        withRun(at, async (run, data) => measureRollOut(run, await data(), horizon, signal)),
      ),
    'run.generate': ({ job, folder, baseFolder, device, text, ...options }) =>
      jobs.run(job, (signal) =>
        withRun({ folder, baseFolder, device }, async (run, data) => {
          const prompt = await readInput(run, { kind: 'text', text }, data);
          return generate(run, prompt, options, signal, (step) =>
            events.generated({ job, ...step }),
          );
        }),
      ),
    'job.cancel': ({ job }) => {
      jobs.cancel(job);
      return {};
    },
    'run.gradients': (at) =>
      withRun(at, async ({ model }, data, device) =>
        gradientFlow(model, device, (await data()).train),
      ),
    'run.results': (at) => withRun(at, async (run, data) => finiteResults(run, await data())),

    'run.export': async ({ folder, out, target, document, baseFolder, run }) => {
      // Not the fastest device but the one that computes in plain float32: others may round to less.
      const device = await devices.forPrediction('wasm');
      try {
        const all = { folder, out, document, run, device };
        const data = () => prepared.get(document.data, baseFolder);
        const warnings =
          target === 'report'
            ? await exportReport({ ...all, data })
            : await exportRun({ ...all, target, data: async () => (await data()).data });
        return { warnings };
      } finally {
        devices.release();
      }
    },
  };
}

/** The data prepared last (a preview, then the run on it), as long as its recipe and its file stay as they are. */
class PreparedCache {
  private last: { key: string; data: Promise<Prepared> } | null = null;

  async get(recipe: DataRecipe, baseFolder: string | null): Promise<Prepared> {
    const key = JSON.stringify([recipe, baseFolder, await fileStamp(recipe, baseFolder)]);
    if (this.last?.key === key) return this.last.data;
    const data = prepare(recipe, baseFolder);
    this.last = { key, data };
    data.catch(() => {
      if (this.last?.data === data) this.last = null;
    });
    return data;
  }
}

/** Changes with the user's file; null for a dataset that ships, or where there is no file. */
async function fileStamp(recipe: DataRecipe, baseFolder: string | null): Promise<string | null> {
  if (recipe.source.kind !== 'file') return null;
  const path = resolve(baseFolder ?? '', recipe.source.path);
  const found = await stat(path).catch(() => null);
  return found === null ? null : `${found.size} ${found.mtimeMs}`;
}
