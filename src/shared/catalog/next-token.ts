import { z } from 'zod';
import { defineBlock } from './define.js';
import { headParts, lowerHead, scores } from './head-support.js';

export const nextToken = defineBlock({
  ...headParts,
  id: 'next-token',
  title: 'Next token',
  docs: {
    summary: 'What comes next: the language-model head.',
    body:
      'With a sequence it predicts the following token at every step, so one window gives T lessons. With a ' +
      'vector it predicts only the token after the window. Perplexity is e to the loss: among how many equally ' +
      'likely tokens the model is left to choose.',
    equations: [
      { formula: 'p(x_{t+1} | x_1 … x_t) = softmax(scores_t)', note: 'at each step' },
      { formula: 'perplexity = exp(loss)', note: '' },
    ],
    sources: ['Mikolov et al. 2010'],
  },
  params: z.strictObject({}),
  ports: scores(['sequence', 'vector']),
  lower: (context) => lowerHead(context, 'next-token', 'next-token', 'cross-entropy'),
  facts: (context) => [
    { label: 'vocabulary', value: String(context.facts?.output.size ?? 'from the data') },
    { label: 'loss', value: 'cross-entropy' },
  ],
});
