import { z } from 'zod';
import { defineBlock } from './define.js';
import { one } from './lowering.js';
import { costOf, known, sequenceAt } from './support.js';
import { ports, toVector } from './to-vector-support.js';

export const lastStep = defineBlock({
  id: 'last-step',
  title: 'Last step',
  category: 'combine',
  docs: {
    summary: 'The last real step of every row, padding left out.',
    body:
      'Turns "all steps" into one vector. For a row of length n it takes step n, not the last column of the ' +
      'padded batch, which would be padding.',
    equations: [{ formula: 'y = x_n', note: 'n is the row’s length' }],
    sources: [],
  },
  params: z.strictObject({}),
  ports,
  shape: toVector,
  parameters: () => [],
  cost: (context) => costOf(0, sequenceAt(context, 'in')?.features ?? 0, '0 (a copy)'),
  lower(context) {
    const { build, node } = context;
    const source = build.read(one(context, 'in'));
    const out = build.value(['B', source.shape.at(-1) ?? 0]);
    build.emit({ op: 'last-step', node, input: source.id, output: out });
    return { out: [out] };
  },
  facts: (context) => [
    { label: 'keeps', value: 'last real step' },
    { label: 'features', value: known(sequenceAt(context, 'in')?.features ?? null) },
  ],
});
