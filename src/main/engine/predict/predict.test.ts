import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleGraphs } from '#shared/catalog/example-graphs';
import type { Preprocessing } from '#shared/data/preprocessing';
import type { ProjectDocument } from '#shared/graph/document';
import { draw, sampleFacts } from '#shared/graph/samples';
import { lower } from '#shared/ir/lower';
import { greedy, longestAttentionMap, type AttentionMap } from '#shared/run/prediction';
import { compile, initialWeights } from '../compile/model.js';
import { openDevice } from '../devices/index.js';
import type { Device } from '../devices/types.js';
import type { TrainedRun } from './load.js';
import { predict, readInput } from './predict.js';
import { predictPrefixes } from './prefixes.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice('cpu');
});
afterAll(() => device.dispose());

/** With random weights: what is promised here holds for any. */
function untrained(document: ProjectDocument): TrainedRun {
  const { data } = document;
  const facts = sampleFacts(data.task);
  const labels = Array.from({ length: facts.output.size }, (_, id) => `label ${id}`);
  const vocabulary = ['<pad>', '<unk>', ...Array.from({ length: 4998 }, (_, id) => `w${id}`)];
  const preprocessing: Preprocessing = { recipe: data, vocabulary, labels, scaler: null };
  const program = lower(document, facts);
  // Ten times the usual weights, so that answers and attention differ from token to token.
  const weights = initialWeights(program, 3).map((weight) => 10 * weight);
  return { model: compile(program, device, weights), preprocessing };
}

const noData = (): Promise<never> => Promise.reject(new Error('asked for the data'));
const ask = (run: TrainedRun, text: string) =>
  predict({
    run,
    request: { input: { kind: 'text', text }, length: 0, horizon: null, ...greedy },
    data: noData,
  });
const words = Array.from({ length: 37 }, (_, i) => (i === 5 ? 'zyzzx' : `w${(i * 13) % 40}`));

const classifiers = Object.entries(exampleGraphs).filter(([, graphs]) =>
  graphs.some(({ data }) => data.task === 'classification'),
);

describe('the prefixes of a text', () => {
  test.each(classifiers)(
    'through %s: each is answered as if it were asked alone, to 1e-5',
    async (_block, graphs) => {
      for (const document of graphs.filter(({ data }) => data.task === 'classification')) {
        const run = untrained(document);
        const input = await readInput(run, { kind: 'text', text: words.join(' ') }, noData);
        const prefixes = await predictPrefixes(run, input, new AbortController().signal);
        expect(prefixes.tokens).toHaveLength(words.length);
        expect(prefixes.tokens[5]).toBe('<unk>');
        // More than one batch, odd sizes, and a text of one token.
        for (const length of [1, 2, 31, 32, 33, 37]) {
          const alone = await ask(run, words.slice(0, length).join(' '));
          if (alone.kind !== 'classification') throw new Error(alone.kind);
          for (const { label, probability } of alone.ranked) {
            const among = prefixes.probabilities[length - 1]?.[prefixes.labels.indexOf(label)];
            expect(Math.abs((among ?? NaN) - probability)).toBeLessThan(1e-5);
          }
        }
        run.model.dispose();
      }
    },
  );

  test('can be called off between two batches', async () => {
    const [document] = exampleGraphs['lstm'] ?? [];
    if (document === undefined) throw new Error('no example');
    const run = untrained(document);
    const input = await readInput(run, { kind: 'text', text: words.join(' ') }, noData);
    const controller = new AbortController();
    const answer = predictPrefixes(run, input, controller.signal);
    controller.abort(new Error('typed on'));
    await expect(answer).rejects.toThrow('typed on');
    run.model.dispose();
  });
});

/** Straight from the embedded words, so that the reference needs no recurrence. */
const kinds = ['additive', 'dot', 'additive per step', 'dot per step'] as const;
type Kind = (typeof kinds)[number];
const attending = (kind: Kind): ProjectDocument => {
  const perStep = kind.endsWith('per step');
  const params = kind.startsWith('dot') ? { score: 'dot' } : { score: 'additive', units: 5 };
  return draw(
    perStep ? 'tagging' : 'classification',
    {
      input: 'tokens-input',
      embedding: ['embedding', { units: 6 }],
      attention: ['attention', params],
      scores: perStep ? 'time-distributed-dense' : 'dense',
      head: perStep ? 'classify-each-step' : 'classify',
    },
    [
      'input > embedding',
      'embedding > attention.memory',
      ...(perStep ? ['embedding > attention.query'] : []),
      'attention > scores',
      'scores > head',
    ],
  );
};

/** The parameter's rows; a vector is one row. */
async function rowsOf({ model }: TrainedRun, id: string): Promise<number[][]> {
  const parameter = model.parameters.find(({ spec }) => spec.id === id);
  if (parameter === undefined) throw new Error(`no parameter ${id}`);
  const columns = parameter.spec.shape.at(-1) ?? 1;
  const flat = Array.from(await parameter.variable.data());
  return Array.from({ length: flat.length / columns }, (_, row) =>
    flat.slice(row * columns, (row + 1) * columns),
  );
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] ?? NaN), 0);
const times = (row: readonly number[], matrix: readonly number[][]): number[] =>
  (matrix[0] ?? []).map((_, i) =>
    dot(
      row,
      matrix.map((line) => line[i] ?? NaN),
    ),
  );

/** Bahdanau et al. 2015, section 3.1, and Vaswani et al. 2017, equation 1, in plain loops; [query][step]. */
async function reference(run: TrainedRun, kind: Kind, ids: readonly number[]): Promise<number[][]> {
  const of = (name: string): Promise<number[][]> => rowsOf(run, `attention/${name}`);
  const table = await rowsOf(run, 'embedding/embeddings');
  const memory = ids.map((id) => table[id] ?? []);
  const [vector = []] = kind === 'dot per step' ? [] : await of('vector');
  const scores = async (): Promise<number[][]> => {
    if (kind === 'dot per step')
      return memory.map((query) => memory.map((step) => dot(query, step) / Math.sqrt(6)));
    if (kind === 'dot') return [memory.map((step) => dot(vector, step) / Math.sqrt(6))];
    const [bias = []] = await of('bias');
    const kernel = await of('memory_kernel');
    const queryKernel = kind === 'additive' ? null : await of('query_kernel');
    return (queryKernel === null ? [null] : memory).map((query) => {
      const asked = query === null || queryKernel === null ? null : times(query, queryKernel);
      return memory.map((step) =>
        dot(
          vector,
          times(step, kernel).map((x, i) => Math.tanh(x + (asked?.[i] ?? 0) + (bias[i] ?? NaN))),
        ),
      );
    });
  };
  return (await scores()).map((row) => {
    const powers = row.map((score) => Math.exp(score));
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map((power) => power / sum);
  });
}

describe('attention', () => {
  test.each(kinds)('%s: its weights agree with plain loops to 1e-5', async (kind) => {
    const document = attending(kind);
    const run = untrained(document);
    const some = words.slice(0, 9);
    const answer = await ask(run, some.join(' '));
    if (answer.kind === 'forecast') throw new Error(answer.kind);
    const [map, ...others] = answer.attention;
    expect(others).toEqual([]);
    expect(map).toMatchObject({ node: 'attention', perStep: kind.endsWith('per step') });
    const { input } = await readInput(run, { kind: 'text', text: some.join(' ') }, noData);
    if (input.kind !== 'tokens') throw new Error(input.kind);
    const expected = await reference(run, kind, [...input.ids]);
    expect(map?.weights).toHaveLength(expected.length);
    for (const [query, row] of expected.entries()) {
      const own = map?.weights[query] ?? [];
      expect(own).toHaveLength(row.length);
      expect(Math.max(...row) - Math.min(...row)).toBeGreaterThan(0.01);
      row.forEach((weight, i) => expect(Math.abs(weight - (own[i] ?? NaN))).toBeLessThan(1e-5));
    }
    run.model.dispose();
  });

  test('sums to one over the real steps, whatever the graph, and is left out where it grows too large', async () => {
    for (const document of exampleGraphs['attention'] ?? []) {
      const run = untrained(document);
      const check = (maps: readonly AttentionMap[], length: number, queries: number): void => {
        expect(maps).toHaveLength(1);
        const [map] = maps;
        expect(map?.weights).toHaveLength(map?.perStep === true ? queries : 1);
        for (const row of map?.weights ?? []) {
          expect(row).toHaveLength(length);
          expect(Math.abs(row.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-5);
        }
      };
      const short = await ask(run, words.join(' '));
      if (short.kind === 'forecast') throw new Error(short.kind);
      check(short.attention, words.length, words.length);
      const long = await predictLong(document, longestAttentionMap + 1);
      check(long, longestAttentionMap + 1, 0);
      run.model.dispose();
    }
  });
});

async function predictLong(document: ProjectDocument, length: number): Promise<AttentionMap[]> {
  const run = untrained(document);
  const { data } = document;
  if (data.task !== 'classification' && data.task !== 'tagging') throw new Error(data.task);
  run.preprocessing = {
    ...run.preprocessing,
    recipe: { ...data, maximumTimeSteps: length },
  };
  const answer = await ask(run, Array.from({ length }, (_, i) => `w${i}`).join(' '));
  run.model.dispose();
  if (answer.kind === 'forecast') throw new Error(answer.kind);
  return answer.attention;
}
