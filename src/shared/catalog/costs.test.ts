/**
 * Costs against formulas worked out by hand. A multiply-add is two operations, so a product [m, k] × [k, n]
 * costs 2·m·k·n (Golub & Van Loan, Matrix Computations, 1.1.15); the gates are those of the cells' papers.
 */
import { describe, expect, it } from 'vitest';
import { analyze, type NodeAnalysis } from '../graph/analyze.js';
import type { ProjectDocument } from '../graph/document.js';
import { chain, draw, sampleFacts, type BlockChoice } from '../graph/samples.js';
import type { Cost } from './define.js';

const all = { output: 'all steps' };
const embedding: BlockChoice = ['embedding', { units: 64 }];

function nodeOf(document: ProjectDocument, id: string): NodeAnalysis {
  const node = analyze(document, sampleFacts(document.data.task)).nodes[id];
  if (node === undefined) throw new Error(`no node ${id}`);
  return node;
}
const costOf = (document: ProjectDocument, id: string): Cost => nodeOf(document, id).cost;

/** Rows of the samples have 20 real steps on average. */
const T = 20;
const I = 64;
const H = 128;

describe('recurrent cells', () => {
  const cost = (choice: BlockChoice): Cost =>
    costOf(chain('classification', [embedding, choice, 'dense']), `${choice[0]}_1`);

  it('LSTM: T·(2·4H·(I+H) + 17H), six values a unit and step kept', () => {
    expect(cost(['lstm', { units: H }])).toEqual({
      flops: T * (2 * 4 * H * (I + H) + 17 * H),
      sequentialSteps: T,
      activationBytes: 4 * T * 6 * H,
      formula: '2·T·4H·(I+H) + 17·T·H',
    });
  });
  it('GRU: T·(2·3H·(I+H) + 14H), five values kept', () => {
    expect(cost(['gru', { units: H }])).toMatchObject({
      flops: T * (2 * 3 * H * (I + H) + 14 * H),
      activationBytes: 4 * T * 5 * H,
    });
  });
  it('Simple RNN: T·(2·H·(I+H) + 3H), the state alone kept', () => {
    expect(cost(['simple-rnn', { units: H }])).toMatchObject({
      flops: T * (2 * H * (I + H) + 3 * H),
      activationBytes: 4 * T * H,
    });
  });
  it('Bidirectional: twice one direction', () => {
    const one = cost(['gru', { units: H }]);
    expect(cost(['bidirectional', { cell: 'gru', units: H }])).toMatchObject({
      flops: 2 * one.flops,
      sequentialSteps: 2 * T,
      activationBytes: 2 * one.activationBytes,
    });
  });
  it('Stacked: the second layer reads the first layer’s units', () => {
    expect(cost(['stacked-rnn', { cell: 'lstm', units: [H, 32] }])).toMatchObject({
      flops: T * (2 * 4 * H * (I + H) + 17 * H) + T * (2 * 4 * 32 * (H + 32) + 17 * 32),
      sequentialSteps: 2 * T,
    });
  });
});

describe('attention over T steps of F features', () => {
  const F = H;
  const memory: BlockChoice = ['lstm', { units: F, ...all }];
  it('additive, learned query: project, add, tanh, score, softmax, mean', () => {
    const U = 32;
    const document = chain('classification', [
      embedding,
      memory,
      ['attention', { score: 'additive', units: U }],
      'dense',
    ]);
    expect(costOf(document, 'attention_1').flops).toBe(
      2 * T * F * U + (1 + 1 + 2) * T * U + 5 * T + 2 * T * F,
    );
  });
  it('dot product of every step with every step: O(T²·F)', () => {
    const document = draw(
      'tagging',
      {
        input: 'tokens-input',
        embedding,
        states: memory,
        attention: ['attention', { score: 'dot' }],
        scores: 'time-distributed-dense',
        head: 'classify-each-step',
      },
      [
        'input > embedding',
        'embedding > states',
        'states > attention.memory',
        'states > attention.query',
        'attention > scores',
        'scores > head',
      ],
    );
    const { flops, activationBytes } = costOf(document, 'attention');
    expect(flops).toBe(2 * T * T * F + 5 * T * T + 2 * T * T * F);
    expect(activationBytes).toBe(4 * (2 * T * T + T * F));
  });
});

describe('the other blocks', () => {
  const document = chain('classification', [
    embedding,
    ['lstm', { units: H, ...all }],
    'layer-norm',
    'dropout',
    'pool-over-time',
    ['dense', { units: 32, activation: 'relu' }],
    'dense',
  ]);
  it.each<[string, string, number, number]>([
    ['Embedding looks up and keeps the vectors', 'embedding_1', 0, T * I],
    ['Layer norm', 'layer-norm_1', 8 * T * H, 2 * T * H],
    ['Dropout', 'dropout_1', T * H, 2 * T * H],
    ['Pooling', 'pool-over-time_1', T * H, H],
    ['Dense with bias and relu: 2·I·O + O + O', 'dense_1', 2 * H * 32 + 32 + 32, 32],
    ['Dense with bias, linear: 2·I·O + O', 'dense_2', 2 * 32 * 2 + 2, 2],
    ['Softmax of two classes', 'head', 5 * 2, 2],
  ])('%s', (_, id, flops, values) => {
    const { cost } = nodeOf(document, id);
    expect(cost).toMatchObject({ flops, activationBytes: 4 * values, sequentialSteps: 0 });
  });
  it('a head that predicts each step costs T times as much', () => {
    const steps = chain('tagging', [embedding, ['lstm', all], 'time-distributed-dense']);
    expect(costOf(steps, 'time-distributed-dense_1').flops).toBe(T * (2 * 64 * 9 + 9));
    expect(costOf(steps, 'head').flops).toBe(5 * T * 9);
  });
  it('Add sums n − 1 times, Concatenate copies', () => {
    const joined = (block: string): Cost =>
      costOf(
        draw(
          'classification',
          {
            input: 'tokens-input',
            embedding,
            a: 'lstm',
            b: 'lstm',
            join: block,
            scores: 'dense',
            head: 'classify',
          },
          [
            'input > embedding',
            'embedding > a',
            'embedding > b',
            'a > join',
            'b > join',
            'join > scores',
            'scores > head',
          ],
        ),
        'join',
      );
    expect(joined('add')).toMatchObject({ flops: 64, activationBytes: 4 * 64 });
    expect(joined('concatenate')).toMatchObject({ flops: 0, activationBytes: 4 * 128 });
  });
});
