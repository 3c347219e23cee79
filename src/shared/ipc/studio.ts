/** The one contract between the window and main: Electron and the browser host speak it alike. */
import { z } from 'zod';
import { dataRecipeSchema } from '../data/recipe.js';
import { builtinDatasetSchema, dataPreviewSchema, fileDescriptionSchema } from '../data/facts.js';
import { fileLookSchema, gapPolicySchema, readingSchema } from '../data/look.js';
import { wireErrorSchema } from '../errors.js';
import { projectDocumentSchema } from '../graph/document.js';
import { annotationFields, annotationsSchema } from '../run/annotations.js';
import { runEventSchema } from '../run/events.js';
import { gradientFlowSchema } from '../run/gradients.js';
import { logPageSchema } from '../run/records.js';
import { exportPhaseSchema, exportResultSchema, exportTargetSchema } from '../run/exported.js';
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
import { resultsSchema } from '../run/results.js';
import { calibrationSchema } from '../run/timing.js';
import { settingsChangeSchema, settingsSchema } from '../settings.js';
import { trainingRecipeSchema } from '../training/recipe.js';
import type { Client, Contract, Handlers } from './channel.js';
import { deviceChoiceSchema, deviceReportSchema } from './devices.js';
import {
  projectEntrySchema,
  exampleEntrySchema,
  openProjectSchema,
  runEntrySchema,
  trashedRunSchema,
  importedSchema,
} from './entries.js';

export * from './entries.js';

const nothing = z.object({});

/** The largest file that comes in through a window; as base64 it must fit one string of the JavaScript engine. */
export const importLimitBytes = 256 * 1024 * 1024;

const runId = z.object({ runId: z.string() });
/** Made up by the window that asks, so that it can call the work off. */
const jobId = z.uuid();

/** How a file is written anew when it is kept; null keeps it byte for byte. */
const rewriteSchema = z
  .object({ reading: readingSchema, gaps: gapPolicySchema, numbers: z.array(z.string()) })
  .nullable();

export const studioContract = {
  requests: {
    'app.info': {
      input: nothing,
      output: z.object({
        version: z.string(),
        host: z.enum(['electron', 'browser']),
        /** In use since the start. */
        workspace: z.string(),
        /** It was named on the command line or in the environment, which wins over the setting. */
        workspaceAsked: z.boolean(),
        /** What a start takes where nothing is set. */
        defaultWorkspace: z.string(),
        /** Threads that this machine runs at once. */
        cores: z.number().int(),
        /** The environment gives the number of threads, which wins over the setting. */
        threadsAsked: z.boolean(),
        node: z.string(),
        /** The project to show first, the last one open; null where there is none yet. */
        startPath: z.string().nullable(),
      }),
    },
    'app.devices': { input: nothing, output: z.array(deviceReportSchema) },
    /** What the studio runs on, itself first. */
    'app.about': {
      input: nothing,
      output: z.object({
        versions: z.array(z.object({ name: z.string(), version: z.string() })),
      }),
    },
    /** Shows the workspace in the system's file manager. Refused with `no-desktop` by the browser host. */
    'app.showWorkspace': { input: nothing, output: nothing },
    /** Asks the person for a folder; null where none was chosen. Refused as `app.showWorkspace`. */
    'app.chooseFolder': { input: nothing, output: z.object({ path: z.string().nullable() }) },

    'settings.get': {
      input: nothing,
      output: z.object({
        settings: settingsSchema,
        /** Of their file. */
        path: z.string(),
        /** Why the settings' file did not count at the start. */
        problem: wireErrorSchema.nullable(),
      }),
    },
    /** Refused where a new workspace does not exist, is no folder or can't be written. */
    'settings.change': { input: settingsChangeSchema, output: settingsSchema },

    /** The newest of each device that was calibrated on this machine. */
    'devices.calibrations': { input: nothing, output: z.array(calibrationSchema) },
    /** Measures and keeps it. Refused with `engine-busy` while a run trains. */
    'devices.calibrate': {
      input: z.object({ device: deviceChoiceSchema }),
      output: calibrationSchema,
    },

    'projects.list': { input: nothing, output: z.array(projectEntrySchema) },
    'projects.examples': { input: nothing, output: z.array(exampleEntrySchema) },
    'projects.open': { input: z.object({ path: z.string() }), output: openProjectSchema },
    /** Copies the example into the workspace (or finds the earlier copy) and opens it. */
    'projects.openExample': { input: z.object({ id: z.string() }), output: openProjectSchema },
    /** A new project file in the workspace; never overwrites. */
    'projects.create': {
      input: z.object({ document: projectDocumentSchema }),
      output: openProjectSchema,
    },
    /** Atomic. `revision-conflict` if the file changed since it was opened. */
    'projects.save': {
      input: z.object({
        path: z.string(),
        document: projectDocumentSchema,
        revision: z.string().nullable(),
      }),
      output: z.object({ revision: z.string() }),
    },
    /**
     * Asks to be the window that edits the project; letting go of another one. Another window that has it
     * keeps it, unless this one takes over: then that one saves first, as `project.wanted` asks it to.
     */
    'projects.hold': {
      input: z.object({ path: z.string(), takeOver: z.boolean().default(false) }),
      output: z.object({ held: z.boolean() }),
    },
    /** The answer to `project.wanted`: what could be saved is saved. */
    'projects.letGo': { input: nothing, output: nothing },

    /**
     * Opens a `.unroll.zip`: makes its project, its data file and its run in the workspace. Overwrites
     * nothing: a run that is there already stays as it is.
     */
    'projects.import': {
      input: z.object({ name: z.string().min(1), base64: z.string() }),
      output: importedSchema,
    },

    'data.builtin': { input: nothing, output: z.array(builtinDatasetSchema) },
    'data.preview': {
      input: z.object({
        recipe: dataRecipeSchema,
        projectPath: z.string().nullable(),
        batchSize: z.number().int().min(1).default(32),
      }),
      output: dataPreviewSchema,
    },
    /**
     * A user's file arrives in pieces and is put aside, to be looked at; `id` is null for the first piece.
     * Nothing of it is kept before `data.keep`.
     */
    'data.stage': {
      input: z.object({ id: z.uuid().nullable(), name: z.string().min(1), base64: z.string() }),
      output: z.object({ id: z.uuid() }),
    },
    'data.look': {
      input: z.object({
        id: z.uuid(),
        name: z.string().min(1),
        /** null guesses. */
        reading: readingSchema.nullable(),
        /** Reads all of it; otherwise its beginning. */
        whole: z.boolean(),
      }),
      output: fileLookSchema,
    },
    /** Puts it into the workspace's `data` folder; the same content under the same name is kept once. */
    'data.keep': {
      input: z.object({
        id: z.uuid(),
        name: z.string().min(1),
        rewrite: rewriteSchema,
      }),
      output: z.object({ path: z.string() }),
    },
    /** What the network would see of it if it were kept. @throws StudioError as the engine's `data.preview`. */
    'data.try': {
      input: z.object({
        id: z.uuid(),
        name: z.string().min(1),
        rewrite: rewriteSchema,
        /** Its source does not count. */
        recipe: dataRecipeSchema,
        batchSize: z.number().int().positive(),
      }),
      output: dataPreviewSchema,
    },
    'data.discard': { input: z.object({ id: z.uuid() }), output: nothing },
    'data.describe': { input: z.object({ path: z.string() }), output: fileDescriptionSchema },

    'runs.list': {
      input: z.object({ projectId: z.string().nullable() }),
      output: z.array(runEntrySchema),
    },
    /** The run's log from a byte on, in pieces. */
    'runs.log': {
      input: runId.extend({ from: z.number().int().min(0) }),
      output: logPageSchema,
    },
    'runs.document': { input: runId, output: projectDocumentSchema },
    'runs.start': {
      input: z.object({
        projectPath: z.string(),
        document: projectDocumentSchema,
        device: deviceChoiceSchema.default('auto'),
        seed: z.number().int().nullable().default(null),
        epochs: z.number().int().min(1).nullable().default(null),
      }),
      output: runEntrySchema,
    },
    /**
     * Trains several networks of a project one after the other. All of them get their run at once; those
     * that wait are `idle`, and the oldest of them starts when a run has ended by itself.
     */
    'runs.startSeries': {
      input: z.object({
        projectPath: z.string(),
        device: deviceChoiceSchema.default('auto'),
        networks: z
          .array(z.object({ document: projectDocumentSchema, tags: annotationFields.tags }))
          .min(1)
          .max(20),
      }),
      output: z.array(runEntrySchema),
    },
    /** Starts a run that waits. */
    'runs.begin': { input: runId, output: runEntrySchema },
    'runs.annotate': {
      input: annotationsSchema.extend({ runId: z.string() }),
      output: runEntrySchema,
    },
    /** From the newest checkpoint: after a crash, a stop or a restart of the studio. */
    'runs.resume': { input: runId, output: runEntrySchema },
    /** Trains a run that ended for so many epochs more, from its newest checkpoint. */
    'runs.keepGoing': {
      input: z.object({ runId: z.string(), epochs: z.number().int().min(1).max(1_000_000) }),
      output: runEntrySchema,
    },
    /**
     * Trains a copy of the newest state of a run that is paused or ended as a new run, with another recipe;
     * seed, shuffling and bucketing stay. A paused run is stopped at its checkpoint.
     */
    'runs.branch': {
      input: z.object({ runId: z.string(), training: trainingRecipeSchema }),
      output: runEntrySchema,
    },
    'runs.pause': { input: runId, output: nothing },
    'runs.continue': { input: runId, output: nothing },
    'runs.stop': { input: runId, output: nothing },
    /** Moves the run's folder to the workspace's trash. */
    'runs.delete': { input: runId, output: nothing },
    /** The deleted runs that are still in the trash, newest first. */
    'runs.trash': { input: nothing, output: z.array(trashedRunSchema) },
    /** `deleted` says which, where a run was deleted twice; null takes the newer one. */
    'runs.restore': {
      input: runId.extend({ deleted: z.string().nullable().default(null) }),
      output: runEntrySchema,
    },
    /** Deletes one run of the trash. */
    'runs.deleteForGood': { input: runId.extend({ deleted: z.string() }), output: nothing },
    /** Deletes the runs in the trash for good. */
    'runs.emptyTrash': { input: nothing, output: nothing },
    'runs.predict': {
      input: z.object({ runId: z.string(), request: predictionRequestSchema }),
      output: predictionSchema,
    },
    /** How a classifier's answer changes with every further token. */
    'runs.prefixes': {
      input: z.object({ job: jobId, runId: z.string(), input: predictionInputSchema }),
      output: prefixesSchema,
    },
    /** The error of a forecast by step ahead, on the test part. */
    'runs.rollOut': {
      input: z.object({
        job: jobId,
        runId: z.string(),
        horizon: z.number().int().min(1).max(longestHorizon),
      }),
      output: rollOutSchema,
    },
    /** Writes a text on; `run.generated` tells how it goes. */
    'runs.generate': {
      input: generationRequestSchema.extend({ job: jobId, runId: z.string() }),
      output: generatedSchema,
    },
    /** Calls off the work that was asked for under this id: it rejects, or ends with what there is. */
    'jobs.cancel': { input: z.object({ job: jobId }), output: nothing },
    /** With the weights that the run saved last, also while it trains. */
    'runs.gradients': { input: runId, output: gradientFlowSchema },
    /** What the run's weights say of its test part: computed once, then kept. Null where it has none. */
    'runs.results': { input: runId, output: resultsSchema.nullable() },
    /**
     * Writes code and weights (or a report, or the whole project as a zip) to `path` and, where the
     * framework is installed, runs the export's own check in it. Tells its phases as `export.progress`.
     * Throws `export-exists` where something lies there and `overwrite` is false.
     */
    'runs.export': {
      input: z.object({
        runId: z.string(),
        target: exportTargetSchema,
        /** Absolute path of a folder; for a zip of the file, which ends with `.unroll.zip`. */
        path: z.string().min(1),
        /** Replaces an earlier export; what is no export of ours is never replaced. */
        overwrite: z.boolean().default(false),
        verify: z.boolean().default(true),
      }),
      output: exportResultSchema,
    },
    /** A path for `runs.export` that is free: in the workspace's `exports` folder. */
    'runs.exportPath': {
      input: z.object({ runId: z.string(), target: exportTargetSchema }),
      output: z.object({ path: z.string() }),
    },
  },
  events: {
    'settings.changed': settingsSchema,
    /** A project file was chosen outside the page, in the application's menu: show it. */
    'app.open': z.object({ path: z.string() }),
    /** Another window takes this project over: save it, edit it no more, and answer `projects.letGo`. */
    'project.wanted': z.object({ path: z.string() }),
    /** To a window that looks on: whether nobody edits the project any more. */
    'project.free': z.object({ path: z.string(), free: z.boolean() }),
    /** A command of shared/menus was chosen in the application's menu. */
    'app.command': z.object({ id: z.string() }),
    /** At most 20 a second of type `batch`. */
    'run.event': z.object({ runId: z.string(), event: runEventSchema }),
    /** A run appeared or changed its state's phase. */
    'run.changed': runEntrySchema,
    'run.deleted': runId,
    'run.generated': generationStepSchema.extend({ job: jobId }),
    'export.progress': z.object({
      runId: z.string(),
      target: exportTargetSchema,
      phase: exportPhaseSchema,
    }),
    'engine.status': z.object({
      status: z.enum(['starting', 'ready', 'restarting', 'failed']),
      error: wireErrorSchema.nullable(),
    }),
  },
} satisfies Contract;
export type StudioContract = typeof studioContract;
export type StudioHandlers = Handlers<StudioContract>;
export type StudioClient = Client<StudioContract>;
