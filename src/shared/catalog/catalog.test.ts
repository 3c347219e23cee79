import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { analyze, type NodeAnalysis } from '../graph/analyze.js';
import type { ProjectDocument } from '../graph/document.js';
import { chain, sampleFacts, type BlockChoice } from '../graph/samples.js';
import { formatShape } from '../graph/values.js';
import { lower } from '../ir/lower.js';
import { categories } from './define.js';
import { exampleGraphs, joined } from './example-graphs.js';
import { blocks, categoryTitles, findBlock } from './index.js';

const all = { output: 'all steps' };
const text = (...choices: BlockChoice[]): ProjectDocument =>
  chain('classification', ['embedding', ...choices]);

const analysisOf = (document: ProjectDocument, id: string): NodeAnalysis => {
  const node = analyze(document, sampleFacts(document.data.task)).nodes[id];
  if (node === undefined) throw new Error(`no node ${id}`);
  return node;
};

describe('the catalog', () => {
  it('has every block once, under a category with a title', () => {
    expect(new Set(blocks.map(({ id }) => id)).size).toBe(blocks.length);
    for (const { id, category } of blocks) {
      expect(findBlock(id)?.id).toBe(id);
      expect(categories).toContain(category);
      expect(categoryTitles[category]).not.toBe('');
    }
    expect(findBlock('constructor')).toBeUndefined();
  });

  it.each(blocks.map(({ id }) => id))('declares %s in a file of its name', (id) => {
    const source = readFileSync(new URL(`./${id}.ts`, import.meta.url), 'utf8');
    expect(source.match(/defineBlock\(/g)).toHaveLength(1);
  });
});

describe.each(blocks.map((block) => [block.id, block] as const))('%s', (id, block) => {
  it('has defaults that its own schema takes, and refuses what it does not know', () => {
    expect(block.parse(block.defaults()).ok).toBe(true);
    expect(block.parse({}).ok).toBe(true);
    expect(block.parse({ ...block.defaults(), surprise: 1 }).ok).toBe(false);
  });

  it('has a title and a description on every field, so that forms explain themselves', () => {
    const schema = z.toJSONSchema(block.params);
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      expect(field, name).toMatchObject({
        title: expect.stringMatching(/^[A-Z]/),
        description: expect.stringMatching(/\.$/),
      });
    }
  });

  it('is documented', () => {
    const { summary, body, equations, sources } = block.docs;
    expect(summary).toMatch(/\.$/);
    expect(body.length).toBeGreaterThan(80);
    if (['recurrent', 'attention'].includes(block.category)) {
      expect(equations.length).toBeGreaterThan(0);
      expect(sources.length).toBeGreaterThan(0);
    }
  });

  it('lowers in every example to a program that passes the verifier', () => {
    const documents = exampleGraphs[id] ?? [];
    expect(documents).not.toEqual([]);
    for (const document of documents) {
      const facts = sampleFacts(document.data.task);
      const { problems, nodes, totals } = analyze(document, facts);
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      const used = document.graph.nodes.filter((node) => node.block === id);
      expect(used.length).toBeGreaterThan(0);
      const program = lower(document, facts);
      const sizes = program.parameters.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
      expect(sizes.reduce((a, b) => a + b, 0)).toBe(totals.parameters);
      for (const { id: node } of used) {
        const { cost, outputs } = nodes[node]!;
        expect(Number.isFinite(cost.flops) && cost.flops >= 0).toBe(true);
        expect(nodes[node]!.facts.length, 'key numbers').toBeGreaterThanOrEqual(2);
        expect(nodes[node]!.facts.length, 'key numbers').toBeLessThanOrEqual(4);
        expect(Object.values(outputs)).not.toContain(null);
      }
    }
  });

  it('gives shapes without numbers, and no error, before the data is known', () => {
    for (const document of exampleGraphs[id] ?? []) {
      const { problems, ready } = analyze(document, null);
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(ready).toBe(false);
    }
  });
});

describe('parameter counts are those of Keras', () => {
  const embedding: BlockChoice = ['embedding', { units: 64 }];
  const units = 128;
  it.each<[string, BlockChoice, number]>([
    ['Simple RNN(128) on 64 inputs', ['simple-rnn', { units }], 24_704],
    ['LSTM(128) on 64 inputs', ['lstm', { units }], 98_816],
    ['GRU(128), reset after', ['gru', { units }], 74_496],
    ['GRU(128), reset before', ['gru', { units, resetAfter: false }], 74_112],
    ['Bidirectional(LSTM(128))', ['bidirectional', { units }], 197_632],
    ['LSTM(128), LSTM(64)', ['stacked-rnn', { units: [128, 64] }], 148_224],
  ])('%s', (_, choice, count) => {
    const document = chain('classification', [embedding, choice, 'dense']);
    expect(analysisOf(document, `${choice[0]}_1`).parameterCount).toBe(count);
  });
  it('Embedding(5000, 64), Dense(2) on 128, attention of 32 units on 128 features', () => {
    const memory: BlockChoice = ['lstm', { units, ...all }];
    const attention: BlockChoice = ['attention', { units: 32 }];
    const document = chain('classification', [embedding, memory, attention, 'dense']);
    expect(analysisOf(document, 'embedding_1').parameterCount).toBe(320_000);
    expect(analysisOf(document, 'attention_1').parameterCount).toBe(128 * 32 + 32 + 32);
    expect(analysisOf(document, 'dense_1').parameterCount).toBe(258);
  });
});

describe('initial values', () => {
  const initializers = (document: ProjectDocument, id: string) =>
    Object.fromEntries(
      analysisOf(document, id).parameters.map((p) => [p.name, p.initializer.kind]),
    );

  it('start an LSTM with a forget bias of one and an orthogonal recurrence', () => {
    expect(initializers(text('lstm', 'dense'), 'lstm_1')).toEqual({
      kernel: 'glorot-uniform',
      recurrent_kernel: 'orthogonal',
      bias: 'forget-bias',
    });
  });
  it('name the weights of each direction and layer', () => {
    expect(Object.keys(initializers(text('bidirectional', 'dense'), 'bidirectional_1'))).toContain(
      'backward/recurrent_kernel',
    );
    expect(Object.keys(initializers(text('stacked-rnn', 'dense'), 'stacked-rnn_1'))).toContain(
      'layer_2/kernel',
    );
  });
  it('put L2 on both kernels and not on the bias', () => {
    const { parameters } = analysisOf(text(['gru', { l2: 0.5 }], 'dense'), 'gru_1');
    expect(parameters.map(({ l2 }) => l2)).toEqual([0.5, 0.5, 0]);
  });
});

describe('shapes', () => {
  const shapeOf = (document: ProjectDocument, id: string): string => {
    const { out } = analysisOf(document, id).outputs;
    return out ? formatShape(out) : '?';
  };
  it('grow only with concatenation of directions', () => {
    const size = (merge: string): string =>
      shapeOf(text(['bidirectional', { merge, units: 8 }], 'dense'), 'bidirectional_1');
    expect(['concat', 'sum', 'mul', 'average'].map(size)).toEqual([
      'B × 16',
      'B × 8',
      'B × 8',
      'B × 8',
    ]);
  });
  it('keep the time axis with all steps and lose it with the last', () => {
    expect(shapeOf(text('lstm', 'dense'), 'lstm_1')).toBe('B × 64');
    expect(shapeOf(text(['lstm', all], 'attention', 'dense'), 'lstm_1')).toBe('B × 40 × 64');
  });
  it('take what the head needs where Dense units are Auto', () => {
    expect(shapeOf(text('lstm', 'dense'), 'dense_1')).toBe('B × 2');
    expect(shapeOf(chain('forecast', ['lstm', 'dense']), 'dense_1')).toBe('B × 7');
  });
  it('add up the features that Concatenate joins', () => {
    expect(shapeOf(joined('concatenate', all), 'join')).toBe('B × 40 × 128');
    expect(shapeOf(joined('add', {}), 'join')).toBe('B × 64');
  });
});
