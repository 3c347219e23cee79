/** What the contract's answers list: projects, examples, runs, and what was deleted or imported. */
import { z } from 'zod';
import { taskSchema } from '../data/recipe.js';
import { projectDocumentSchema } from '../graph/document.js';
import { annotationFields } from '../run/annotations.js';
import { parentSchema } from '../run/branch.js';
import { runStateSchema } from '../run/state.js';
import { classWeightsSchema } from '../training/class-weights.js';

export const projectEntrySchema = z.object({
  /** Absolute path of the project file. */
  path: z.string(),
  id: z.string(),
  name: z.string(),
  /** ISO 8601. */
  modified: z.string(),
});
export type ProjectEntry = z.infer<typeof projectEntrySchema>;

export const exampleEntrySchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  task: taskSchema,
  /** As it ships; opening it makes a copy in the workspace. */
  document: projectDocumentSchema,
});
export type ExampleEntry = z.infer<typeof exampleEntrySchema>;

export const openProjectSchema = z.object({
  path: z.string(),
  document: projectDocumentSchema,
  /** Hash of the file as read: `projects.save` refuses to overwrite another one. */
  revision: z.string(),
});
export type OpenProject = z.infer<typeof openProjectSchema>;

export const runEntrySchema = z.object({
  id: z.string(),
  /** The document's id, so that runs survive renaming the file. */
  projectId: z.string(),
  projectName: z.string(),
  folder: z.string(),
  /** ISO 8601. */
  created: z.string(),
  /** Null where an older record and its document don't tell. */
  seed: z.number().int().nullable(),
  /** What the run was started with instead of its document's; null takes those. */
  epochs: z.number().int().nullable(),
  ...annotationFields,
  /** Shared by the runs that were started together to be compared. */
  series: z.string().nullable(),
  /** Where it branched off another run; null for a run that began anew. */
  parent: parentSchema.nullable(),
  /** What its rows count in the training loss by their class; left out where all count the same. */
  classWeights: classWeightsSchema.optional(),
  state: runStateSchema,
});
export type RunEntry = z.infer<typeof runEntrySchema>;

export const trashedRunSchema = z.object({
  run: runEntrySchema,
  /** ISO 8601. */
  deleted: z.string(),
  bytes: z.number(),
});
export type TrashedRun = z.infer<typeof trashedRunSchema>;

export const importedSchema = z.object({
  project: openProjectSchema,
  runId: z.string(),
  /** The workspace had this run already. */
  runWasThere: z.boolean(),
});
export type Imported = z.infer<typeof importedSchema>;
