import { z } from 'zod';
import { defineBlock } from './define.js';
import { arrivals, joined, joinFacts, lowerJoin, ports } from './join-support.js';
import { costOf, costSteps, problem, shaped } from './support.js';

export const add = defineBlock({
  id: 'add',
  title: 'Add',
  category: 'combine',
  docs: {
    summary: 'Adds values element by element: a skip (residual) connection.',
    body:
      'All inputs need the same number of features. Adding a block’s input to its output lets the block learn ' +
      'only the difference and gives gradients a direct path.',
    equations: [{ formula: 'y = x¹ + x² + …', note: 'element by element' }],
    sources: ['He, Zhang, Ren & Sun 2016'],
  },
  params: z.strictObject({}),
  ports,
  shape(context) {
    const { values, problems } = arrivals(context);
    if (problems.length > 0) return shaped({ out: null }, problems);
    const known = values.map((value) => value.features).filter((size) => size !== null);
    const sizes = [...new Set(known)];
    if (sizes.length > 1) {
      return shaped({ out: null }, [
        problem(
          'shape-mismatch',
          `Add needs inputs with the same number of features, but they have ${known.join(', ')}.`,
          'Give the blocks before it the same units, or use Concatenate.',
          { port: 'in' },
        ),
      ]);
    }
    return shaped({ out: joined(values[0], sizes[0] ?? null) });
  },
  parameters: () => [],
  cost(context) {
    const { values } = arrivals(context);
    const size = costSteps(context, values[0]) * (values[0]?.features ?? 0);
    return costOf(Math.max(0, values.length - 1) * size, size, '(n − 1)·T·F');
  },
  lower: (context) => lowerJoin(context, 'add'),
  facts: joinFacts((values) => values[0]?.features ?? null),
});
