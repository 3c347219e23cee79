/** What a trained network says of the part that it never saw, beyond its scores. */
import { z } from 'zod';

export const classResultsSchema = z.object({
  kind: z.literal('classes'),
  /** What was counted: rows of a classifier, tokens of a tagger. */
  unit: z.enum(['row', 'token']),
  labels: z.array(z.string()),
  /** [actual][predicted]. */
  counts: z.array(z.array(z.number().int())),
  /** Of each test row, in order: what was counted there, and how much of it is right. */
  perRow: z.array(z.object({ right: z.number().int(), total: z.number().int() })),
  /** The mistakes that the network was most sure of; `row` counts the test part from 0. */
  mistakes: z.array(
    z.object({
      row: z.number().int(),
      text: z.string(),
      actual: z.string(),
      predicted: z.string(),
      probability: z.number(),
    }),
  ),
});
export type ClassResults = z.infer<typeof classResultsSchema>;

export const forecastResultsSchema = z.object({
  kind: z.literal('forecast'),
  /** In order of time, in the target's own units. */
  targets: z.array(
    z.object({
      name: z.string(),
      /** One step ahead, one value for each test window. */
      actual: z.array(z.number()),
      predicted: z.array(z.number()),
      /** Mean errors by step ahead. */
      byStep: z.array(
        z.object({
          meanAbsolute: z.number(),
          rootMeanSquared: z.number(),
          persistence: z.number(),
        }),
      ),
    }),
  ),
  horizon: z.number().int(),
});
export type ForecastResults = z.infer<typeof forecastResultsSchema>;

export const textResultsSchema = z.object({
  kind: z.literal('text'),
  /** Whether the prompts are of a part that was not trained on. */
  heldOut: z.boolean(),
  samples: z.array(z.object({ temperature: z.number(), prompt: z.string(), text: z.string() })),
});
export type TextResults = z.infer<typeof textResultsSchema>;

export const resultsSchema = z.discriminatedUnion('kind', [
  classResultsSchema,
  forecastResultsSchema,
  textResultsSchema,
]);
export type Results = z.infer<typeof resultsSchema>;

export interface ClassScore {
  /** Null where nothing was predicted, or nothing was there. */
  precision: number | null;
  recall: number | null;
  f1: number | null;
  support: number;
}

/** @param counts [actual][predicted]. */
export function classScores(counts: readonly (readonly number[])[]): ClassScore[] {
  return counts.map((row, label) => {
    const correct = row[label] ?? 0;
    const support = row.reduce((sum, count) => sum + count, 0);
    const predicted = counts.reduce((sum, other) => sum + (other[label] ?? 0), 0);
    const share = (whole: number): number | null => (whole === 0 ? null : correct / whole);
    return {
      precision: share(predicted),
      recall: share(support),
      f1: support + predicted === 0 ? null : (2 * correct) / (support + predicted),
      support,
    };
  });
}
