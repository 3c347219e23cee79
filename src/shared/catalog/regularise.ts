/** Blocks that keep the shape of a vector or sequence: Dropout and Layer norm. */
import { z } from 'zod';
import { defineBlock, type Ports, type ShapeContext } from './define.js';
import { one } from './lowering.js';
import { at, costSteps, featuresOf, field, input, output, shaped } from './support.js';

const ports = (): Ports => ({
  inputs: [input('in', 'Values', ['sequence', 'vector'])],
  outputs: [output('out', 'Values', ['sequence', 'vector'])],
});

const passThrough = (context: ShapeContext<unknown>) => {
  const source = at(context, 'in');
  const fits = source?.kind === 'sequence' || source?.kind === 'vector';
  return shaped({ out: fits ? source : null });
};

const elements = (context: ShapeContext<unknown>): number =>
  costSteps(context, at(context, 'in')) * (featuresOf(at(context, 'in')) ?? 0);

export const dropout = defineBlock({
  id: 'dropout',
  title: 'Dropout',
  category: 'regularise',
  docs: {
    summary: 'Sets a random share of the values to zero while training.',
    body:
      'What is left is scaled by 1/(1 − rate), so that nothing changes at prediction time. The network can ' +
      'not lean on single features, which helps against overfitting.',
    equations: [{ formula: 'y = x ⊙ m / (1 − p),  m ~ Bernoulli(1 − p)', note: 'training only' }],
    sources: ['Srivastava et al. 2014'],
  },
  params: z.strictObject({ rate: field.rate('Rate', 'Share of values set to zero.', 0.3) }),
  ports,
  shape: passThrough,
  parameters: () => [],
  cost: (context) => ({
    flops: elements(context),
    activationBytes: 4 * elements(context),
    formula: 'T·F',
  }),
  lower(context) {
    const { build, node, params } = context;
    const source = build.read(one(context, 'in'));
    const out = build.value(source.shape, 'float32', source.lengths);
    build.emit({ op: 'dropout', node, rate: params.rate, input: source.id, output: out });
    return { out: [out] };
  },
  facts: ({ params }) => [{ label: 'rate', value: String(params.rate) }],
});

export const layerNorm = defineBlock({
  id: 'layer-norm',
  title: 'Layer norm',
  category: 'regularise',
  docs: {
    summary:
      'Brings the features of every step to mean 0 and variance 1, then scales and shifts them.',
    body:
      'Unlike batch norm it looks at one example and one step at a time, so it fits sequences of any length ' +
      'and batches of any size, and works the same in training and prediction.',
    equations: [{ formula: 'y = γ ⊙ (x − μ) / √(σ² + ε) + β', note: 'over the features' }],
    sources: ['Ba, Kiros & Hinton 2016'],
  },
  params: z.strictObject({
    epsilon: z.number().positive().max(1).default(1e-5).meta({
      title: 'Epsilon',
      description: 'Added to the variance against division by zero.',
    }),
  }),
  ports,
  shape: passThrough,
  parameters(context) {
    const features = featuresOf(at(context, 'in'));
    if (features === null) return [];
    return [
      { name: 'gamma', shape: [features], initializer: { kind: 'ones' }, l2: 0 },
      { name: 'beta', shape: [features], initializer: { kind: 'zeros' }, l2: 0 },
    ];
  },
  cost: (context) => ({
    flops: 8 * elements(context),
    activationBytes: 4 * elements(context),
    formula: '8·T·F',
  }),
  lower(context) {
    const { build, node, params } = context;
    const source = build.read(one(context, 'in'));
    const out = build.value(source.shape, 'float32', source.lengths);
    build.emit({
      op: 'layer-norm',
      node,
      input: source.id,
      gamma: build.parameter('gamma'),
      beta: build.parameter('beta'),
      epsilon: params.epsilon,
      output: out,
    });
    return { out: [out] };
  },
  facts: () => [],
});
