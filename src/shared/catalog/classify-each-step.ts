import { z } from 'zod';
import { defineBlock } from './define.js';
import { headParts, labels, lowerHead, scores } from './head-support.js';

export const classifyEachStep = defineBlock({
  ...headParts,
  id: 'classify-each-step',
  title: 'Classify each step',
  docs: {
    summary: 'One tag for every time step, such as parts of speech (many-to-many).',
    body: 'Takes scores at every step. The loss is the mean cross-entropy over real steps: padding does not count.',
    equations: [{ formula: 'loss = −(1/Σn) Σ_t log p_t[tag_t]', note: 'real steps only' }],
    sources: [],
  },
  params: z.strictObject({}),
  ports: scores(['sequence']),
  lower: (context) => lowerHead(context, 'classify-each-step', 'tagging', 'cross-entropy'),
  facts: (context) => [
    { label: 'tags', value: labels(context) },
    { label: 'loss', value: 'cross-entropy' },
  ],
});
