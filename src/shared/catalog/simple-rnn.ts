import { z } from 'zod';
import { defineBlock } from './define.js';
import {
  plainFields,
  plainRecurrent,
  recurrentTerms,
  type PlainParams,
} from './recurrent-support.js';
import { field } from './support.js';

export const simpleRnn = defineBlock({
  id: 'simple-rnn',
  title: 'Simple RNN',
  docs: {
    summary: 'The plain recurrence: each state is a function of the input and the state before it.',
    body:
      'One set of weights is used at every time step. The state h is all that the network remembers. ' +
      'Through time the gradient is multiplied by Uᵀ·diag(1−h²) at every step, so over many steps it ' +
      'vanishes or explodes: the reason for LSTM and GRU. Good where a few steps back are enough, and as the ' +
      'baseline that the gated cells have to beat.' +
      recurrentTerms,
    equations: [{ formula: 'h_t = tanh(x_t W + h_{t-1} U + b)', note: 'hidden state' }],
    sources: ['Elman 1990', 'Pascanu, Mikolov & Bengio 2013'],
  },
  params: z.strictObject({ ...plainFields, activation: field.recurrentActivation }),
  ...plainRecurrent('rnn', ({ activation }: PlainParams & { activation: 'tanh' | 'relu' }) => ({
    activation,
  })),
});
