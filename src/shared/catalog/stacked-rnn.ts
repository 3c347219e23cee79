import { z } from 'zod';
import { cellKindSchema } from '../graph/values.js';
import { cellEquations, cellTerms, outputTerm, recurrentQuestions } from './cell-equations.js';
import { defineBlock, type ShapeContext } from './define.js';
import { lowerLayer, one, splitState, type LayerValues } from './lowering.js';
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
    description: 'The recurrence of every layer.',
  }),
  units: z.array(z.number().int().min(1).max(16_384)).min(1).max(32).default([64, 64]).meta({
    title: 'Units per layer',
    description: 'One number for each layer, first layer first.',
  }),
  output: field.output,
  betweenDropout: field.rate(
    'Dropout between layers',
    'Share of each layer’s outputs set to zero on the way to the next layer, while training.',
  ),
  ...recurrentFields,
  ...cellFields,
});
type Params = z.infer<typeof params>;

const stateOf = ({ cell, units }: Params) => ({ cell, units, directions: 1 as const });

/** Input and hidden size of each layer. */
function layerSizes(context: ShapeContext<Params>): { inputSize: number; units: number }[] {
  const first = sequenceAt(context, 'in')?.features ?? 0;
  const { units } = context.params;
  return units.map((size, layer) => ({ inputSize: units[layer - 1] ?? first, units: size }));
}

/** `64 each`, or up to four sizes. */
const sizesInShort = (units: readonly number[]): string =>
  new Set(units).size === 1
    ? `${units[0]} each`
    : units.length <= 4
      ? units.join(', ')
      : `${units.slice(0, 3).join(', ')}, …, ${units.at(-1)}`;

export const stackedRnn = defineBlock({
  id: 'stacked-rnn',
  title: 'Stacked RNN',
  category: 'recurrent',
  docs: {
    summary: 'Several recurrent layers in one block, each reading all steps of the one below.',
    body:
      'The first layer reads the input, every further layer reads the states of the layer below, step by ' +
      'step. Depth lets later layers work with slower, more abstract features. Dropout between the layers ' +
      'regularises without touching the recurrence.' +
      recurrentTerms,
    equations: [
      { formula: 'h¹_t = cell¹(x_t, h¹_{t-1})', note: 'first layer' },
      { formula: 'hˡ_t = cellˡ(hˡ⁻¹_t, hˡ_{t-1})', note: 'layer l' },
    ],
    sources: ['Graves, Mohamed & Hinton 2013', 'Zaremba, Sutskever & Vinyals 2014'],
  },
  params,
  ports: ({ output }) => recurrentPorts(output),
  shape(context) {
    const source = sequenceAt(context, 'in');
    const state = stateOf(context.params);
    const top = state.units.at(-1) ?? 0;
    return shaped(
      {
        out: source ? recurrentOutput(source, top, context.params.output) : null,
        state: { kind: 'state', ...state },
      },
      stateProblems(context.inputs.state?.[0], state),
    );
  },
  parameters(context) {
    if ((sequenceAt(context, 'in')?.features ?? null) === null) return [];
    const { cell, resetAfter, l2 } = context.params;
    return layerSizes(context).flatMap(({ inputSize, units }, layer) =>
      cellParameters(cell, inputSize, units, { prefix: `layer_${layer + 1}/`, resetAfter, l2 }),
    );
  },
  cost(context) {
    const steps = costSteps(context, sequenceAt(context, 'in'));
    const { cell } = context.params;
    return cellCost(cell, steps, layerSizes(context), `Σ over layers (${cellFormula(cell)})`);
  },
  lower(context) {
    const { params: p, node, build, values } = context;
    const state = values.state?.[0];
    const { lengths } = build.read(one(context, 'in'));
    const layers: LayerValues[] = [];
    let source = one(context, 'in');
    p.units.forEach((units, layer) => {
      const below = p.units[layer - 1];
      if (below !== undefined && p.betweenDropout > 0) {
        const dropped = build.value(['B', 'T', below], 'float32', lengths);
        build.emit({ op: 'dropout', node, rate: p.betweenDropout, input: source, output: dropped });
        source = dropped;
      }
      const values = lowerLayer(build, source, {
        node,
        cell: p.cell,
        units,
        activation: p.activation,
        resetAfter: p.resetAfter,
        reverse: false,
        dropout: p.dropout,
        recurrentDropout: p.recurrentDropout,
        prefix: `layer_${layer + 1}/`,
        initialState: state ? splitState(state, p.cell, layer) : null,
      });
      layers.push(values);
      source = values.sequence;
    });
    const top = layers.at(-1);
    if (top === undefined) throw new Error('a stack has at least one layer');
    return {
      out: [p.output === 'last step' ? top.last : top.sequence],
      state: layers.flatMap((layer) => layer.finalState),
    };
  },
  looksAhead: ({ inputs }) => inputs.state !== undefined,
  recurrence: ({ cell, activation, resetAfter, recurrentDropout }) => ({
    cell,
    activation,
    resetAfter,
    recurrentDropout,
  }),
  explain(context) {
    const { units, output } = context.params;
    const top = units.at(-1) ?? 0;
    const all = output === 'all steps';
    return {
      equations: [
        ...cellEquations(context.params),
        ...(units.length > 1
          ? [{ formula: 'xˡ_t = hˡ⁻¹_t', note: `layers 2 to ${units.length} read the layer below` }]
          : []),
        {
          formula: `${all ? 'y_t' : 'y'} = h_${all ? 't' : 'n'}`,
          note: `output, ${all ? 'every step' : 'the last real step'} of the top layer`,
        },
      ],
      terms: [
        ...cellTerms(context.params, sequenceAt(context, 'in')?.features ?? null, units, 1),
        outputTerm(top),
      ],
      questions: recurrentQuestions(context, { units, features: top }),
    };
  },
  facts: ({ params: { cell, units, output } }) => [
    { label: 'cell', value: cell === 'rnn' ? 'simple RNN' : cell.toUpperCase() },
    { label: 'layers', value: String(units.length) },
    { label: 'units', value: sizesInShort(units) },
    { label: 'output', value: output },
  ],
});
