/** Exports on the wire between the window and main; part of the studio contract. */
import { z } from 'zod';
import { exportTargets } from '../codegen/types.js';

export const exportTargetSchema = z.enum(exportTargets);

/** What `verify.*` said of an export, in the framework that it is for. */
export const verificationSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.enum(['passed', 'failed']),
    /** e.g. `torch 2.3.0`. */
    framework: z.string(),
    /** Recorded rows that were compared. */
    rows: z.number().int(),
    /** max |theirs − ours| / max |ours| over real steps. */
    largestDifference: z.number(),
    tolerance: z.number(),
    /** Whether their preprocessing of the recorded inputs gives our ids or features. */
    preprocessing: z.boolean(),
    /** Whether a language model's greedy text is ours; null for other tasks. */
    generated: z.boolean().nullable(),
  }),
  z.object({
    outcome: z.literal('unavailable'),
    /** What is missing, as a sentence. */
    reason: z.string(),
    /** A command for a terminal that installs it. */
    install: z.string(),
    /** A command for a terminal that verifies the export then. */
    verify: z.string(),
  }),
]);
export type Verification = z.infer<typeof verificationSchema>;

export const exportResultSchema = z.object({
  target: exportTargetSchema,
  /** Absolute: the export's folder, or the one file that `zip` and `report` may write. */
  path: z.string(),
  /** Relative to the folder, in the order in which a person would read them. */
  files: z.array(z.object({ path: z.string(), bytes: z.number().int() })),
  /** Null where it was not asked for, or the target holds nothing that runs. */
  verification: verificationSchema.nullable(),
  /** The report's HTML, which the window shows in a tab of its own; null for other targets. */
  page: z.string().nullable(),
});
export type ExportResult = z.infer<typeof exportResultSchema>;

export const exportProgressSchema = z.object({
  runId: z.string(),
  target: exportTargetSchema,
  step: z.enum(['preparing', 'writing', 'verifying']),
});
export type ExportProgress = z.infer<typeof exportProgressSchema>;

export const exportRequests = {
  /**
   * Written beside and renamed: a folder is whole or not there. `export-exists` where something is there
   * and `replace` is false; `no-checkpoint` for a run without trained weights.
   */
  'runs.export': {
    input: z.object({
      runId: z.string(),
      target: exportTargetSchema,
      /** Absolute, or relative to the workspace's `exports` folder. */
      path: z.string().min(1),
      replace: z.boolean().default(false),
      verify: z.boolean().default(true),
    }),
    output: exportResultSchema,
  },
};

export const exportEvents = { 'export.progress': exportProgressSchema };
