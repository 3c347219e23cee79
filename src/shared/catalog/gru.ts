import { z } from 'zod';
import { defineBlock } from './define.js';
import {
  plainFields,
  plainRecurrent,
  recurrentTerms,
  type PlainParams,
} from './recurrent-support.js';
import { field } from './support.js';

export const gru = defineBlock({
  id: 'gru',
  title: 'GRU',
  docs: {
    summary: 'Gated recurrent unit: two gates, one state; three quarters of an LSTM.',
    body:
      'The update gate z mixes the old state with a candidate; the reset gate r decides how much of the old ' +
      'state the candidate sees. It often matches an LSTM with fewer parameters and less time. "Reset after" ' +
      'applies r to the product h U (cuDNN, PyTorch, Keras 3) and has a second bias; off, r is applied to h ' +
      'first, as in the first version of the paper.' +
      recurrentTerms,
    equations: [
      { formula: 'z_t = σ(x_t W_z + h_{t-1} U_z + b_z)', note: 'update gate' },
      { formula: 'r_t = σ(x_t W_r + h_{t-1} U_r + b_r)', note: 'reset gate' },
      {
        formula: 'g_t = tanh(x_t W_g + r_t ⊙ (h_{t-1} U_g + b′_g) + b_g)',
        note: 'candidate, reset after',
      },
      {
        formula: 'g_t = tanh(x_t W_g + (r_t ⊙ h_{t-1}) U_g + b_g)',
        note: 'candidate, reset before',
      },
      { formula: 'h_t = z_t ⊙ h_{t-1} + (1 − z_t) ⊙ g_t', note: 'hidden state' },
    ],
    sources: ['Cho et al. 2014', 'Chung, Gulcehre, Cho & Bengio 2014'],
  },
  params: z.strictObject({ ...plainFields, resetAfter: field.resetAfter }),
  ...plainRecurrent('gru', ({ resetAfter }: PlainParams & { resetAfter: boolean }) => ({
    resetAfter,
  })),
});
