/** What a trained run is asked, and what it answers. */
import { z } from 'zod';

export const predictionInputSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string() }),
  /** [time][feature], in the data's own units; for a forecast at least `window` rows. */
  z.object({ kind: z.literal('series'), rows: z.array(z.array(z.number())) }),
  /** A row of the test part, by index: shows real against predicted. */
  z.object({ kind: z.literal('test-row'), index: z.number().int().min(0) }),
]);
export type PredictionInput = z.infer<typeof predictionInputSchema>;

export const predictionRequestSchema = z.object({
  input: predictionInputSchema,
  /** Next-token only: how many tokens to generate; 0 gives just the distribution. */
  length: z.number().int().min(0).max(10_000).default(0),
  /** Next-token only: 0 is greedy. */
  temperature: z.number().min(0).max(10).default(0),
  seed: z.number().int().min(0).max(0xffffffff).default(0),
});
export type PredictionRequest = z.infer<typeof predictionRequestSchema>;

/** What one attention block looked at in one row of input. */
export const attentionMapSchema = z.object({
  /** Id of the block. */
  node: z.string(),
  /** Whether each step asks for itself; otherwise the block looks once, for the whole row. */
  perStep: z.boolean(),
  /** [query][step]; each query's weights sum to 1. Without queries for a row above `longestAttentionMap`. */
  weights: z.array(z.array(z.number())),
});
export type AttentionMap = z.infer<typeof attentionMapSchema>;
/** Steps of the longest row whose weights for each query are told: their number is the square. */
export const longestAttentionMap = 128;
const attention = z.array(attentionMapSchema);

const ranked = z.array(z.object({ label: z.string(), probability: z.number() }));

export const predictionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('classification'),
    label: z.string(),
    /** All classes, most probable first. */
    ranked,
    /** Tokens as the network saw them, `<unk>` included. */
    tokens: z.array(z.string()),
    /** Of every attention block, in the order of computation. */
    attention,
    actual: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('next-token'),
    /** The most probable next tokens (at most 20). */
    next: ranked,
    generated: z.string(),
    tokens: z.array(z.string()),
    attention,
  }),
  z.object({
    kind: z.literal('tagging'),
    tokens: z.array(z.string()),
    tags: z.array(z.object({ label: z.string(), probability: z.number() })),
    attention,
  }),
  z.object({
    kind: z.literal('forecast'),
    targets: z.array(z.string()),
    /** [horizon][target], in the data's own units. */
    values: z.array(z.array(z.number())),
    /** The target columns of the input window, [time][target]. */
    history: z.array(z.array(z.number())),
    actual: z.array(z.array(z.number())).nullable(),
    attention,
  }),
]);
export type Prediction = z.infer<typeof predictionSchema>;

/** How the answer of a classifier changes with every further token. */
export const prefixesSchema = z.object({
  /** Tokens as the network saw them. */
  tokens: z.array(z.string()),
  labels: z.array(z.string()),
  /** [token][class]: what the network says of the text up to and with that token. */
  probabilities: z.array(z.array(z.number())),
});
export type Prefixes = z.infer<typeof prefixesSchema>;
