import { z } from 'zod';
import type { Dimension } from '../graph/values.js';
import { defineBlock } from './define.js';
import { arrivals, joined, lowerJoin, ports } from './join-support.js';
import { shaped } from './support.js';

export const concatenate = defineBlock({
  id: 'concatenate',
  title: 'Concatenate',
  category: 'combine',
  docs: {
    summary: 'Puts the features of several values side by side.',
    body: 'Vectors with vectors, or sequences of the same input step by step. The feature counts add up.',
    equations: [{ formula: 'y = [x¹ ; x² ; …]', note: 'along the features' }],
    sources: [],
  },
  params: z.strictObject({}),
  ports,
  shape(context) {
    const { values, problems } = arrivals(context);
    if (problems.length > 0) return shaped({ out: null }, problems);
    const sizes = values.map((value) => value.features);
    const total = sizes.reduce<Dimension>(
      (sum, size) => (sum === null || size === null ? null : sum + size),
      0,
    );
    return shaped({ out: joined(values[0], total) });
  },
  parameters: () => [],
  cost: () => ({ flops: 0, activationBytes: 0, formula: '0' }),
  lower: (context) => lowerJoin(context, 'concat'),
  facts: (context) => [{ label: 'inputs', value: String(context.inputs.in?.length ?? 0) }],
});
