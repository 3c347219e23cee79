/** The data recipe: what a project trains on and how it becomes batches. Part of the project document. */
import { z } from 'zod';

export const tasks = ['next-token', 'classification', 'tagging', 'forecast'] as const;
export const taskSchema = z.enum(tasks);
export type Task = z.infer<typeof taskSchema>;

export const dataSourceSchema = z.discriminatedUnion('kind', [
  /** Ships with the studio, see src/main/engine/data/builtin.ts. */
  z.object({ kind: z.literal('builtin'), id: z.string().min(1) }),
  /** A user's file: absolute, or relative to the project file's folder. */
  z.object({ kind: z.literal('file'), path: z.string().min(1) }),
]);
export type DataSource = z.infer<typeof dataSourceSchema>;

export const tokenizerSchema = z.object({
  unit: z.enum(['character', 'word']).default('word').meta({
    title: 'Unit',
    description: 'What one token is: a character (Unicode code point) or a word.',
  }),
  lowercase: z.boolean().default(true).meta({ title: 'Lower-case' }),
  /** Size limit including `<pad>` (id 0) and `<unk>` (id 1); null keeps every token. */
  vocabularyLimit: z.number().int().min(3).max(200_000).nullable().default(10_000).meta({
    title: 'Vocabulary limit',
    description: 'Keep the most frequent tokens; the others become <unk>.',
    nullLabel: 'all',
  }),
  minimumCount: z.number().int().min(1).default(1).meta({
    title: 'Minimum count',
    description: 'Tokens seen less often in the training rows become <unk>.',
  }),
});
export type TokenizerRecipe = z.infer<typeof tokenizerSchema>;

const fraction = z.number().min(0).max(0.9);
export const splitSchema = z
  .object({
    validation: fraction.default(0.1).meta({ title: 'Validation share' }),
    test: fraction.default(0.2).meta({ title: 'Test share' }),
    /** `in order` keeps time: training first, then validation, then test. */
    method: z
      .enum(['random', 'stratified', 'in order'])
      .default('random')
      .meta({ title: 'Method' }),
    seed: z.number().int().min(0).max(0xffffffff).default(7).meta({ title: 'Split seed' }),
  })
  .refine((s) => s.validation + s.test < 1, {
    message: 'validation and test shares must leave rows to train on (their sum must be below 1)',
  });
export type SplitRecipe = z.infer<typeof splitSchema>;

const tableFormat = z.enum(['auto', 'csv', 'tsv', 'jsonl']).default('auto');

export const nextTokenRecipeSchema = z.object({
  task: z.literal('next-token'),
  source: dataSourceSchema,
  tokenizer: tokenizerSchema,
  /** T: tokens the network sees; the targets are the same tokens one step later. */
  window: z.number().int().min(1).max(100_000),
  /** Tokens between the starts of two windows. */
  stride: z.number().int().min(1),
  /** Use only the first tokens of the text; null uses all. */
  limit: z.number().int().min(2).nullable().default(null),
  split: splitSchema,
});

/** Rows of a table, with a text and what it is to be called. */
const labelledText = {
  source: dataSourceSchema,
  format: tableFormat,
  textColumn: z.string().min(1),
  labelColumn: z.string().min(1),
  tokenizer: tokenizerSchema,
  /** Longer rows are cut. */
  maximumTimeSteps: z.number().int().min(1).max(100_000),
  /**
   * Rows that repeat a text, upper case and white space aside: anywhere in the split, all of them in one
   * part, or only the first of them used.
   */
  duplicates: z.enum(['keep', 'together', 'drop']).default('keep'),
};

export const classificationRecipeSchema = z.object({
  task: z.literal('classification'),
  ...labelledText,
  truncate: z.enum(['end', 'start']).default('end'),
  split: splitSchema,
});

/** One label a token: both columns hold the same number of white-space separated items. */
export const taggingRecipeSchema = z.object({
  task: z.literal('tagging'),
  ...labelledText,
  split: splitSchema,
});

export const forecastRecipeSchema = z.object({
  task: z.literal('forecast'),
  source: dataSourceSchema,
  format: tableFormat,
  /** Shown on axes and checked to be increasing; not an input. */
  timeColumn: z.string().nullable().default(null),
  /** Puts the rows in the order of the time column first; otherwise they must be in it. */
  sortByTime: z.boolean().default(false),
  inputColumns: z.array(z.string().min(1)).min(1),
  targetColumns: z.array(z.string().min(1)).min(1),
  /** T: rows the network sees. */
  window: z.number().int().min(1).max(100_000),
  stride: z.number().int().min(1).default(1),
  /** Rows ahead that are predicted; the output has horizon × targets values. */
  horizon: z.number().int().min(1).max(10_000).default(1),
  /** Fitted on training rows only. */
  scaler: z.enum(['standard', 'minmax', 'none']).default('standard'),
  split: splitSchema,
});

export const dataRecipeSchema = z.discriminatedUnion('task', [
  nextTokenRecipeSchema,
  classificationRecipeSchema,
  taggingRecipeSchema,
  forecastRecipeSchema,
]);
export type DataRecipe = z.infer<typeof dataRecipeSchema>;
export type NextTokenRecipe = z.infer<typeof nextTokenRecipeSchema>;
export type ClassificationRecipe = z.infer<typeof classificationRecipeSchema>;
export type TaggingRecipe = z.infer<typeof taggingRecipeSchema>;
export type ForecastRecipe = z.infer<typeof forecastRecipeSchema>;
