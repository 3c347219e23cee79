import { z } from 'zod';
import { cellKindSchema } from '../graph/values.js';
import { cellEquations, cellTerms, outputTerm, recurrentQuestions } from './cell-equations.js';
import { defineBlock, type ShapeContext } from './define.js';
import { lowerLayer, one, splitState } from './lowering.js';
import { cellFields, recurrentPorts, recurrentTerms } from './recurrent-support.js';
import {
  cellCost,
  cellFormula,
  cellParameters,
  costSteps,
  field,
  recurrentFields,
  recurrentOutput,
  sequenceAt,
  shaped,
  stateProblems,
} from './support.js';

const params = z.strictObject({
  cell: cellKindSchema.default('lstm').meta({
    title: 'Cell',
    description: 'The recurrence that runs in both directions, each with weights of its own.',
  }),
  units: field.units(64).meta({
    title: 'Units',
    description: 'Size of the hidden state of each direction.',
    slider: { min: 4, max: 512, step: 4 },
  }),
  merge: z
    .enum(['concat', 'sum', 'mul', 'average'])
    .default('concat')
    .meta({
      title: 'Merge',
      description:
        'How the two directions become one output. Concat keeps both and doubles the features; sum, mul and ' +
        'average keep the size.',
    }),
  output: field.output,
  ...recurrentFields,
  ...cellFields,
});
type Params = z.infer<typeof params>;

const directions = ['forward', 'backward'] as const;
const stateOf = ({ cell, units }: Params) => ({ cell, units: [units], directions: 2 as const });

function features({ params: { units, merge } }: ShapeContext<Params>): number {
  return merge === 'concat' ? 2 * units : units;
}

export const bidirectional = defineBlock({
  id: 'bidirectional',
  title: 'Bidirectional',
  category: 'recurrent',
  docs: {
    summary:
      'Two recurrences, one from each end, so that every step knows what comes before and after.',
    body:
      'A second cell with weights of its own reads the sequence backwards; both outputs are merged at each ' +
      'step. With "last step" each direction gives the state after its last read step: for the backward one ' +
      'that is the first time step. Needs the whole sequence, so it can label and classify but not predict ' +
      'what comes next.' +
      recurrentTerms,
    equations: [
      { formula: 'f_t = cell(x_t, f_{t-1})', note: 'forward' },
      { formula: 'g_t = cell′(x_t, g_{t+1})', note: 'backward' },
      { formula: 'y_t = merge(f_t, g_t)', note: 'output' },
    ],
    sources: ['Schuster & Paliwal 1997', 'Graves & Schmidhuber 2005'],
  },
  params,
  ports: ({ output }) => recurrentPorts(output),
  shape(context) {
    const source = sequenceAt(context, 'in');
    const state = stateOf(context.params);
    return shaped(
      {
        out: source ? recurrentOutput(source, features(context), context.params.output) : null,
        state: { kind: 'state', ...state },
      },
      stateProblems(context.inputs.state?.[0], state),
    );
  },
  parameters(context) {
    const inputSize = sequenceAt(context, 'in')?.features ?? null;
    if (inputSize === null) return [];
    const { cell, units, resetAfter, l2 } = context.params;
    return directions.flatMap((direction) =>
      cellParameters(cell, inputSize, units, { prefix: `${direction}/`, resetAfter, l2 }),
    );
  },
  cost(context) {
    const source = sequenceAt(context, 'in');
    const steps = costSteps(context, source);
    const { cell, units } = context.params;
    const layer = { inputSize: source?.features ?? 0, units };
    return cellCost(cell, steps, [layer, layer], `2·(${cellFormula(cell)})`);
  },
  lower(context) {
    const { params: p, node, build, values } = context;
    const source = one(context, 'in');
    const state = values.state?.[0];
    const layers = directions.map((direction, part) =>
      lowerLayer(build, source, {
        node,
        cell: p.cell,
        units: p.units,
        activation: p.activation,
        resetAfter: p.resetAfter,
        reverse: direction === 'backward',
        dropout: p.dropout,
        recurrentDropout: p.recurrentDropout,
        prefix: `${direction}/`,
        initialState: state ? splitState(state, p.cell, part) : null,
      }),
    );
    const [forward, backward] = layers;
    if (forward === undefined || backward === undefined) throw new Error('two directions expected');
    const last = p.output === 'last step';
    const size = features(context);
    const out = last
      ? build.value(['B', size])
      : build.value(['B', 'T', size], 'float32', build.read(source).lengths);
    build.emit({
      op: 'merge',
      node,
      mode: p.merge,
      forward: last ? forward.last : forward.sequence,
      backward: last ? backward.last : backward.sequence,
      output: out,
    });
    return { out: [out], state: layers.flatMap((layer) => layer.finalState) };
  },
  looksAhead: () => true,
  recurrence: ({ cell, activation, resetAfter, recurrentDropout }) => ({
    cell,
    activation,
    resetAfter,
    recurrentDropout,
  }),
  explain(context) {
    const { cell, units, merge, output } = context.params;
    const all = output === 'all steps';
    const [h, back] = all ? ['h_t', 'h′_t'] : ['h_n', 'h′_1'];
    const merged = {
      concat: `[${h} ; ${back}]`,
      sum: `${h} + ${back}`,
      mul: `${h} ⊙ ${back}`,
      average: `(${h} + ${back}) / 2`,
    }[merge];
    const name = cell === 'rnn' ? 'RNN' : cell.toUpperCase();
    return {
      equations: [
        ...cellEquations(context.params),
        {
          formula: `h′_t = ${name}′(x_t, h′_{t+1})`,
          note: 'backward',
        },
        { formula: `${all ? 'y_t' : 'y'} = ${merged}`, note: `output, ${merge}` },
      ],
      terms: [
        ...cellTerms(context.params, sequenceAt(context, 'in')?.features ?? null, [units], 2),
        outputTerm(features(context)),
      ],
      questions: recurrentQuestions(context, { units: [units], features: features(context) }),
    };
  },
  facts: ({ params: { cell, units, merge, output } }) => [
    { label: 'cell', value: cell === 'rnn' ? 'simple RNN' : cell.toUpperCase() },
    { label: 'units', value: `${units} × 2` },
    { label: 'merge', value: merge },
    { label: 'output', value: output },
  ],
});
