import { defineBlock } from './define.js';
import { denseParts } from './dense-support.js';

export const timeDistributedDense = defineBlock({
  id: 'time-distributed-dense',
  title: 'Time-distributed dense',
  docs: {
    summary: 'The same dense layer at every time step.',
    body:
      'One matrix for all steps: a sequence [B, T, I] becomes [B, T, O]. It gives the scores of each step to ' +
      'heads that predict one thing a step, such as the next token or a tag.',
    equations: [{ formula: 'y_t = φ(x_t W + b)', note: 'for every t' }],
    sources: [],
  },
  ...denseParts('sequence'),
});
