/** What a trained run is asked, and what it answers. */
import { z } from 'zod';

/** Steps that a forecast is rolled out at most. */
export const longestHorizon = 500;

export const predictionInputSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string() }),
  /** [time][feature], in the data's own units; for a forecast at least `window` rows. */
  z.object({ kind: z.literal('series'), rows: z.array(z.array(z.number())) }),
  /** A row of the test part, by index: shows real against predicted. */
  z.object({ kind: z.literal('test-row'), index: z.number().int().min(0) }),
]);
export type PredictionInput = z.infer<typeof predictionInputSchema>;

/** How a next-token network draws the tokens of a text. */
export const samplingSchema = z.object({
  /** 0 is greedy. */
  temperature: z.number().min(0).max(10).default(0),
  /** Draws only from the k most probable tokens; null from all. */
  topK: z.number().int().min(1).nullable().default(null),
  /** Draws only from the most probable tokens that together reach this probability. */
  topP: z.number().gt(0).max(1).default(1),
  seed: z.number().int().min(0).max(0xffffffff).default(0),
});
export type Sampling = z.infer<typeof samplingSchema>;
/** Always the most probable token. */
export const greedy: Sampling = { temperature: 0, topK: null, topP: 1, seed: 0 };

export const predictionRequestSchema = z.object({
  input: predictionInputSchema,
  /** Next-token only: how many tokens to generate; 0 gives just the distribution. */
  length: z.number().int().min(0).max(10_000).default(0),
  /**
   * Forecast only: steps ahead; null takes the network's own horizon. Beyond it, what was predicted is fed
   * back as input.
   */
  horizon: z.number().int().min(1).max(longestHorizon).nullable().default(null),
  /** Next-token only. */
  ...samplingSchema.shape,
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

/** A test row as the data has it; null for new input. */
const rowText = z.string().nullable();
const ranked = z.array(z.object({ label: z.string(), probability: z.number() }));
/** The most probable next tokens (at most 20), with the chance of each to be drawn. */
const nextTokens = z.array(
  z.object({ label: z.string(), probability: z.number(), chance: z.number() }),
);
export type NextTokens = z.infer<typeof nextTokens>;

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
    text: rowText,
  }),
  z.object({
    kind: z.literal('next-token'),
    next: nextTokens,
    generated: z.string(),
    tokens: z.array(z.string()),
    /**
     * How well the network foresaw each token but the first: the probability that it gave it, and what it
     * held most probable. Null where it predicts only behind the last one.
     */
    foreseen: z
      .array(
        z.object({
          probability: z.number(),
          expected: z.object({ label: z.string(), probability: z.number() }),
        }),
      )
      .nullable(),
    attention,
  }),
  z.object({
    kind: z.literal('tagging'),
    tokens: z.array(z.string()),
    tags: z.array(z.object({ label: z.string(), probability: z.number() })),
    text: rowText,
    attention,
  }),
  z.object({
    kind: z.literal('forecast'),
    targets: z.array(z.string()),
    /** [step][target], in the data's own units. */
    values: z.array(z.array(z.number())),
    /** The target columns of the input window, [time][target]. */
    history: z.array(z.array(z.number())),
    /** As far as the data reaches; null where the future is not known. */
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

/** A text that a next-token network is asked to write on. */
export const generationRequestSchema = z.object({
  text: z.string(),
  /** Number of tokens. */
  length: z.number().int().min(1).max(10_000),
  ...samplingSchema.shape,
});
export type GenerationRequest = z.infer<typeof generationRequestSchema>;

const written = {
  /** All that was written so far, to be put right behind the prompt. */
  text: z.string(),
  tokens: z.number().int(),
  /** Since the first token was asked for. */
  milliseconds: z.number(),
};
export const generationStepSchema = z.object({
  ...written,
  /** What the newest token was drawn from. */
  next: nextTokens,
});
export type GenerationStep = z.infer<typeof generationStepSchema>;
/** `stopped`: it was called off before its length. */
export const generatedSchema = z.object({ ...written, stopped: z.boolean() });
export type Generated = z.infer<typeof generatedSchema>;

/** How the error of a forecast grows with every step ahead, measured on the test part. */
export const rollOutSchema = z.object({
  /** Test windows that were measured. */
  windows: z.number().int(),
  /** Input columns that are not predicted and stay at their last value. */
  held: z.array(z.string()),
  targets: z.array(
    z.object({
      name: z.string(),
      /** Mean absolute errors, in the data's own units: of the network, and of repeating the last value. */
      byStep: z.array(z.object({ meanAbsolute: z.number(), persistence: z.number() })),
    }),
  ),
});
export type RollOut = z.infer<typeof rollOutSchema>;
