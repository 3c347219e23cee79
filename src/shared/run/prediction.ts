/** What a trained run is asked, and what it answers. */
import { z } from 'zod';

export const predictionRequestSchema = z.object({
  input: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('text'), text: z.string() }),
    /** [time][feature], in the data's own units; for a forecast at least `window` rows. */
    z.object({ kind: z.literal('series'), rows: z.array(z.array(z.number())) }),
    /** A row of the test part, by index: shows real against predicted. */
    z.object({ kind: z.literal('test-row'), index: z.number().int().min(0) }),
  ]),
  /** Next-token only: how many tokens to generate; 0 gives just the distribution. */
  length: z.number().int().min(0).max(10_000).default(0),
  /** Next-token only: 0 is greedy. */
  temperature: z.number().min(0).max(10).default(0),
  seed: z.number().int().min(0).max(0xffffffff).default(0),
});
export type PredictionRequest = z.infer<typeof predictionRequestSchema>;

const ranked = z.array(z.object({ label: z.string(), probability: z.number() }));

export const predictionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('classification'),
    label: z.string(),
    /** All classes, most probable first. */
    ranked,
    /** Tokens as the network saw them, `<unk>` included. */
    tokens: z.array(z.string()),
    /** Attention weight of each token where the graph has attention pooling. */
    attention: z.array(z.number()).nullable(),
    actual: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('next-token'),
    /** The most probable next tokens (at most 20). */
    next: ranked,
    generated: z.string(),
    tokens: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('tagging'),
    tokens: z.array(z.string()),
    tags: z.array(z.object({ label: z.string(), probability: z.number() })),
  }),
  z.object({
    kind: z.literal('forecast'),
    targets: z.array(z.string()),
    /** [horizon][target], in the data's own units. */
    values: z.array(z.array(z.number())),
    /** The target columns of the input window, [time][target]. */
    history: z.array(z.array(z.number())),
    actual: z.array(z.array(z.number())).nullable(),
  }),
]);
export type Prediction = z.infer<typeof predictionSchema>;
