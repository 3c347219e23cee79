/** The wire between main and the engine process. */
import { z } from 'zod';
import { dataRecipeSchema } from '../data/recipe.js';
import { builtinDatasetSchema, dataPreviewSchema, fileDescriptionSchema } from '../data/facts.js';
import { fileLookSchema, gapPolicySchema, readingSchema } from '../data/look.js';
import { projectDocumentSchema } from '../graph/document.js';
import { exportTargetSchema } from '../run/exported.js';
import {
  generatedSchema,
  generationRequestSchema,
  generationStepSchema,
  longestHorizon,
  predictionInputSchema,
  predictionRequestSchema,
  predictionSchema,
  prefixesSchema,
  rollOutSchema,
} from '../run/prediction.js';
import { runEventSchema } from '../run/events.js';
import { gradientFlowSchema } from '../run/gradients.js';
import { resumeSchema } from '../run/resume.js';
import { resultsSchema } from '../run/results.js';
import { measurementSchema } from '../run/timing.js';
import { settingsSchema } from '../settings.js';
import { deviceChoiceSchema, deviceReportSchema } from './devices.js';
import type { Contract, Handlers } from './channel.js';

const nothing = z.object({});
/** The weights of a run, and where to compute with them. */
const trained = {
  folder: z.string(),
  baseFolder: z.string().nullable(),
  device: deviceChoiceSchema.default('auto'),
};
/** Longer work, under an id that the asker made up, so that it can be called off. */
const job = { job: z.string() };

export const engineContract = {
  requests: {
    /** The first request of every engine, and again when a person changes them: an idle device opens anew. */
    'engine.configure': { input: settingsSchema.pick({ threads: true }), output: nothing },
    'devices.list': { input: nothing, output: z.array(deviceReportSchema) },
    /**
     * Times training steps of a few small networks on the device, in less than 3 seconds. Refused with
     * `engine-busy` while a run trains; given up when one begins.
     */
    'devices.calibrate': {
      input: z.object({ device: deviceChoiceSchema }),
      output: measurementSchema,
    },
    'data.builtin': { input: nothing, output: z.array(builtinDatasetSchema) },
    'data.preview': {
      /** `baseFolder`: where relative paths start; null refuses them. */
      input: z.object({
        recipe: dataRecipeSchema,
        baseFolder: z.string().nullable(),
        batchSize: z.number().int().min(1).default(32),
      }),
      output: dataPreviewSchema,
    },
    'data.describe': { input: z.object({ path: z.string() }), output: fileDescriptionSchema },
    /** A file that is not kept yet; see src/main/engine/data/import. */
    'data.look': {
      input: z.object({
        path: z.string(),
        name: z.string(),
        reading: readingSchema.nullable(),
        whole: z.boolean(),
      }),
      output: fileLookSchema,
    },
    /** Writes it as UTF-8 with commas to `out`. */
    'data.convert': {
      input: z.object({
        path: z.string(),
        out: z.string(),
        reading: readingSchema,
        gaps: gapPolicySchema,
        numbers: z.array(z.string()),
      }),
      output: z.object({ rows: z.number() }),
    },
    /**
     * Answers as soon as the run is accepted; everything after that is a `run.event`. Refused with
     * `engine-busy` while another run trains.
     */
    'run.start': {
      input: z.object({
        runId: z.string(),
        /** The run's folder; the engine writes `log.jsonl`, `checkpoints/` and `result.json` there. */
        folder: z.string(),
        document: projectDocumentSchema,
        baseFolder: z.string().nullable(),
        device: deviceChoiceSchema.default('auto'),
        /** Overrides of the document's recipe. */
        seed: z.number().int().nullable().default(null),
        epochs: z.number().int().min(1).nullable().default(null),
        /** How to go on from the newest whole checkpoint in the folder; null begins anew. */
        resume: resumeSchema.nullable().default(null),
      }),
      output: nothing,
    },
    'run.pause': { input: z.object({ runId: z.string() }), output: nothing },
    'run.continue': { input: z.object({ runId: z.string() }), output: nothing },
    /** Ends after the current batch, with a checkpoint and a `done` event (reason `stopped`). */
    'run.stop': { input: z.object({ runId: z.string() }), output: nothing },
    'run.predict': {
      input: z.object({ ...trained, request: predictionRequestSchema }),
      output: predictionSchema,
    },
    /** Of a classifier, for each prefix of the text. */
    'run.prefixes': {
      input: z.object({ ...job, ...trained, input: predictionInputSchema }),
      output: prefixesSchema,
    },
    /** The error of a forecast by step ahead, on the test part. */
    'run.rollOut': {
      input: z.object({ ...job, ...trained, horizon: z.number().int().min(1).max(longestHorizon) }),
      output: rollOutSchema,
    },
    /** Writes a text on, telling `run.generated` how it goes. Called off, it ends with what there is. */
    'run.generate': {
      input: generationRequestSchema.extend({ ...job, ...trained }),
      output: generatedSchema,
    },
    /**
     * Calls a job off: it rejects with `cancelled`, or ends with what there is. One that has ended is left
     * as it is.
     */
    'job.cancel': { input: z.object(job), output: nothing },
    /** How far back the loss's gradient reaches with the run's weights, on rows of its training part. */
    'run.gradients': { input: z.object(trained), output: gradientFlowSchema },
    /** What the run's weights say of its test part; null where it has none. */
    'run.results': {
      input: z.object(trained),
      output: resultsSchema.nullable(),
    },
    /** Fills the empty folder `out`; see src/main/engine/export. */
    'run.export': {
      input: z.object({
        folder: z.string(),
        out: z.string(),
        target: exportTargetSchema.exclude(['zip']),
        /** With the seed and the epochs that the run was started with. */
        document: projectDocumentSchema,
        baseFolder: z.string().nullable(),
        run: z.object({ id: z.string(), created: z.string(), studio_version: z.string() }),
      }),
      output: z.object({ warnings: z.array(z.string()) }),
    },
  },
  events: {
    'run.event': z.object({ runId: z.string(), event: runEventSchema }),
    /** At most 25 a second. */
    'run.generated': generationStepSchema.extend(job),
    /** A line for the log file. */
    log: z.object({ level: z.enum(['info', 'warning', 'error']), text: z.string() }),
  },
} satisfies Contract;
export type EngineContract = typeof engineContract;
export type EngineSettings = z.output<EngineContract['requests']['engine.configure']['input']>;
export type EngineHandlers = Handlers<EngineContract>;
