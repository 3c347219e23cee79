/** The training recipe. Part of the project document; forms and docs derive from the schema. */
import { z } from 'zod';

const learningRate = z.number().positive().max(100).meta({ title: 'Learning rate' });
const beta = (value: number) => z.number().min(0).lt(1).default(value);

export const optimizerSchema = z.discriminatedUnion('kind', [
  /** Kingma & Ba 2015. Epsilon is added outside the square root, as in PyTorch. */
  z.object({
    kind: z.literal('adam'),
    learningRate: learningRate.default(1e-3),
    beta1: beta(0.9),
    beta2: beta(0.999),
    epsilon: z.number().positive().default(1e-8),
  }),
  /** Loshchilov & Hutter 2019: decay is decoupled from the gradient. */
  z.object({
    kind: z.literal('adamw'),
    learningRate: learningRate.default(1e-3),
    beta1: beta(0.9),
    beta2: beta(0.999),
    epsilon: z.number().positive().default(1e-8),
    weightDecay: z.number().min(0).default(0.01),
  }),
  z.object({
    kind: z.literal('sgd'),
    learningRate: learningRate.default(0.1),
    momentum: z.number().min(0).lt(1).default(0.9),
    nesterov: z.boolean().default(false),
  }),
  z.object({
    kind: z.literal('rmsprop'),
    learningRate: learningRate.default(1e-3),
    decay: beta(0.99),
    epsilon: z.number().positive().default(1e-8),
    momentum: z.number().min(0).lt(1).default(0),
  }),
]);
export type OptimizerRecipe = z.infer<typeof optimizerSchema>;

export const scheduleSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('constant') }),
  /** Linear warm-up over `warmUpSteps`, then half a cosine to `finalFactor` at the last step. */
  z.object({
    kind: z.literal('cosine'),
    warmUpSteps: z.number().int().min(0).default(0),
    finalFactor: z.number().min(0).max(1).default(0),
  }),
  z.object({
    kind: z.literal('step'),
    everyEpochs: z.number().int().min(1).default(10),
    factor: z.number().gt(0).max(1).default(0.5),
  }),
  /** Multiplies by `factor` when the validation loss has not improved for `patience` epochs. */
  z.object({
    kind: z.literal('plateau'),
    patience: z.number().int().min(0).default(3),
    factor: z.number().gt(0).lt(1).default(0.5),
    minimumLearningRate: z.number().min(0).default(0),
  }),
]);
export type ScheduleRecipe = z.infer<typeof scheduleSchema>;

export const trainingRecipeSchema = z.object({
  epochs: z.number().int().min(1).max(1_000_000).default(10).meta({ title: 'Epochs' }),
  batchSize: z.number().int().min(1).max(65_536).default(32).meta({ title: 'Batch size' }),
  optimizer: optimizerSchema,
  schedule: scheduleSchema.default({ kind: 'constant' }),
  clip: z
    .object({
      /** Global norm over all parameters (Pascanu et al. 2013), after masking; null is off. */
      norm: z.number().positive().nullable().default(1),
      /** Each gradient element to [-value, value], before the norm; null is off. */
      value: z.number().positive().nullable().default(null),
    })
    .default({ norm: 1, value: null }),
  earlyStopping: z
    .object({
      monitor: z.enum(['loss', 'metric']).default('loss'),
      patience: z.number().int().min(0).default(5),
      minimumChange: z.number().min(0).default(0),
      /** Put the best epoch's weights back at the end. */
      restoreBest: z.boolean().default(true),
    })
    .nullable()
    .default({ monitor: 'loss', patience: 5, minimumChange: 0, restoreBest: true }),
  /** Group rows of similar length in a batch, so that little is padded. */
  bucketing: z.boolean().default(true).meta({ title: 'Length bucketing' }),
  shuffle: z.boolean().default(true).meta({ title: 'Shuffle' }),
  seed: z.number().int().min(0).max(0xffffffff).default(42).meta({ title: 'Seed' }),
});
export type TrainingRecipe = z.infer<typeof trainingRecipeSchema>;
