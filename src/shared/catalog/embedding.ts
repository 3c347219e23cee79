import { z } from 'zod';
import { space } from './cell-equations.js';
import { defineBlock } from './define.js';
import { one } from './lowering.js';
import { at, costOf, costSteps, field, input, known, output, shaped } from './support.js';

export const embedding = defineBlock({
  id: 'embedding',
  title: 'Embedding',
  category: 'embedding',
  docs: {
    summary:
      'A learned vector for every token: ids become numbers that a network can compute with.',
    body:
      'A table with one row for each token of the vocabulary. Looking an id up gives its row; training moves ' +
      'the rows so that tokens that act alike come to lie close together. It has vocabulary × units ' +
      'parameters, often most of a small model.',
    equations: [{ formula: 'x_t = E[id_t]', note: 'E is V × units' }],
    sources: ['Bengio, Ducharme, Vincent & Janvin 2003'],
  },
  params: z.strictObject({
    units: field.units(64).meta({
      title: 'Units',
      description: 'Length of the vector of one token.',
      slider: { min: 4, max: 512, step: 4 },
    }),
  }),
  ports: () => ({
    inputs: [input('in', 'Ids', ['tokens'])],
    outputs: [output('out', 'Vectors', ['sequence'])],
  }),
  shape(context) {
    const source = at(context, 'in');
    if (source?.kind !== 'tokens') return shaped({ out: null });
    const { timeSteps, masked, axis } = source;
    return shaped({
      out: { kind: 'sequence', timeSteps, masked, axis, features: context.params.units },
    });
  },
  parameters(context) {
    const source = at(context, 'in');
    if (source?.kind !== 'tokens' || source.vocabularySize === null) return [];
    return [
      {
        name: 'embeddings',
        shape: [source.vocabularySize, context.params.units],
        initializer: { kind: 'uniform', low: -0.05, high: 0.05 },
        l2: 0,
      },
    ];
  },
  cost(context) {
    const steps = costSteps(context, at(context, 'in'));
    return costOf(0, steps * context.params.units, '0 (a look-up)');
  },
  lower(context) {
    const { build, node, params } = context;
    const source = one(context, 'in');
    const out = build.value(['B', 'T', params.units], 'float32', build.read(source).lengths);
    build.emit({
      op: 'embedding',
      node,
      input: source,
      table: build.parameter('embeddings'),
      output: out,
    });
    return { out: [out] };
  },
  explain(context) {
    const source = at(context, 'in');
    const { units } = context.params;
    const rows = source?.kind === 'tokens' ? source.vocabularySize : null;
    return {
      equations: [{ formula: 'x_t = E[id_t]', note: 'row id_t of the table' }],
      terms: [
        {
          symbol: 'x',
          kind: 'output',
          meaning: 'Vector of the token at step t.',
          shape: space(units),
        },
        {
          symbol: 'E',
          kind: 'weight',
          meaning: 'Table: one learned row for each token of the vocabulary.',
          shape: space(rows, units),
        },
      ],
      questions: [],
    };
  },
  facts(context) {
    const source = at(context, 'in');
    const rows = source?.kind === 'tokens' ? source.vocabularySize : null;
    return [
      { label: 'vocabulary', value: known(rows) },
      { label: 'units', value: String(context.params.units) },
    ];
  },
});
