import { z } from 'zod';
import { defineBlock } from './define.js';
import { one } from './lowering.js';
import { elements, passThrough, ports } from './same-shape-support.js';
import { at, costOf, featuresOf, known } from './support.js';

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
  // Mean 1, centring 1, variance 2, scaling 2 (with its share of the root), γ and β 2; kept: x̂ and the output.
  cost: (context) => costOf(8 * elements(context), 2 * elements(context), '8·T·F'),
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
  facts: (context) => [
    { label: 'over', value: `${known(featuresOf(at(context, 'in')))} features` },
    { label: 'epsilon', value: String(context.params.epsilon) },
  ],
});
