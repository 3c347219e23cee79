/** What exporting a run came to. */
import { z } from 'zod';
import { exportTargets } from '../codegen/types.js';

export const exportTargetSchema = z.enum(exportTargets);

/** Whether the export, run in its own framework, gives our numbers. */
export const verificationSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.enum(['passed', 'failed']),
    /** Recorded rows that were compared. */
    rows: z.number().int(),
    /** Over the largest magnitude of our outputs; null where theirs are not numbers. */
    largestDifference: z.number().nullable(),
    tolerance: z.number(),
    /** The exported preprocessing turns the recorded inputs into the recorded ids or features. */
    preprocessing: z.boolean(),
    /** The same 50 greedy tokens; null where nothing is generated. */
    generated: z.boolean().nullable(),
    /** e.g. `torch 2.3.0`. */
    framework: z.string(),
  }),
  z.object({
    state: z.literal('not-run'),
    reason: z.enum(['not-asked', 'nothing-to-verify', 'framework-missing', 'broke']),
    /** A sentence for the person: what is missing, or the last words of a check that broke. */
    message: z.string(),
    /** A command that installs what is missing; null where that would not help. */
    install: z.string().nullable(),
    /** A command that verifies the export then; null where there is nothing to verify. */
    verify: z.string().nullable(),
  }),
]);
export type Verification = z.infer<typeof verificationSchema>;

export const exportPhaseSchema = z.enum(['writing', 'verifying']);
export type ExportPhase = z.infer<typeof exportPhaseSchema>;

export const exportResultSchema = z.object({
  target: exportTargetSchema,
  /** Absolute path of the folder; of the file for a zip. */
  path: z.string(),
  /** Relative to the folder, README.md first; a zip is one file. */
  files: z.array(z.object({ path: z.string(), bytes: z.number().int() })),
  /** What the export lacks and why, one sentence each. */
  warnings: z.array(z.string()),
  verification: verificationSchema,
  /** The report's HTML, for a window that can't open files; null for other targets. */
  page: z.string().nullable(),
});
export type ExportResult = z.infer<typeof exportResultSchema>;
