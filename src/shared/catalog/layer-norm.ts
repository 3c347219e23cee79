import { z } from 'zod';
import { defineBlock } from './define.js';
import { one } from './lowering.js';
import { elements, passThrough, ports } from './same-shape-support.js';
import { at, featuresOf } from './support.js';

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
