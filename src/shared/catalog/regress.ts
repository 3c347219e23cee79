import { z } from 'zod';
import { defineBlock } from './define.js';
import { headParts, lowerHead, scores } from './head-support.js';

export const regress = defineBlock({
  ...headParts,
  id: 'regress',
  title: 'Forecast',
  docs: {
    summary: 'Numbers: the next values of a series, or any regression.',
    body:
      'Takes horizon × targets numbers. The loss is computed on scaled values; errors are reported in the ' +
      'target’s own units beside the persistence forecast ("the same as now"), the first thing to beat.',
    equations: [
      { formula: 'mae = mean |y − ŷ|', note: 'robust against outliers' },
      { formula: 'mse = mean (y − ŷ)²', note: 'punishes large errors' },
    ],
    sources: ['Huber 1964'],
  },
  params: z.strictObject({
    loss: z.enum(['mse', 'mae', 'huber']).default('mse').meta({
      title: 'Loss',
      description: 'Huber is squared for errors below 1 (in scaled units) and absolute beyond.',
    }),
  }),
  ports: scores(['vector']),
  lower(context) {
    const losses = {
      mse: 'mean-squared-error',
      mae: 'mean-absolute-error',
      huber: 'huber',
    } as const;
    return lowerHead(context, 'regress', 'forecast', losses[context.params.loss]);
  },
  facts: ({ params, facts }) => [
    { label: 'outputs', value: String(facts?.output.size ?? 'from the data') },
    { label: 'loss', value: params.loss },
  ],
});
