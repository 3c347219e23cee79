/** What preparing the data taught: everything that shapes depend on. Computed by the engine. */
import { z } from 'zod';
import { dataEvidenceSchema, lengthCountSchema } from './evidence.js';
import { dataRecipeSchema, taskSchema } from './recipe.js';

export const dataFactsSchema = z.object({
  task: taskSchema,
  input: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('tokens'),
      /** Including `<pad>` = 0 and `<unk>` = 1. */
      vocabularySize: z.number().int().positive(),
      /** Longest row after truncation; the window for next-token. */
      timeSteps: z.number().int().positive(),
      /** False when every row has the same length (next-token windows). */
      padded: z.boolean(),
    }),
    z.object({
      kind: z.literal('sequence'),
      features: z.number().int().positive(),
      timeSteps: z.number().int().positive(),
      names: z.array(z.string()),
    }),
  ]),
  /** Classes, tags or vocabulary; for a forecast horizon × targets and no labels. */
  output: z.object({
    size: z.number().int().positive(),
    labels: z.array(z.string()).nullable(),
    /** Of classes and tags: how many training rows or steps have each. Older runs lack it. */
    counts: z.array(z.number().int()).optional(),
  }),
  /** Rows (or windows) in each part of the split. */
  examples: z.object({ train: z.number(), validation: z.number(), test: z.number() }),
  /** Mean real length of a training row, for costs. */
  meanTimeSteps: z.number(),
});
export type DataFacts = z.infer<typeof dataFactsSchema>;

/** What the Data view shows before anything trains. */
export const dataPreviewSchema = z.object({
  facts: dataFactsSchema,
  source: z.object({
    title: z.string(),
    /** Rows of a table or tokens of a text. */
    size: z.number(),
    unit: z.enum(['rows', 'tokens']),
    licence: z.string().nullable(),
    origin: z.string().nullable(),
  }),
  /** First and last time of each part's targets, of a series that is split in order; null elsewhere. */
  periods: z
    .object({
      train: z.tuple([z.string(), z.string()]).nullable(),
      validation: z.tuple([z.string(), z.string()]).nullable(),
      test: z.tuple([z.string(), z.string()]).nullable(),
    })
    .nullable(),
  /** Column names and the first rows, as text. */
  table: z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.string())) }),
  /** How the tokenizer cuts the rows of `table`; null where there are no tokens. */
  tokenized: z
    .object({
      column: z.string(),
      rows: z.array(
        z.object({
          /** The first ones. */
          tokens: z.array(z.string()),
          /** Indices of those that become `<unk>`. */
          unknown: z.array(z.number()),
          /** How many the row has before it is cut, and which of them are kept: [from, to). */
          total: z.number(),
          from: z.number(),
          to: z.number(),
        }),
      ),
    })
    .nullable(),
  /** Most frequent first; null where there is no vocabulary. */
  vocabulary: z
    .object({
      size: z.number(),
      /** Share of validation and test tokens that became `<unk>`, 0 to 1. */
      unknownRate: z.number(),
      mostFrequent: z.array(z.object({ token: z.string(), count: z.number() })),
    })
    .nullable(),
  classes: z.array(
    z.object({ label: z.string(), train: z.number(), validation: z.number(), test: z.number() }),
  ),
  lengths: z.object({
    /** Bin edges and counts of row lengths before truncation, all rows. */
    bins: z.array(z.object({ from: z.number(), to: z.number(), count: z.number() })),
    mean: z.number(),
    maximum: z.number(),
    /** Share of rows that are cut at the chosen maximum. */
    truncated: z.number(),
    /** Ascending, all rows; where there are too many different lengths they are rounded up. */
    distribution: z.array(lengthCountSchema),
  }),
  /** The first training batch as the network sees it. */
  batch: z.object({
    /** [batch, time] or [batch, time, features]. */
    shape: z.array(z.number()),
    lengths: z.array(z.number()),
    /** A few rows: tokens as text with ids, or numbers after scaling. */
    rows: z.array(z.object({ input: z.array(z.string()), target: z.string() })),
  }),
  /** For `dataFindings`. */
  evidence: dataEvidenceSchema,
});
export type DataPreview = z.infer<typeof dataPreviewSchema>;

/** A first look at a file, to suggest a recipe. */
export const fileDescriptionSchema = z.object({
  path: z.string(),
  bytes: z.number(),
  format: z.enum(['text', 'csv', 'tsv', 'jsonl']),
  rows: z.number(),
  columns: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['number', 'category', 'text', 'time']),
      samples: z.array(z.string()),
      distinct: z.number(),
    }),
  ),
});
export type FileDescription = z.infer<typeof fileDescriptionSchema>;

export const builtinDatasetSchema = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  task: taskSchema,
  format: z.enum(['text', 'csv', 'tsv', 'jsonl']),
  licence: z.string(),
  origin: z.string(),
  bytes: z.number(),
  /** How to start on it: its columns, a split that fits it, sensible lengths. */
  recipe: dataRecipeSchema,
});
export type BuiltinDataset = z.infer<typeof builtinDatasetSchema>;
