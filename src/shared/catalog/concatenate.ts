import { z } from 'zod';
import type { Dimension } from '../graph/values.js';
import { defineBlock } from './define.js';
import { arrivals, joined, joinFacts, lowerJoin, ports, type Joinable } from './join-support.js';
import { costOf, costSteps, shaped } from './support.js';

const totalFeatures = (values: readonly Joinable[]): Dimension =>
  values.reduce<Dimension>(
    (sum, { features }) => (sum === null || features === null ? null : sum + features),
    0,
  );

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
    return shaped({ out: joined(values[0], totalFeatures(values)) });
  },
  parameters: () => [],
  cost(context) {
    const { values } = arrivals(context);
    return costOf(0, costSteps(context, values[0]) * (totalFeatures(values) ?? 0), '0 (a copy)');
  },
  lower: (context) => lowerJoin(context, 'concat'),
  facts: joinFacts(totalFeatures),
});
