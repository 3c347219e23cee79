import { z } from 'zod';
import { defineBlock } from './define.js';
import { one } from './lowering.js';
import { elements, passThrough, ports } from './same-shape-support.js';
import { costOf, field } from './support.js';

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
  // Kept: the mask and the output.
  cost: (context) => costOf(elements(context), 2 * elements(context), 'T·F'),
  lower(context) {
    const { build, node, params } = context;
    const source = build.read(one(context, 'in'));
    const out = build.value(source.shape, 'float32', source.lengths);
    build.emit({ op: 'dropout', node, rate: params.rate, input: source.id, output: out });
    return { out: [out] };
  },
  facts: ({ params }) => [
    { label: 'rate', value: String(params.rate) },
    { label: 'active', value: 'training' },
  ],
});
