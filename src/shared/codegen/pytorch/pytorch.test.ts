import { expect, test } from 'vitest';
import { chain, sampleFacts, type BlockChoice } from '../../graph/samples.js';
import type { ProjectDocument } from '../../graph/document.js';
import { lower } from '../../ir/lower.js';
import type { IrProgram } from '../../ir/types.js';
import type { GeneratedExport } from '../types.js';
import { generatePyTorch } from './index.js';

const classifier = (...blocks: BlockChoice[]): ProjectDocument =>
  chain('classification', [['embedding', { units: 2 }], ...blocks, 'dense']);

function generated(document: ProjectDocument): { program: IrProgram; made: GeneratedExport } {
  const facts = sampleFacts(document.data.task);
  const program = lower(document, facts);
  return { program, made: generatePyTorch({ document, program, facts }) };
}

/** Each value tells where it was in Keras' layout: row 3, column 17 is 3.17. */
function tensors(document: ProjectDocument): Map<string, { shape: number[]; values: number[] }> {
  const { program, made } = generated(document);
  const parameters = new Map(
    program.parameters.map(({ id, shape }) => {
      const columns = shape.at(-1) ?? 1;
      const size = shape.reduce((product, n) => product * n, 1);
      const at = (i: number): number => Math.floor(i / columns) + (i % columns) / 100;
      return [id, Float32Array.from({ length: size }, (_, i) => at(i))];
    }),
  );
  const round = (value: number): number => Math.round(value * 100) / 100;
  return new Map(
    made.weights.flatMap(({ tensors: all }) =>
      all.map(({ name, shape, values }) => [
        name,
        { shape, values: Array.from(values(parameters), round) },
      ]),
    ),
  );
}

/** Columns of Keras' kernel that the rows of a tensor come from. */
const columnsOf = ({ shape, values }: { shape: number[]; values: number[] }): number[] => {
  const width = shape[1] ?? 1;
  return Array.from({ length: shape[0] ?? 0 }, (_, row) =>
    Math.round(((values[row * width] ?? 0) % 1) * 100),
  );
};

const tensor = (
  all: ReturnType<typeof tensors>,
  name: string,
): { shape: number[]; values: number[] } => {
  const found = all.get(name);
  if (found === undefined) throw new Error(`${name} is not in ${[...all.keys()].join(', ')}`);
  return found;
};

test('LSTM: gates stay i f g o, kernels are transposed, the second bias is zeros', () => {
  const all = tensors(classifier(['lstm', { units: 3 }]));
  const input = tensor(all, 'lstm.weight_ih_l0');
  expect(input.shape).toEqual([12, 2]);
  expect(input.values.slice(0, 4)).toEqual([0, 1, 0.01, 1.01]);
  expect(columnsOf(input)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(tensor(all, 'lstm.weight_hh_l0').shape).toEqual([12, 3]);
  expect(columnsOf(tensor(all, 'lstm.weight_hh_l0'))[5]).toBe(5);
  expect(tensor(all, 'lstm.bias_ih_l0').values[11]).toBe(0.11);
  expect(tensor(all, 'lstm.bias_hh_l0').values).toEqual(new Array(12).fill(0));
});

test('GRU: z r h becomes r z n, and each row of the bias has its place', () => {
  const all = tensors(classifier(['gru', { units: 2 }]));
  expect(columnsOf(tensor(all, 'gru.weight_ih_l0'))).toEqual([2, 3, 0, 1, 4, 5]);
  expect(columnsOf(tensor(all, 'gru.weight_hh_l0'))).toEqual([2, 3, 0, 1, 4, 5]);
  expect(tensor(all, 'gru.bias_ih_l0').values).toEqual([0.02, 0.03, 0, 0.01, 0.04, 0.05]);
  expect(tensor(all, 'gru.bias_hh_l0').values).toEqual([1.02, 1.03, 1, 1.01, 1.04, 1.05]);
});

test('GRU with the reset before: one bias, r z n', () => {
  const all = tensors(classifier(['gru', { units: 2, resetAfter: false }]));
  expect(tensor(all, 'gru.bias').values).toEqual([0.02, 0.03, 0, 0.01, 0.04, 0.05]);
  expect(all.has('gru.bias_hh')).toBe(false);
});

test('simple RNN: transposed', () => {
  const all = tensors(classifier(['simple-rnn', { units: 3 }]));
  expect(tensor(all, 'simple_rnn.weight_ih_l0')).toEqual({
    shape: [3, 2],
    values: [0, 1, 0.01, 1.01, 0.02, 1.02],
  });
});

test('two directions and several layers are one module where PyTorch has one', () => {
  const two = tensors(classifier(['bidirectional', { units: 3 }]));
  expect([...two.keys()].filter((name) => name.endsWith('_reverse'))).toHaveLength(4);
  const stacked = tensors(classifier(['stacked-rnn', { units: [3, 3] }]));
  expect(tensor(stacked, 'stacked_rnn.weight_ih_l1').shape).toEqual([12, 3]);
});

test('layers of different sizes, and directions with dropout of their own, are modules of their own', () => {
  const stacked = tensors(classifier(['stacked-rnn', { units: [3, 4] }]));
  expect(tensor(stacked, 'stacked_rnn.1.weight_ih_l0').shape).toEqual([16, 3]);
  const dropped = tensors(classifier(['bidirectional', { units: 3, recurrentDropout: 0.5 }]));
  expect(tensor(dropped, 'bidirectional_backward.weight_hh').shape).toEqual([12, 3]);
});

test('dense, layer norm and attention', () => {
  const all = tensors(
    classifier(
      'layer-norm',
      ['lstm', { units: 3, output: 'all steps' }],
      ['attention', { units: 5 }],
    ),
  );
  expect(tensor(all, 'dense.weight').shape).toEqual([2, 3]);
  expect(tensor(all, 'dense.weight').values).toEqual([0, 1, 2, 0.01, 1.01, 2.01]);
  expect(tensor(all, 'layer_norm.weight').shape).toEqual([2]);
  expect(tensor(all, 'attention.memory.weight').shape).toEqual([5, 3]);
  expect(tensor(all, 'attention.memory.bias').shape).toEqual([5]);
  expect(tensor(all, 'attention.score.weight').shape).toEqual([1, 5]);
});

test('every block has lines of model.py, and they name it', () => {
  const document = classifier('dropout', ['lstm', { output: 'all steps' }], 'attention');
  const model = generated(document).made.files.find(({ path }) => path === 'model.py');
  const lines = model?.text.split('\n') ?? [];
  const linesOf = (node: string): string[] =>
    (model?.spans ?? [])
      .filter((span) => span.node === node)
      .flatMap(({ from, to }) => lines.slice(from - 1, to).map((line) => line.trim()));
  for (const { id } of document.graph.nodes) expect(linesOf(id), id).not.toEqual([]);
  expect(linesOf('lstm_1')).toEqual([
    'self.lstm = nn.LSTM(2, 64, batch_first=True)',
    'freeze_second_bias(self.lstm)',
    'initialize_rnn(self.lstm)',
    'x, _ = run_rnn(self.lstm, x, lengths)  # [batch, time, 64]',
  ]);
});

test('only what the network needs is written', () => {
  const pathsOf = (document: ProjectDocument): string[] =>
    generated(document).made.files.map(({ path }) => path);
  const plain = chain('forecast', ['last-step', 'dense']);
  expect(pathsOf(plain)).not.toContain('layers.py');
  const { files } = generated(classifier('pool-over-time')).made;
  const layers = files.find(({ path }) => path === 'layers.py')?.text ?? '';
  expect(layers.match(/^(?:def|class) \w+/gm)).toEqual(['def step_mask', 'def masked_max']);
  const requirements = files.find(({ path }) => path === 'requirements.txt')?.text;
  expect(requirements).toBe('torch>=1.13\nsafetensors>=0.4.3\nnumpy\nregex\n');
});
