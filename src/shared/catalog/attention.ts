import { z } from 'zod';
import type { ValueType } from '../graph/values.js';
import { space } from './cell-equations.js';
import { defineBlock, type ParameterSpec, type ShapeContext, type Term } from './define.js';
import { one } from './lowering.js';
import {
  at,
  costOf,
  costSteps,
  featuresOf,
  input,
  known,
  output,
  problem,
  sequenceAt,
  shaped,
} from './support.js';

const params = z.strictObject({
  score: z.enum(['additive', 'dot']).default('additive').meta({
    title: 'Score',
    description:
      'How query and memory are compared. Additive (Bahdanau): a small network. Dot (Luong): their product.',
  }),
  units: z
    .number()
    .int()
    .min(1)
    .max(16_384)
    .default(64)
    .meta({
      title: 'Units',
      description: 'Size of the scoring network. Additive only.',
      when: { score: 'additive' },
      slider: { min: 4, max: 512, step: 4 },
    }),
  scaled: z
    .boolean()
    .default(true)
    .meta({
      title: 'Scaled',
      description:
        'Divides the product by √F, so that wide vectors do not saturate the softmax. Dot only.',
      when: { score: 'dot' },
    }),
});
type Context = ShapeContext<z.infer<typeof params>>;

const queryOf = (context: Pick<Context, 'inputs'>) => at(context, 'query');

/** Sizes that the parameters need; null while one is unknown. */
function sizes(context: Context): { memory: number; query: number | null } | null {
  const memory = sequenceAt(context, 'memory')?.features ?? null;
  const query = queryOf(context);
  if (memory === null) return null;
  if (query === undefined) return { memory, query: null };
  const features = featuresOf(query);
  return features === null ? null : { memory, query: features };
}

const matrix = (name: string, rows: number, columns: number): ParameterSpec => ({
  name,
  shape: [rows, columns],
  initializer: { kind: 'glorot-uniform', fanIn: rows, fanOut: columns },
  l2: 0,
});
const vector = (size: number): ParameterSpec => ({
  name: 'vector',
  shape: [size],
  initializer: { kind: 'glorot-uniform', fanIn: size, fanOut: 1 },
  l2: 0,
});

export const attention = defineBlock({
  id: 'attention',
  title: 'Attention',
  category: 'attention',
  docs: {
    summary:
      'A weighted mean of a sequence, with weights that the network chooses for each example.',
    body:
      'Every step of the memory gets a score; a softmax over the real steps turns the scores into weights ' +
      'that sum to 1; the output is the weighted mean. Without a query the block pools a sequence into a ' +
      'vector and learns what to look for. With a query vector it looks for that; with a query sequence it ' +
      'looks once for each query step. The path from any step to the output is short, so gradients reach ' +
      'early steps.',
    equations: [
      { formula: 'e_t = v · tanh(W_q q + W_m m_t + b)', note: 'additive score' },
      { formula: 'e_t = q · m_t / √F', note: 'dot score' },
      { formula: 'α_t = exp(e_t) / Σ_s exp(e_s)', note: 'weights' },
      { formula: 'y = Σ_t α_t m_t', note: 'context' },
    ],
    sources: ['Bahdanau, Cho & Bengio 2015', 'Luong, Pham & Manning 2015', 'Vaswani et al. 2017'],
  },
  params,
  ports: () => ({
    inputs: [
      input('memory', 'Memory', ['sequence']),
      input('query', 'Query', ['vector', 'sequence'], { required: false }),
    ],
    outputs: [output('out', 'Context', ['vector', 'sequence'])],
  }),
  shape(context) {
    const memory = sequenceAt(context, 'memory');
    const query = queryOf(context);
    if (memory === undefined) return shaped({ out: null });
    const out: ValueType =
      query?.kind === 'sequence'
        ? { ...query, features: memory.features }
        : { kind: 'vector', features: memory.features };
    const queryFeatures = featuresOf(query);
    const differ =
      context.params.score === 'dot' &&
      queryFeatures !== null &&
      memory.features !== null &&
      queryFeatures !== memory.features;
    const problems = differ
      ? [
          problem(
            'shape-mismatch',
            `Dot attention compares query and memory directly, but the query has ${queryFeatures} features and the memory ${memory.features}.`,
            'Make them equal, or use the additive score.',
            {
              port: 'query',
              fixes: [
                { label: 'Use additive score', params: { ...context.params, score: 'additive' } },
              ],
            },
          ),
        ]
      : [];
    return shaped({ out }, problems);
  },
  parameters(context) {
    const size = sizes(context);
    if (size === null) return [];
    const { score, units } = context.params;
    if (score === 'dot') return size.query === null ? [vector(size.memory)] : [];
    const bias: ParameterSpec = {
      name: 'bias',
      shape: [units],
      initializer: { kind: 'zeros' },
      l2: 0,
    };
    const shared = [matrix('memory_kernel', size.memory, units), bias, vector(units)];
    return size.query === null ? shared : [matrix('query_kernel', size.query, units), ...shared];
  },
  cost(context) {
    const memory = sequenceAt(context, 'memory');
    const query = queryOf(context);
    const steps = costSteps(context, memory);
    const queries = query?.kind === 'sequence' ? costSteps(context, query) : 1;
    const features = memory?.features ?? 0;
    const { score, units } = context.params;
    const pairs = queries * steps;
    // Softmax over the memory's steps, and the weighted mean. Kept: scores, weights and the context.
    const mixing = pairs * (5 + 2 * features);
    const kept = 2 * pairs + queries * features;
    const tq = query?.kind === 'sequence' ? 'Tq·' : '';
    if (score === 'dot')
      return costOf(mixing + 2 * pairs * features, kept, `4·${tq}T·F + 5·${tq}T`);
    const queryFeatures = featuresOf(query);
    const projecting =
      2 * steps * features * units +
      (queryFeatures === null ? 0 : 2 * queries * queryFeatures * units);
    // For each pair and unit: the sum with the bias, tanh, and the product with v.
    const perPair = queryFeatures === null ? 4 : 5;
    return costOf(
      mixing + projecting + perPair * pairs * units,
      kept + (steps + (queryFeatures === null ? 0 : queries) + pairs) * units,
      `2·T·F·U${queryFeatures === null ? '' : ` + 2·${tq}Q·U`} + ${perPair}·${tq}T·U + 2·${tq}T·F + 5·${tq}T`,
    );
  },
  lower(context) {
    const { params: p, node, build } = context;
    const memory = build.read(one(context, 'memory'));
    const query = context.values.query?.[0] ? build.read(one(context, 'query')) : null;
    const features = memory.shape.at(-1) ?? 0;
    const perStep = query !== null && query.shape.length === 3;
    const lengths = perStep ? query.lengths : null;
    const out = perStep
      ? build.value(['B', 'T', features], 'float32', lengths)
      : build.value(['B', features]);
    const weights = perStep
      ? build.value(['B', 'T', 'T'], 'float32', lengths)
      : build.value(['B', 'T'], 'float32', memory.lengths);
    const additive = p.score === 'additive';
    build.emit({
      op: 'attention',
      node,
      score: p.score,
      scaled: p.scaled && !additive,
      query: query?.id ?? null,
      memory: memory.id,
      queryKernel: additive && query !== null ? build.parameter('query_kernel') : null,
      memoryKernel: additive ? build.parameter('memory_kernel') : null,
      bias: additive ? build.parameter('bias') : null,
      vector: additive || query === null ? build.parameter('vector') : null,
      output: out,
      weights,
    });
    return { out: [out] };
  },
  looksAhead: (context) => queryOf(context)?.kind === 'sequence',
  explain(context) {
    const { score, units, scaled } = context.params;
    const memory = sequenceAt(context, 'memory')?.features ?? null;
    const query = queryOf(context);
    const given = query !== undefined;
    const queryFeatures = featuresOf(query);
    const additive = score === 'additive';
    const term = (symbol: string, kind: Term['kind'], meaning: string, shape: string): Term => ({
      symbol,
      kind,
      meaning,
      shape,
    });
    const scoring = additive
      ? given
        ? 'e_t = v · tanh(q W_q + m_t W_m + b)'
        : 'e_t = v · tanh(m_t W_m + b)'
      : `e_t = ${given ? 'q' : 'v'} · m_t${scaled ? ' / √F' : ''}`;
    return {
      equations: [
        { formula: scoring, note: additive ? 'additive score' : 'dot score' },
        { formula: 'α_t = exp(e_t) / Σ_s exp(e_s)', note: 'weights, over real steps' },
        { formula: 'y = Σ_t α_t m_t', note: 'context' },
      ],
      terms: [
        term('m', 'input', 'One step of the memory.', space(memory)),
        ...(given
          ? [term('q', 'input', 'The query: what to look for.', space(queryFeatures))]
          : []),
        term('e', 'gate', 'Score of a step: any number.', space(1)),
        term('α', 'gate', 'Weight of a step: between 0 and 1; they sum to 1.', space(1)),
        ...(additive
          ? [
              term(
                'W',
                'weight',
                given ? 'Weights of the memory, and of the query.' : 'Weights of the memory.',
                given
                  ? `${space(memory, units)}, ${space(queryFeatures, units)}`
                  : space(memory, units),
              ),
              term('b', 'weight', 'Bias.', space(units)),
              term('v', 'weight', 'Turns the hidden layer into one score.', space(units)),
            ]
          : given
            ? []
            : [term('v', 'weight', 'The learned query.', space(memory))]),
        ...(!additive && scaled
          ? [term('F', 'operation', `Features of the memory: ${known(memory)}.`, '')]
          : []),
        term('y', 'output', 'Weighted mean of the memory.', space(memory)),
      ],
      questions: [],
    };
  },
  facts: (context) => {
    const { score, units } = context.params;
    return [
      { label: 'score', value: score },
      ...(score === 'additive' ? [{ label: 'units', value: String(units) }] : []),
      { label: 'query', value: queryOf(context) === undefined ? 'learned' : 'given' },
    ];
  },
});
