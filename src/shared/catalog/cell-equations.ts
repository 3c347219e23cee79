/** The equations of a recurrent block as it is set, and what its letters stand for with its own sizes. */
import type { CellKind, Dimension } from '../graph/values.js';
import type { Equation, Explanation, ShapeContext, Term } from './define.js';
import { gatesOf, known, sequenceAt } from './support.js';

export interface ExplainedCell {
  cell: CellKind;
  activation: 'tanh' | 'relu';
  resetAfter: boolean;
}

/** ℝ with sizes; those that are not known are letters. */
export const space = (...sizes: (number | string | null)[]): string =>
  `ℝ^{${sizes.map((size) => size ?? '?').join('×')}}`;

/** @param before time index of the state that a step starts from. */
export function cellEquations(
  { cell, activation, resetAfter }: ExplainedCell,
  before = 't-1',
): Equation[] {
  const gate = (name: string, note: string): Equation => ({
    formula: `${name}_t = σ(x_t W_${name} + h_{${before}} U_${name} + b_${name})`,
    note,
  });
  const h = `h_{${before}}`;
  switch (cell) {
    case 'rnn':
      return [{ formula: `h_t = ${activation}(x_t W + ${h} U + b)`, note: 'hidden state' }];
    case 'lstm':
      return [
        gate('i', 'input gate'),
        gate('f', 'forget gate'),
        { formula: `g_t = tanh(x_t W_g + ${h} U_g + b_g)`, note: 'candidate' },
        gate('o', 'output gate'),
        { formula: `c_t = f_t ⊙ c_{${before}} + i_t ⊙ g_t`, note: 'cell state' },
        { formula: 'h_t = o_t ⊙ tanh(c_t)', note: 'hidden state' },
      ];
    case 'gru':
      return [
        gate('z', 'update gate'),
        gate('r', 'reset gate'),
        resetAfter
          ? {
              formula: `g_t = tanh(x_t W_g + r_t ⊙ (${h} U_g + b′_g) + b_g)`,
              note: 'candidate, reset after',
            }
          : {
              formula: `g_t = tanh(x_t W_g + (r_t ⊙ ${h}) U_g + b_g)`,
              note: 'candidate, reset before',
            },
        { formula: `h_t = z_t ⊙ ${h} + (1 − z_t) ⊙ g_t`, note: 'hidden state' },
      ];
  }
}

const gateNames: Record<CellKind, string> = { rnn: '', lstm: 'i, f, g, o', gru: 'z, r, g' };

/** @param inputs of the first layer. @param units of each layer. */
export function cellTerms(
  { cell, activation, resetAfter }: ExplainedCell,
  inputs: Dimension,
  units: readonly number[],
  directions: 1 | 2,
): Term[] {
  const [first = 0] = units;
  const width = (size: number): number => gatesOf[cell] * size;
  /** Of each layer; those that are alike once. */
  const each = (of: (inputs: Dimension, size: number) => string): string =>
    [...new Set(units.map((size, layer) => of(units[layer - 1] ?? inputs, size)))].join(', ');
  const gates = gatesOf[cell];
  const parts =
    gates === 1
      ? ''
      : ` Side by side for ${gateNames[cell]}, ${units.length === 1 ? `${first} columns each` : 'H columns each'}.`;
  const own = directions === 2 ? ' The backward direction has weights of its own.' : '';
  const secondBias = cell === 'gru' && resetAfter;
  const states = each((_, size) => space(size));
  const term = (symbol: string, kind: Term['kind'], meaning: string, shape = ''): Term => ({
    symbol,
    kind,
    meaning,
    shape,
  });
  const gate = (symbol: string, meaning: string): Term =>
    term(symbol, 'gate', `${meaning}: between 0 and 1, for each unit.`, states);
  const gateTerms: Record<CellKind, Term[]> = {
    rnn: [],
    lstm: [
      gate('i', 'Input gate, how much of the candidate is written'),
      gate('f', 'Forget gate, how much of the cell state is kept'),
      term('g', 'gate', 'Candidate: what could be written, between −1 and 1.', states),
      gate('o', 'Output gate, how much of the cell state is shown'),
    ],
    gru: [
      gate('z', 'Update gate, how much of the old state is kept'),
      gate('r', 'Reset gate, how much of the old state the candidate sees'),
      term('g', 'gate', 'Candidate: what the state could become.', states),
    ],
  };
  return [
    term('x', 'input', 'Input of one time step.', space(inputs)),
    term(
      'h',
      'state',
      'Hidden state: what a step gives, and what the next one starts from.',
      states,
    ),
    ...(cell === 'lstm'
      ? [term('c', 'state', 'Cell state: the memory that gates write to, keep and read.', states)]
      : []),
    ...gateTerms[cell],
    term(
      'W',
      'weight',
      `Weights of the input.${parts}${own}`,
      each((of, size) => space(of, width(size))),
    ),
    term(
      'U',
      'weight',
      `Weights of the state of the step before.${parts}${own}`,
      each((_, size) => space(size, width(size))),
    ),
    term(
      'b',
      'weight',
      'Bias.',
      each((_, size) => space(width(size))),
    ),
    ...(secondBias
      ? [
          term(
            'b′',
            'weight',
            'Second bias: it belongs to the product with the state, so the reset gate applies to it.',
            each((_, size) => space(width(size))),
          ),
        ]
      : []),
    ...(gates > 1 ? [term('σ', 'operation', 'Sigmoid, 1 / (1 + exp(−a)): between 0 and 1.')] : []),
    ...(gates > 1 ? [term('⊙', 'operation', 'Product element by element.')] : []),
    gates > 1 || activation === 'tanh'
      ? term('tanh', 'operation', 'Hyperbolic tangent: between −1 and 1.')
      : term('relu', 'operation', 'max(0, a): grows without bound.'),
  ];
}

export const outputTerm = (features: Dimension): Term => ({
  symbol: 'y',
  kind: 'output',
  meaning: 'What the block gives on.',
  shape: space(features),
});

/** What people ask of a recurrent block, answered with its numbers. */
export function recurrentQuestions(
  context: ShapeContext<{ output: 'last step' | 'all steps' }>,
  { units, features }: { units: readonly number[]; features: number },
): Explanation['questions'] {
  const source = sequenceAt(context, 'in');
  const longest = source?.timeSteps ?? null;
  const mean = context.facts?.meanTimeSteps ?? null;
  const all = context.params.output === 'all steps';
  const steps = longest === null ? 'T' : String(longest);
  const rows =
    longest === null
      ? 'Prepare the data to see how many there are.'
      : source?.masked === true && mean !== null
        ? `Rows have up to ${known(longest)} here, ${mean.toFixed(1)} on average; padding is not read.`
        : `Every row has ${known(longest)} here.`;
  return [
    {
      question: 'What are units?',
      answer:
        `H = ${units.join(', ')}: how many numbers the state h holds` +
        `${units.length > 1 ? ', layer by layer' : ''}. They are not time steps: each step updates all of them. ` +
        'Parameters and time grow with H².',
    },
    {
      question: 'What are time steps?',
      answer:
        `T, the positions of a row: its words, characters or moments. ${rows} The same weights serve every ` +
        'step, so T costs time and memory but no parameters.',
    },
    {
      question: 'What is return_sequences?',
      answer:
        'Keras’ name for Output. True is All steps: the state after every step, ' +
        `${space(steps, features)} a row, for one answer a step or a further recurrent block, attention or ` +
        `pooling. False is Last step: one vector, ${space(features)}, for one answer a row. ` +
        `This block: ${all ? 'True' : 'False'}. PyTorch always gives both.`,
    },
  ];
}
