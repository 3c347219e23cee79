import { describe, expect, it } from 'vitest';
import type { DataFacts } from '../data/facts.js';
import { analyze } from './analyze.js';
import type { ProjectDocument } from './document.js';
import { applyEdits } from './edits.js';
import { formatProblem, type Problem } from './problems.js';
import { chain, draw, sampleFacts, wire, type BlockChoice } from './samples.js';

const all = { output: 'all steps' };
const good = chain('classification', ['embedding', 'lstm', 'dense']);

const problemsOf = (
  document: ProjectDocument,
  facts: DataFacts | null = sampleFacts(document.data.task),
): Problem[] => analyze(document, facts).problems;

const found = (document: ProjectDocument, code: string): Problem => {
  const problems = problemsOf(document);
  const problem = problems.find((item) => item.code === code);
  if (problem === undefined) throw new Error(`no ${code} in ${JSON.stringify(problems)}`);
  return problem;
};

const without = (document: ProjectDocument, edge: string): ProjectDocument => ({
  ...document,
  graph: { ...document.graph, edges: document.graph.edges.filter(({ id }) => id !== edge) },
});

/** Each graph with its one mistake: the code, what the message says, and the blocks it names. */
const mistakes: [code: string, message: string, document: ProjectDocument][] = [
  [
    'unknown-block',
    '"hyper-lstm" is a block of kind "hyper-lstm", which this version does not know.',
    chain('classification', ['embedding', 'lstm', 'hyper-lstm', 'dense']),
  ],
  [
    'unknown-block',
    '"constructor" is a block of kind "constructor", which this version does not know.',
    chain('classification', ['embedding', 'lstm', 'constructor', 'dense']),
  ],
  [
    'invalid-params',
    'LSTM: "Units" must be at least 1, but is 0.',
    chain('classification', ['embedding', ['lstm', { units: 0 }], 'dense']),
  ],
  [
    'invalid-params',
    'LSTM: "size" is not a known setting.',
    chain('classification', ['embedding', ['lstm', { size: 3 }], 'dense']),
  ],
  [
    'cycle',
    'These blocks feed each other in a circle: LSTM → Add → LSTM.',
    draw(
      'classification',
      {
        input: 'tokens-input',
        embedding: 'embedding',
        add: 'add',
        lstm: ['lstm', all],
        pool: 'pool-over-time',
        dense: 'dense',
        head: 'classify',
      },
      [
        'input > embedding',
        'embedding > add',
        'add > lstm',
        'lstm > add',
        'lstm > pool',
        'pool > dense',
        'dense > head',
      ],
    ),
  ],
  ['cycle', 'Dropout feeds itself.', wire(draw('classification', { a: 'dropout' }, []), 'a > a')],
  [
    'missing-input',
    'LSTM: nothing is connected to "Sequence".',
    without(good, 'embedding_1.out-lstm_1.in'),
  ],
  ['unknown-port', 'LSTM has no port "side".', wire(good, 'embedding_1 > lstm_1.side')],
  [
    'unknown-port',
    'Embedding has no port "state".',
    wire(good, 'embedding_1.state > lstm_1.state'),
  ],
  [
    'duplicate-edge-to-port',
    'LSTM: "Sequence" takes one connection, but has 2.',
    wire(good, 'embedding_1 > lstm_1'),
  ],
  [
    'dangling-edge',
    'A connection leads to the block "gone", which is not there.',
    wire(good, 'lstm_1.state > gone.state'),
  ],
  [
    'kind-mismatch',
    'LSTM: "Sequence" takes a sequence, but gets token ids (B × 40).',
    chain('classification', ['lstm', 'dense']),
  ],
  [
    'sequence-needed',
    'LSTM 2: "Sequence" takes a sequence, but gets a vector (B × 8).',
    chain('classification', ['embedding', ['lstm', { units: 8 }], 'lstm', 'dense']),
  ],
  [
    'vector-needed',
    'Dense: "Vector" takes a vector, but gets a sequence (B × 40 × 64).',
    chain('classification', ['embedding', 'dense']),
  ],
  [
    'vector-needed',
    'Dense: "Vector" takes a vector, but gets a sequence (B × 40 × 8).',
    chain('next-token', ['embedding', ['gru', { units: 8, ...all }], 'dense']),
  ],
  [
    'shape-mismatch',
    'Add: Add needs inputs with the same number of features, but they have 8, 4.',
    joined('add', ['lstm', { units: 8 }], ['lstm', { units: 4 }]),
  ],
  [
    'shape-mismatch',
    'Concatenate: Sequences and vectors can not be joined: one has a time axis, the other has none.',
    joined('concatenate', ['lstm', all], 'lstm'),
  ],
  [
    'state-mismatch',
    'LSTM 2: The initial state is a LSTM state, units 8, one direction, but this block starts from a LSTM state, units 4, one direction.',
    wire(
      joined('concatenate', ['lstm', { units: 8 }], ['lstm', { units: 4 }]),
      'first.state > second.state',
    ),
  ],
  [
    'no-head',
    'The graph has no head, so there is nothing to train towards.',
    draw('classification', { input: 'tokens-input' }, []),
  ],
  [
    'several-heads',
    'The graph has 2 heads (Classify, Classify 2); one is supported.',
    wire(
      {
        ...good,
        graph: {
          ...good.graph,
          nodes: [
            ...good.graph.nodes,
            { ...good.graph.nodes.at(-1)!, id: 'other', name: 'Classify 2' },
          ],
        },
      },
      'dense_1 > other',
    ),
  ],
  [
    'no-input',
    'The graph has no input.',
    draw('classification', { dense: 'dense', head: 'classify' }, ['dense > head']),
  ],
  [
    'task-mismatch',
    "Next token is made for next-token, but the project's data are for classification.",
    draw('classification', { input: 'tokens-input', head: 'next-token' }, ['input > head']),
  ],
  [
    'task-mismatch',
    "Number series brings numbers, but the project's data are text.",
    draw(
      'classification',
      { input: 'sequence-input', pool: 'pool-over-time', dense: 'dense', head: 'classify' },
      ['input > pool', 'pool > dense', 'dense > head'],
    ),
  ],
  [
    'unused-block',
    'GRU does not lead to Classify, so it is left out of training.',
    wire(
      { ...good, graph: { ...good.graph, nodes: [...good.graph.nodes, extra('gru', 'GRU')] } },
      'embedding_1 > extra',
    ),
  ],
  [
    'softmax-before-head',
    'Dense: softmax is applied twice, because Classify turns scores into probabilities already.',
    chain('classification', ['embedding', 'lstm', ['dense', { activation: 'softmax' }]]),
  ],
  [
    'units-mismatch',
    'Classify needs 2 scores (classes), but Dense gives 3.',
    chain('classification', ['embedding', 'lstm', ['dense', { units: 3 }]]),
  ],
  [
    'units-mismatch',
    'Classify needs 2 scores (classes), but LSTM gives 64.',
    chain('classification', ['embedding', 'lstm']),
  ],
  [
    'units-mismatch',
    'Classify each step needs 9 scores (tags), but GRU gives 64.',
    chain('tagging', ['embedding', ['gru', all]]),
  ],
  [
    'units-unknown',
    'Dense: Units are Auto, but the output does not go straight to a head that would say how many.',
    chain('classification', ['embedding', 'lstm', 'dense', 'dense']),
  ],
  [
    'duplicate-name',
    'Two blocks are called "LSTM".',
    {
      ...good,
      graph: { ...good.graph, nodes: good.graph.nodes.map((n) => ({ ...n, name: 'LSTM' })) },
    },
  ],
  [
    'sees-the-future',
    'Bidirectional reads the steps that Next token has to predict, so the model only copies them.',
    chain('next-token', ['embedding', ['bidirectional', all], 'time-distributed-dense']),
  ],
];

function extra(block: string, name: string) {
  return { id: 'extra', block, name, params: {}, position: { x: 0, y: 0 } };
}

function joined(block: string, first: BlockChoice, second: BlockChoice): ProjectDocument {
  return draw(
    'classification',
    {
      input: 'tokens-input',
      embedding: 'embedding',
      first,
      second,
      join: block,
      dense: 'dense',
      head: 'classify',
    },
    [
      'input > embedding',
      'embedding > first',
      'embedding > second',
      'first > join',
      'second > join',
      'join > dense',
      'dense > head',
    ],
  );
}

describe('analyze', () => {
  it('finds nothing wrong with a sound graph and gives its order, shapes and totals', () => {
    const analysis = analyze(good, sampleFacts('classification'));
    expect(analysis.problems).toEqual([]);
    expect(analysis.ready).toBe(true);
    expect(analysis.order).toEqual(['input', 'embedding_1', 'lstm_1', 'dense_1', 'head']);
    expect(analysis.edges['lstm_1.out-dense_1.in']).toEqual({ kind: 'vector', features: 64 });
    expect(analysis.totals.parameters).toBe(5000 * 64 + 4 * 64 * (64 + 64 + 1) + 64 * 2 + 2);
  });

  it.each(mistakes)('reports %s: %s', (code, message, document) => {
    const problem = problemsOf(document).find((p) => p.code === code && p.message === message);
    expect(problem, JSON.stringify(problemsOf(document), null, 1)).toBeDefined();
    const warnings = ['unused-block', 'softmax-before-head', 'duplicate-name', 'sees-the-future'];
    expect(problem?.severity).toBe(warnings.includes(code) ? 'warning' : 'error');
    expect(problem?.hint).not.toBe('');
  });

  it('names the block to blame, not those behind it', () => {
    const codes = problemsOf(chain('classification', ['lstm', 'dropout', 'dense'])).map(
      ({ code, node }) => [code, node],
    );
    expect(codes).toEqual([['kind-mismatch', 'lstm_1']]);
  });

  it('blames the head that is not connected, not every block that does not reach it', () => {
    const open = without(
      chain('classification', ['embedding', 'lstm', ['dense', { units: 2 }]]),
      'dense_1.out-head.in',
    );
    expect(problemsOf(open).map(({ code, node }) => [code, node])).toEqual([
      ['missing-input', 'head'],
    ]);
  });

  it('does not take a branch of unknown type for one that is not there', () => {
    const broken = joined('concatenate', ['lstm', { units: 0 }], ['lstm', { units: 4 }]);
    expect(problemsOf(broken).map(({ code }) => code)).toEqual(['invalid-params']);
  });

  it('does not warn of a backward look where only the step after the window is predicted', () => {
    expect(problemsOf(chain('next-token', ['embedding', 'bidirectional', 'dense']))).toEqual([]);
  });

  it('warns of a state that was made from the steps to predict', () => {
    const document = draw(
      'next-token',
      {
        input: 'tokens-input',
        embedding: 'embedding',
        reader: 'gru',
        writer: ['gru', all],
        dense: 'time-distributed-dense',
        head: 'next-token',
      },
      [
        'input > embedding',
        'embedding > reader',
        'embedding > writer',
        'reader.state > writer.state',
        'writer > dense',
        'dense > head',
      ],
    );
    expect(problemsOf(document).map(({ code, node }) => [code, node])).toEqual([
      ['sees-the-future', 'writer'],
    ]);
  });

  it('does not judge by the facts of the data that the project had before', () => {
    const analysis = analyze(chain('forecast', ['lstm', 'dense']), sampleFacts('classification'));
    expect(analysis.problems).toEqual([]);
    expect(analysis.ready).toBe(false);
  });

  it('puts errors before warnings', () => {
    const document = chain('classification', ['embedding', ['dense', { activation: 'softmax' }]]);
    const ranks = problemsOf(document).map(({ severity }) => severity);
    expect(ranks).toEqual([...ranks].sort());
  });

  it('takes less than 20 ms for 300 blocks', () => {
    const stack = Array.from({ length: 297 }, (): BlockChoice => ['lstm', all]);
    const document = chain('classification', ['embedding', ...stack]);
    const facts = sampleFacts('classification');
    const times = Array.from({ length: 9 }, () => {
      const start = performance.now();
      analyze(document, facts);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(20);
  });
});

describe('fixes', () => {
  const fixable = mistakes.flatMap(([code, message, document]) =>
    (problemsOf(document).find((p) => p.message === message)?.fixes ?? []).map(
      (fix) => [code, fix.label, document, fix.edits] as const,
    ),
  );

  it.each(fixable)('%s: "%s" mends the problem and can be undone', (code, _, document, edits) => {
    const count = (d: ProjectDocument) => problemsOf(d).filter((p) => p.code === code).length;
    const { document: fixed, inverse } = applyEdits(document, edits);
    expect(count(fixed)).toBe(count(document) - 1);
    expect(applyEdits(fixed, inverse).document).toEqual(document);
  });

  it('are offered where one click can help', () => {
    const labels = (code: string, document: ProjectDocument): string[] =>
      found(document, code).fixes.map(({ label }) => label);
    expect(
      labels('sequence-needed', chain('classification', ['embedding', 'lstm', 'lstm', 'dense'])),
    ).toEqual(['Return all steps']);
    expect(
      labels('vector-needed', chain('classification', ['embedding', ['lstm', all], 'dense'])),
    ).toEqual(['Return the last step', 'Insert Last step', 'Insert Pool over time']);
    expect(
      labels('vector-needed', chain('next-token', ['embedding', ['gru', all], 'dense'])),
    ).toEqual([
      'Return the last step',
      'Insert Last step',
      'Insert Pool over time',
      'Use Time-distributed dense',
    ]);
    expect(labels('kind-mismatch', chain('classification', ['lstm', 'dense']))).toEqual([
      'Insert Embedding',
    ]);
  });

  it.each([
    ['units-mismatch', chain('classification', ['embedding', 'lstm'])],
    ['units-mismatch', chain('tagging', ['embedding', ['gru', all]])],
    ['kind-mismatch', chain('classification', ['lstm', 'dense'])],
    ['vector-needed', chain('classification', ['embedding', ['lstm', all], 'dense'])],
    ['sequence-needed', chain('classification', ['embedding', 'lstm', 'lstm', 'dense'])],
    ['invalid-params', chain('classification', ['embedding', ['lstm', { units: 0 }], 'dense'])],
  ])('%s: the first fix leaves a graph that trains', (code, document) => {
    const { document: fixed } = applyEdits(document, found(document, code).fixes[0]!.edits);
    expect(problemsOf(fixed)).toEqual([]);
  });

  it('put back only the field that is wrong', () => {
    const params = { units: 0, ...all, dropout: 0.2 };
    const document = chain('classification', ['embedding', ['lstm', params], 'dense']);
    expect(found(document, 'invalid-params').fixes[0]?.edits).toEqual([
      { type: 'set-params', id: 'lstm_1', params: { ...all, dropout: 0.2 } },
    ]);
  });
});

describe('formatProblem', () => {
  it('is one line with severity, message, hint and code', () => {
    expect(formatProblem(found(mistakes[6]![2], 'missing-input'))).toBe(
      'error: LSTM: nothing is connected to "Sequence". Connect a sequence to it. [missing-input]',
    );
  });
});
