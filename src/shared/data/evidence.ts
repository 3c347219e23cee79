/** What the engine measured on the real rows, from which `dataFindings` draws its conclusions. */
import { z } from 'zod';

/** How many rows are that long before they are cut. */
export const lengthCountSchema = z.object({
  length: z.number(),
  rows: z.number(),
  /** How many of them belong to the training part. */
  training: z.number(),
});
export type LengthCount = z.infer<typeof lengthCountSchema>;

export const dataEvidenceSchema = z.object({
  /** Rows with the same text, upper case and white space aside; null where the rows are no texts. */
  repeats: z
    .object({
      /** Rows whose text stands in an earlier row. */
      rows: z.number(),
      /** Validation and test rows whose text also stands in a training row. */
      crossing: z.number(),
      /** Texts that have more than one label. */
      contradicting: z.number(),
    })
    .nullable(),
  /** Rows without any token. */
  emptyTexts: z.number(),
  /** Share of validation and test tokens that stand in no training row at all, 0 to 1. */
  neverSeenRate: z.number(),
  /** Validation and test windows that share rows or tokens with a training window, of a random split. */
  overlap: z.object({ windows: z.number(), heldOut: z.number() }).nullable(),
  /** Inputs that hold what a target will be `shift` rows later; 0 is the same row. */
  copies: z.array(z.object({ input: z.string(), target: z.string(), shift: z.number() })),
  /** Columns of dates beside a text and its label, and whether the rows are in their order. */
  dates: z.array(z.object({ column: z.string(), inOrder: z.boolean() })),
  /** Columns with a single value in all training rows. */
  constantColumns: z.array(z.string()),
});
export type DataEvidence = z.infer<typeof dataEvidenceSchema>;

/** Nothing found; a task fills in what it can measure. */
export const noEvidence: DataEvidence = {
  repeats: null,
  emptyTexts: 0,
  neverSeenRate: 0,
  overlap: null,
  copies: [],
  dates: [],
  constantColumns: [],
};
