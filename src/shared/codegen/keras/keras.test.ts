import { describe, expect, test } from 'vitest';
import { exampleGraphs } from '../../catalog/example-graphs.js';
import { chain, draw, sampleFacts } from '../../graph/samples.js';
import { lower } from '../../ir/lower.js';
import { nameOf } from '../modules.js';
import { snakeCase } from '../names.js';
import type { ProjectDocument } from '../../graph/document.js';
import { generateKeras } from './index.js';

const generate = (document: ProjectDocument) => {
  const facts = sampleFacts(document.data.task);
  return generateKeras({ document, facts, program: lower(document, facts) });
};
const fileOf = (document: ProjectDocument, path: string) => {
  const file = generate(document).files.find((one) => one.path === path);
  if (file === undefined) throw new Error(`no ${path}`);
  return file;
};
const namesOf = (document: ProjectDocument): string[] =>
  (generate(document).weights[0]?.tensors ?? []).map(({ name }) => name);

const all = { output: 'all steps' };

test('every block that is in the program has its lines in model.py, with its name in them', () => {
  for (const document of Object.values(exampleGraphs).flat()) {
    const { text, spans } = fileOf(document, 'model.py');
    const lines = text.split('\n');
    for (const node of document.graph.nodes) {
      const own = spans
        .filter((span) => span.node === node.id)
        .flatMap(({ from, to }) => lines.slice(from - 1, to));
      expect(own.length, node.id).toBeGreaterThan(0);
      const isEnd = /input|classify|regress|next-token/.test(node.block);
      if (!isEnd) expect(own.join('\n')).toContain(`"${snakeCase(nameOf(document, node.id))}`);
    }
  }
});

test('a graph of stock layers needs no layer of its own, and a model without padding no lengths', () => {
  const { text } = fileOf(
    chain('next-token', ['embedding', ['gru', all], 'time-distributed-dense']),
    'model.py',
  );
  expect(text).not.toMatch(/class |ops|lengths|mask/);
});

describe('the HDF5 group of a layer', () => {
  test('is its class and its number among those of that class', () => {
    const document = chain('classification', [
      'embedding',
      ['lstm', all],
      ['bidirectional', { cell: 'gru' }],
      ['dense', { units: 5 }],
      'layer-norm',
      'dense',
    ]);
    expect(namesOf(document)).toEqual([
      'layers/embedding/vars/0',
      'layers/lstm/cell/vars/0',
      'layers/lstm/cell/vars/1',
      'layers/lstm/cell/vars/2',
      ...['forward', 'backward'].flatMap((direction) =>
        [0, 1, 2].map((i) => `layers/bidirectional/${direction}_layer/cell/vars/${i}`),
      ),
      'layers/dense/vars/0',
      'layers/dense/vars/1',
      'layers/layer_normalization/vars/0',
      'layers/layer_normalization/vars/1',
      'layers/dense_1/vars/0',
      'layers/dense_1/vars/1',
    ]);
  });

  test('is numbered from the layer that is farthest from the output', () => {
    // `near` is drawn first, but `far` has a layer more to go.
    const document = draw(
      'classification',
      {
        input: 'tokens-input',
        embedding: 'embedding',
        near: ['lstm', { units: 3 }],
        far: ['lstm', { units: 2 }],
        between: ['dense', { units: 3 }],
        join: 'add',
        scores: 'dense',
        head: 'classify',
      },
      [
        'input > embedding',
        'embedding > near',
        'embedding > far',
        'far > between',
        'near > join',
        'between > join',
        'join > scores',
        'scores > head',
      ],
    );
    const { weights } = generate(document);
    const shapes = new Map(weights[0]?.tensors.map(({ name, shape }) => [name, shape]));
    expect(shapes.get('layers/lstm/cell/vars/1')).toEqual([2, 8]);
    expect(shapes.get('layers/lstm_1/cell/vars/1')).toEqual([3, 12]);
  });
});

test('a penalty, an activation and a gate order are arguments of the layer', () => {
  const { text } = fileOf(
    chain('classification', [
      'embedding',
      ['gru', { units: 4, resetAfter: false, l2: 0.01, ...all }],
      ['simple-rnn', { units: 3, activation: 'relu' }],
      'dense',
    ]),
    'model.py',
  );
  expect(text).toContain('reset_after=False');
  expect(text).toContain('kernel_regularizer=keras.regularizers.L2(0.01)');
  expect(text).toContain('recurrent_regularizer=keras.regularizers.L2(0.01)');
  expect(text).toContain('activation="relu"');
});
