import { expect, test } from 'vitest';
import { exampleGraphs } from '../catalog/example-graphs.js';
import { chain, sampleFacts } from '../graph/samples.js';
import { lower } from '../ir/lower.js';
import { modulesOf } from './modules.js';
import type { RecurrentModule } from './modules.js';

function recurrent(
  block: string,
  params: Record<string, string | number | number[]>,
): RecurrentModule {
  const document = chain('classification', [
    'embedding',
    [block, params],
    ...(params['output'] === 'all steps' ? ['last-step'] : []),
    'dense',
  ]);
  const modules = modulesOf(lower(document, sampleFacts('classification')));
  const module = modules.find(({ op }) => op === 'recurrent');
  if (module?.op !== 'recurrent') throw new Error('no recurrent module');
  return module;
}

test('a bidirectional block is one layer with two directions', () => {
  const module = recurrent('bidirectional', { units: 3, merge: 'sum', output: 'all steps' });
  expect(module.layers).toHaveLength(1);
  expect(module.layers[0]?.forward?.reverse).toBe(false);
  expect(module.layers[0]?.backward?.reverse).toBe(true);
  expect(module.merge).toBe('sum');
  expect(module.output.map(({ steps }) => steps)).toEqual(['all']);
  expect(module.finalState).toHaveLength(4);
});

test('a stacked block is as many layers, with the dropout between them', () => {
  const module = recurrent('stacked-rnn', { cell: 'gru', units: [8, 4, 2], betweenDropout: 0.2 });
  expect(module.layers.map(({ units }) => units)).toEqual([8, 4, 2]);
  expect(module.layers.map(({ inputSize }) => inputSize).slice(1)).toEqual([8, 4]);
  expect(module.layers.map(({ dropoutBefore }) => dropoutBefore)).toEqual([0, 0.2, 0.2]);
  expect(module.merge).toBeNull();
});

test('a layer that reads backwards has no forward direction', () => {
  const module = recurrent('lstm', { units: 3, direction: 'backward' });
  expect(module.layers[0]?.forward).toBeNull();
  expect(module.layers[0]?.backward?.reverse).toBe(true);
});

test('every value of every block’s graphs is made by exactly one module', () => {
  for (const document of Object.values(exampleGraphs).flat()) {
    const program = lower(document, sampleFacts(document.data.task));
    const modules = modulesOf(program);
    const nodes = modules.map(({ node }) => node);
    expect(new Set(nodes).size).toBe(nodes.length);
    expect(new Set(nodes)).toEqual(new Set(program.ops.map(({ node }) => node)));
    const made = modules.flatMap((module) =>
      module.op === 'recurrent'
        ? [...module.output.map(({ ref }) => ref), ...module.finalState]
        : [module.output],
    );
    expect(made).toContain(program.head.logits);
  }
});
