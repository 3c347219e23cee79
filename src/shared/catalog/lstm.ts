import { z } from 'zod';
import { defineBlock } from './define.js';
import { plainFields, plainRecurrent, recurrentTerms } from './recurrent-support.js';

export const lstm = defineBlock({
  id: 'lstm',
  title: 'LSTM',
  docs: {
    summary: 'Long short-term memory: a cell state that gates write to, keep and read.',
    body:
      'Beside h the LSTM carries a cell state c that is only scaled by the forget gate and added to, so that ' +
      'gradients can flow over hundreds of steps. Three gates between 0 and 1 decide what is written (i), ' +
      'kept (f) and shown (o). The forget bias starts at 1, so that a fresh network remembers. Four times the ' +
      'parameters of a simple RNN; time grows as O(T·H²).' +
      recurrentTerms,
    equations: [
      { formula: 'i_t = σ(x_t W_i + h_{t-1} U_i + b_i)', note: 'input gate' },
      { formula: 'f_t = σ(x_t W_f + h_{t-1} U_f + b_f)', note: 'forget gate' },
      { formula: 'g_t = tanh(x_t W_g + h_{t-1} U_g + b_g)', note: 'candidate' },
      { formula: 'o_t = σ(x_t W_o + h_{t-1} U_o + b_o)', note: 'output gate' },
      { formula: 'c_t = f_t ⊙ c_{t-1} + i_t ⊙ g_t', note: 'cell state' },
      { formula: 'h_t = o_t ⊙ tanh(c_t)', note: 'hidden state' },
    ],
    sources: ['Hochreiter & Schmidhuber 1997', 'Gers, Schmidhuber & Cummins 2000'],
  },
  params: z.strictObject(plainFields),
  ...plainRecurrent('lstm', () => ({})),
});
