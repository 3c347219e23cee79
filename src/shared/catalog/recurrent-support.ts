/** What Simple RNN, LSTM and GRU share: one cell, one direction, last step or all steps. */
import type { CellKind } from '../graph/values.js';
import { cellEquations, cellTerms, outputTerm, recurrentQuestions } from './cell-equations.js';
import type { Explanation, LowerContext, Ports, ShapeContext } from './define.js';
import { lowerLayer, one } from './lowering.js';
import {
  cellCost,
  cellFormula,
  cellParameters,
  costSteps,
  field,
  input,
  output,
  recurrentFields,
  recurrentOutput,
  sequenceAt,
  shaped,
  stateProblems,
} from './support.js';

/** Ends the docs of every recurrent block: what the words in its form mean. */
export const recurrentTerms =
  '\n\n**Units** is H, the length of the state: how much can be remembered. Parameters and time grow with ' +
  'its square. **Time steps** is T, the number of inputs of a row; the same weights serve them all, so T ' +
  'costs time and memory but no parameters.' +
  '\n\n**Last step** gives the state after the last real input, one vector [B, H] a row: for one answer a ' +
  'row, such as a class. **All steps** gives the state after every input, a sequence [B, T, H]: for one ' +
  'answer a step, or for a further recurrent block, attention or pooling on top.';

/** What only one cell has, in blocks that take any cell. */
export const cellFields = {
  activation: field.recurrentActivation.meta({
    title: 'Activation',
    description: 'Simple RNN only.',
    when: { cell: 'rnn' },
  }),
  resetAfter: field.resetAfter.meta({
    title: 'Reset after',
    description: 'GRU only: the reset gate multiplies after the recurrent product.',
    when: { cell: 'gru' },
  }),
};

/** Fields that every plain recurrent block has; a cell adds its own. */
export const plainFields = {
  units: field.units(64),
  output: field.output,
  direction: field.direction,
  ...recurrentFields,
};

export interface PlainParams {
  units: number;
  output: 'last step' | 'all steps';
  direction: 'forward' | 'backward';
  dropout: number;
  recurrentDropout: number;
  l2: number;
}

interface CellOptions {
  activation: 'tanh' | 'relu';
  resetAfter: boolean;
}

/** Ports of a recurrent block with this output mode. */
export const recurrentPorts = (mode: 'last step' | 'all steps'): Ports => ({
  inputs: [
    input('in', 'Sequence', ['sequence']),
    input('state', 'Initial state', ['state'], { required: false }),
  ],
  outputs: [
    output('out', mode === 'last step' ? 'Last step' : 'All steps', [
      mode === 'last step' ? 'vector' : 'sequence',
    ]),
    output('state', 'Final state', ['state']),
  ],
});

/** Everything of a plain recurrent block but its name, docs and parameter schema. */
export function plainRecurrent<P extends PlainParams>(
  cell: CellKind,
  cellOptions: (params: P) => Partial<CellOptions>,
) {
  const options = (params: P): CellOptions => ({
    activation: 'tanh',
    resetAfter: true,
    ...cellOptions(params),
  });
  const state = (params: P) => ({ cell, units: [params.units], directions: 1 as const });
  return {
    category: 'recurrent' as const,
    ports: (params: P) => recurrentPorts(params.output),
    shape(context: ShapeContext<P>) {
      const { params } = context;
      const source = sequenceAt(context, 'in');
      return shaped(
        {
          out: source ? recurrentOutput(source, params.units, params.output) : null,
          state: { kind: 'state', ...state(params) },
        },
        stateProblems(context.inputs.state?.[0], state(params)),
      );
    },
    parameters(context: ShapeContext<P>) {
      const features = sequenceAt(context, 'in')?.features ?? null;
      if (features === null) return [];
      const { params } = context;
      const { resetAfter } = options(params);
      return cellParameters(cell, features, params.units, { resetAfter, l2: params.l2 });
    },
    cost(context: ShapeContext<P>) {
      const source = sequenceAt(context, 'in');
      const steps = costSteps(context, source);
      const layer = { inputSize: source?.features ?? 0, units: context.params.units };
      return cellCost(cell, steps, [layer], cellFormula(cell));
    },
    lower(context: LowerContext<P>) {
      const { params, node, build, values } = context;
      const layer = lowerLayer(build, one(context, 'in'), {
        node,
        cell,
        units: params.units,
        ...options(params),
        reverse: params.direction === 'backward',
        dropout: params.dropout,
        recurrentDropout: params.recurrentDropout,
        prefix: '',
        initialState: values.state?.[0] ? [...values.state[0]] : null,
      });
      return {
        out: [params.output === 'last step' ? layer.last : layer.sequence],
        state: layer.finalState,
      };
    },
    // A state that comes in was made from a whole sequence.
    looksAhead: ({ params, inputs }: ShapeContext<P>) =>
      params.direction === 'backward' || inputs.state !== undefined,
    recurrence: (params: P) => ({
      cell,
      ...options(params),
      recurrentDropout: params.recurrentDropout,
    }),
    explain(context: ShapeContext<P>): Explanation {
      const { params } = context;
      const units = [params.units];
      const explained = { cell, ...options(params) };
      const back = params.direction === 'backward';
      const features = sequenceAt(context, 'in')?.features ?? null;
      return {
        equations: [
          ...cellEquations(explained, back ? 't+1' : 't-1'),
          params.output === 'all steps'
            ? { formula: 'y_t = h_t', note: 'output, every step' }
            : back
              ? { formula: 'y = h_1', note: 'output, the step read last' }
              : { formula: 'y = h_n', note: 'output, the last real step' },
        ],
        terms: [...cellTerms(explained, features, units, 1), outputTerm(params.units)],
        questions: recurrentQuestions(context, { units, features: params.units }),
      };
    },
    facts({ params }: ShapeContext<P>) {
      return [
        { label: 'units', value: String(params.units) },
        { label: 'direction', value: params.direction as string },
        { label: 'output', value: params.output as string },
      ];
    },
  };
}
