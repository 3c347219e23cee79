/** The training recipe. Part of the project document; forms and docs derive from the schema. */
import { z } from 'zod';
import { explain, type TermId } from '../glossary.js';

/** A form's tooltip. */
const of = (term: TermId): { description: string } => ({ description: explain(term) });

const learningRate = z
  .number()
  .positive()
  .max(100)
  .meta({ title: 'Learning rate', ...of('learningRate') });
const beta = (value: number) => z.number().min(0).lt(1).default(value);
const epsilon = z.number().positive().default(1e-8).meta(of('optimizerEpsilon'));

export const optimizerSchema = z.discriminatedUnion('kind', [
  /** Kingma & Ba 2015. Epsilon is added outside the square root, as in PyTorch. */
  z.object({
    kind: z.literal('adam'),
    learningRate: learningRate.default(1e-3),
    beta1: beta(0.9).meta(of('beta1')),
    beta2: beta(0.999).meta(of('beta2')),
    epsilon,
  }),
  /** Loshchilov & Hutter 2019: decay is decoupled from the gradient. */
  z.object({
    kind: z.literal('adamw'),
    learningRate: learningRate.default(1e-3),
    beta1: beta(0.9).meta(of('beta1')),
    beta2: beta(0.999).meta(of('beta2')),
    epsilon,
    weightDecay: z.number().min(0).default(0.01).meta(of('weightDecay')),
  }),
  z.object({
    kind: z.literal('sgd'),
    learningRate: learningRate.default(0.1),
    momentum: beta(0.9).meta(of('momentum')),
    nesterov: z.boolean().default(false).meta(of('nesterov')),
  }),
  z.object({
    kind: z.literal('rmsprop'),
    learningRate: learningRate.default(1e-3),
    decay: beta(0.99).meta(of('squareDecay')),
    epsilon,
    momentum: beta(0).meta(of('momentum')),
  }),
]);
export type OptimizerRecipe = z.infer<typeof optimizerSchema>;

export const scheduleSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('constant') }),
  /** Linear warm-up over `warmUpSteps`, then half a cosine to `finalFactor` at the last step. */
  z.object({
    kind: z.literal('cosine'),
    warmUpSteps: z.number().int().min(0).default(0).meta(of('warmUp')),
    finalFactor: z.number().min(0).max(1).default(0).meta(of('cosineFinal')),
  }),
  z.object({
    kind: z.literal('step'),
    everyEpochs: z.number().int().min(1).default(10).meta(of('decaySteps')),
    factor: z.number().gt(0).max(1).default(0.5).meta(of('decayFactor')),
  }),
  /** Multiplies by `factor` when the validation loss has not improved for `patience` epochs. */
  z.object({
    kind: z.literal('plateau'),
    patience: z.number().int().min(0).default(3).meta(of('plateauPatience')),
    factor: z.number().gt(0).lt(1).default(0.5).meta(of('decayFactor')),
    minimumLearningRate: z.number().min(0).default(0).meta(of('minimumLearningRate')),
  }),
]);
export type ScheduleRecipe = z.infer<typeof scheduleSchema>;

export const trainingRecipeSchema = z.object({
  epochs: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(10)
    .meta({ title: 'Epochs', ...of('epoch') }),
  batchSize: z
    .number()
    .int()
    .min(1)
    .max(65_536)
    .default(32)
    .meta({ title: 'Batch size', ...of('batch') }),
  optimizer: optimizerSchema.meta(of('optimizer')),
  schedule: scheduleSchema.default({ kind: 'constant' }).meta(of('schedule')),
  clip: z
    .object({
      /** Global norm over all parameters (Pascanu et al. 2013), after masking; null is off. */
      norm: z.number().positive().nullable().default(1).meta(of('clipNorm')),
      /** Each gradient element to [-value, value], before the norm; null is off. */
      value: z.number().positive().nullable().default(null).meta(of('clipValue')),
    })
    .default({ norm: 1, value: null }),
  /** What a row of each class counts in the training loss; tasks without classes take no notice. */
  classWeights: z
    .enum(['off', 'balanced'])
    .default('off')
    .meta({ title: 'Class weights', ...of('classWeights') }),
  earlyStopping: z
    .object({
      monitor: z.enum(['loss', 'metric']).default('loss').meta(of('monitor')),
      patience: z.number().int().min(0).default(5).meta(of('patience')),
      minimumChange: z.number().min(0).default(0).meta(of('minimumChange')),
      /** Put the best epoch's weights back at the end. */
      restoreBest: z.boolean().default(true).meta(of('restoreBest')),
    })
    .nullable()
    .default({ monitor: 'loss', patience: 5, minimumChange: 0, restoreBest: true })
    .meta(of('earlyStopping')),
  /** Group rows of similar length in a batch, so that little is padded. */
  bucketing: z
    .boolean()
    .default(true)
    .meta({ title: 'Length bucketing', ...of('bucketing') }),
  shuffle: z
    .boolean()
    .default(true)
    .meta({ title: 'Shuffle', ...of('shuffle') }),
  seed: z
    .number()
    .int()
    .min(0)
    .max(0xffffffff)
    .default(42)
    .meta({ title: 'Seed', ...of('seed') }),
});
export type TrainingRecipe = z.infer<typeof trainingRecipeSchema>;
