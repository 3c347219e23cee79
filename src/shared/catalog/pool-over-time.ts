import { z } from 'zod';
import { defineBlock } from './define.js';
import { one } from './lowering.js';
import { costOf, costSteps, known, sequenceAt } from './support.js';
import { ports, toVector } from './to-vector-support.js';

export const poolOverTime = defineBlock({
  id: 'pool-over-time',
  title: 'Pool over time',
  category: 'combine',
  docs: {
    summary: 'Maximum, mean or sum over the real steps of every row.',
    body:
      'Max keeps the strongest sign of each feature wherever it stood, mean averages the evidence. Padding ' +
      'does not count. Gradients reach every step directly, where the last state would have to carry them.',
    equations: [
      { formula: 'y = max_t x_t', note: 'max' },
      { formula: 'y = (1/n) Σ_t x_t', note: 'mean' },
    ],
    sources: ['Collobert et al. 2011'],
  },
  params: z.strictObject({
    mode: z.enum(['max', 'mean', 'sum']).default('max').meta({
      title: 'Mode',
      description: 'What is kept of each feature over time.',
    }),
  }),
  ports,
  shape: toVector,
  parameters: () => [],
  cost(context) {
    const source = sequenceAt(context, 'in');
    const features = source?.features ?? 0;
    return costOf(costSteps(context, source) * features, features, 'T·F');
  },
  lower(context) {
    const { build, node, params } = context;
    const source = build.read(one(context, 'in'));
    const out = build.value(['B', source.shape.at(-1) ?? 0]);
    build.emit({ op: 'pool-over-time', node, mode: params.mode, input: source.id, output: out });
    return { out: [out] };
  },
  facts: (context) => [
    { label: 'mode', value: context.params.mode },
    { label: 'features', value: known(sequenceAt(context, 'in')?.features ?? null) },
  ],
});
