import { defineBlock } from './define.js';
import { denseParts } from './dense-support.js';

export const dense = defineBlock({
  id: 'dense',
  title: 'Dense',
  docs: {
    summary: 'A fully connected layer: every output is a weighted sum of every input.',
    body:
      'Multiplies by a matrix, adds a bias, and applies an activation. Before a head keep the activation ' +
      'linear: the outputs are scores (logits), and the head makes probabilities of them.',
    equations: [{ formula: 'y = φ(x W + b)', note: 'φ is the activation' }],
    sources: [],
  },
  ...denseParts('vector'),
});
