import { z } from 'zod';
import { defineBlock } from './define.js';
import { headParts, labels, lowerHead, scores } from './head-support.js';

export const classify = defineBlock({
  ...headParts,
  id: 'classify',
  title: 'Classify',
  docs: {
    summary: 'One class for each row: softmax and cross-entropy (many-to-one).',
    body:
      'Takes one score for each class and turns the scores into probabilities. The loss is the mean ' +
      'cross-entropy over the rows.',
    equations: [
      { formula: 'p = softmax(scores)', note: 'probabilities' },
      { formula: 'loss = −log p[label]', note: 'mean over the batch' },
    ],
    sources: [],
  },
  params: z.strictObject({}),
  ports: scores(['vector']),
  lower: (context) => lowerHead(context, 'classify', 'classification', 'cross-entropy'),
  facts: (context) => [
    { label: 'classes', value: labels(context) },
    { label: 'loss', value: 'cross-entropy' },
  ],
});
