/**
 * Graphs that use every block in each of its ways, for tests that walk the catalog: checks and lowering
 * here, the compiler and the code generators elsewhere. A block without a graph fails the walk.
 */
import type { ProjectDocument } from '../graph/document.js';
import { chain, draw, type BlockChoice } from '../graph/samples.js';

const all = { output: 'all steps' };
const text = (...choices: BlockChoice[]): ProjectDocument =>
  chain('classification', ['embedding', ...choices]);

/** An LSTM's states, attended to from a query that another LSTM makes of the same text. */
const attended = (params: Record<string, string>, perStep: boolean): ProjectDocument =>
  draw(
    perStep ? 'tagging' : 'classification',
    {
      input: 'tokens-input',
      embedding: 'embedding',
      memory: ['lstm', all],
      query: ['lstm', perStep ? all : {}],
      attention: ['attention', params],
      scores: perStep ? 'time-distributed-dense' : 'dense',
      head: perStep ? 'classify-each-step' : 'classify',
    },
    [
      'input > embedding',
      'embedding > memory',
      'embedding > query',
      'memory > attention.memory',
      'query > attention.query',
      'attention > scores',
      'scores > head',
    ],
  );

/** Two recurrences side by side, joined, and a state handed from one block to the next. */
export const joined = (block: string, output: Record<string, string>): ProjectDocument =>
  draw(
    'classification',
    {
      input: 'tokens-input',
      embedding: 'embedding',
      first: ['lstm', output],
      second: ['lstm', output],
      join: block,
      pool: output === all ? 'pool-over-time' : 'dropout',
      scores: 'dense',
      head: 'classify',
    },
    [
      'input > embedding',
      'embedding > first',
      'embedding > second',
      'first.state > second.state',
      'first > join',
      'second > join',
      'join > pool',
      'pool > scores',
      'scores > head',
    ],
  );

const handedOn = (block: string, params: Record<string, string> = {}): ProjectDocument =>
  draw(
    'classification',
    {
      input: 'tokens-input',
      embedding: 'embedding',
      first: [block, params],
      second: [block, params],
      scores: 'dense',
      head: 'classify',
    },
    [
      'input > embedding',
      'embedding > first',
      'embedding > second',
      'first.state > second.state',
      'second > scores',
      'scores > head',
    ],
  );

/** By block id. */
export const exampleGraphs: Readonly<Record<string, readonly ProjectDocument[]>> = {
  'tokens-input': [text('lstm', 'dense')],
  'sequence-input': [chain('forecast', ['gru', 'dense'])],
  embedding: [text('pool-over-time', 'dense')],
  'simple-rnn': [
    text(['simple-rnn', { activation: 'relu', direction: 'backward' }], 'dense'),
    handedOn('simple-rnn'),
  ],
  lstm: [text(['lstm', all], ['lstm', all], 'last-step', 'dense'), handedOn('lstm')],
  gru: [text(['gru', { resetAfter: false, l2: 0.01 }], 'dense'), handedOn('gru')],
  bidirectional: [
    ...['concat', 'sum', 'mul', 'average'].flatMap((merge) => [
      text(['bidirectional', { merge, cell: 'gru' }], 'dense'),
      text(['bidirectional', { merge, ...all }], 'pool-over-time', 'dense'),
    ]),
    handedOn('bidirectional'),
  ],
  'stacked-rnn': [
    text(['stacked-rnn', { units: [8, 4, 2], betweenDropout: 0.2 }], 'dense'),
    text(['stacked-rnn', { cell: 'rnn', ...all }], 'attention', 'dense'),
    handedOn('stacked-rnn'),
  ],
  attention: ['additive', 'dot'].flatMap((score) => [
    text(['lstm', all], ['attention', { score }], 'dense'),
    attended({ score }, false),
    attended({ score }, true),
  ]),
  dense: [text('lstm', ['dense', { units: 8, activation: 'gelu', bias: false }], 'dense')],
  'time-distributed-dense': [
    chain('next-token', ['embedding', ['gru', all], 'time-distributed-dense']),
  ],
  dropout: [text('dropout', 'lstm', 'dropout', 'dense')],
  'layer-norm': [text('layer-norm', 'lstm', 'layer-norm', 'dense')],
  'last-step': [text(['bidirectional', all], 'last-step', 'dense')],
  'pool-over-time': ['max', 'mean', 'sum'].map((mode) =>
    text(['pool-over-time', { mode }], 'dense'),
  ),
  concatenate: [joined('concatenate', all), joined('concatenate', {})],
  add: [joined('add', all), joined('add', {})],
  classify: [text('lstm', 'dense')],
  'classify-each-step': [
    chain('tagging', ['embedding', ['bidirectional', all], 'time-distributed-dense']),
  ],
  regress: ['mse', 'mae', 'huber'].map((loss) => chain('forecast', ['lstm', 'dense'], { loss })),
  'next-token': [
    chain('next-token', ['embedding', 'lstm', 'dense']),
    chain('next-token', ['embedding', ['lstm', all], 'time-distributed-dense']),
  ],
};
