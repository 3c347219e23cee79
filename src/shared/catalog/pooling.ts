/** Sequence to vector without weights: Last step and Pool over time. */
import { z } from 'zod';
import { defineBlock, type Ports, type ShapeContext } from './define.js';
import { one } from './lowering.js';
import { costSteps, input, output, sequenceAt, shaped } from './support.js';

const ports = (): Ports => ({
  inputs: [input('in', 'Sequence', ['sequence'])],
  outputs: [output('out', 'Vector', ['vector'])],
});

const toVector = (context: ShapeContext<unknown>) => {
  const source = sequenceAt(context, 'in');
  return shaped({ out: source ? { kind: 'vector', features: source.features } : null });
};

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
  cost: () => ({ flops: 0, activationBytes: 0, formula: '0' }),
  lower(context) {
    const { build, node } = context;
    const source = build.read(one(context, 'in'));
    const out = build.value(['B', source.shape.at(-1) ?? 0]);
    build.emit({ op: 'last-step', node, input: source.id, output: out });
    return { out: [out] };
  },
  facts: () => [],
});

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
    return {
      flops: costSteps(context, source) * features,
      activationBytes: 4 * features,
      formula: 'T·F',
    };
  },
  lower(context) {
    const { build, node, params } = context;
    const source = build.read(one(context, 'in'));
    const out = build.value(['B', source.shape.at(-1) ?? 0]);
    build.emit({ op: 'pool-over-time', node, mode: params.mode, input: source.id, output: out });
    return { out: [out] };
  },
  facts: ({ params }) => [{ label: 'mode', value: params.mode }],
});
