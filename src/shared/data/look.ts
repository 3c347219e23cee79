/** A first look at a file that somebody wants to train on, before anything of it is kept. */
import { z } from 'zod';
import { fileDescriptionSchema } from './facts.js';

export const encodings = ['utf-8', 'windows-1252', 'utf-16le', 'utf-16be'] as const;
export type Encoding = (typeof encodings)[number];
export const delimiters = [',', ';', '\t', '|'] as const;
export const quotes = ['"', "'", ''] as const;

/** How the bytes of a file become rows: guessed first, then as the person says. */
export const readingSchema = z.object({
  format: z.enum(['text', 'table', 'jsonl']),
  encoding: z.enum(encodings),
  delimiter: z.enum(delimiters),
  /** Empty where quotes are ordinary characters. */
  quote: z.enum(quotes),
  /** The first row names the columns. */
  header: z.boolean(),
  /** Rows with more or fewer cells than the first: left out, or filled with empty cells and cut. */
  ragged: z.enum(['leave out', 'fit']),
});
export type Reading = z.infer<typeof readingSchema>;

export const fileProblemSchema = z.object({
  code: z.string(),
  /** What is wrong and what the import does about it. */
  message: z.string(),
  /** 1-based lines of the first few. */
  lines: z.array(z.number().int().positive()),
  /** Another way to read the file that mends it. */
  fix: z.object({ label: z.string(), reading: readingSchema }).nullable(),
});
export type FileProblem = z.infer<typeof fileProblemSchema>;

export const fileLookSchema = z.object({
  reading: readingSchema,
  bytes: z.number(),
  /** False after a look at the beginning: rows and columns are those of the beginning. */
  whole: z.boolean(),
  /** Rows of a table, or lines of a text. */
  rows: z.number(),
  columns: z.array(
    fileDescriptionSchema.shape.columns.element.extend({
      /** Cells that are empty, or are no number in a column of numbers. */
      gaps: z.number(),
      /** 1-based lines of the first few. */
      gapLines: z.array(z.number()),
      /** Rows that come before the row above them, where the cells are times or numbers. */
      backInTime: z.object({
        rows: z.number(),
        /** 1-based lines of the first few. */
        lines: z.array(z.number()),
      }),
    }),
  ),
  /** The first rows, each cell cut to what a table can show. */
  head: z.array(z.array(z.string())),
  problems: z.array(fileProblemSchema),
  /** The studio reads the file as it is; otherwise the copy is rewritten as UTF-8 with commas. */
  asIs: z.boolean(),
});
export type FileLook = z.infer<typeof fileLookSchema>;

/** What is done with rows in which a column that is used has a gap. */
export const gapPolicySchema = z.object({
  columns: z.array(z.string()),
  policy: z.enum(['leave out', 'value before']),
});
export type GapPolicy = z.infer<typeof gapPolicySchema>;
