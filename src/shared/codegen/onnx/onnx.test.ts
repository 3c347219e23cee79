import { describe, expect, it } from 'vitest';
import { exampleGraphs } from '../../catalog/example-graphs.js';
import { sampleFacts } from '../../graph/samples.js';
import type { ProjectDocument } from '../../graph/document.js';
import { lower } from '../../ir/lower.js';
import { generateOnnx } from './index.js';

const hostile = '"""; import os\n# <script>`rm`*/ 🙂 [x](y)';

function generated(document: ProjectDocument) {
  const facts = sampleFacts(document.data.task);
  return generateOnnx({ document, facts, program: lower(document, facts) });
}

describe('an ONNX export', () => {
  const document = exampleGraphs.attention![0]!;
  const renamed: ProjectDocument = {
    ...document,
    name: hostile,
    description: hostile,
    graph: {
      ...document.graph,
      nodes: document.graph.nodes.map((node) => ({ ...node, name: hostile })),
    },
  };

  it('has the same programs whatever the project and its blocks are called', () => {
    const code = (from: ProjectDocument) =>
      generated(from).files.filter(({ path }) => path !== 'README.md');
    expect(code(renamed)).toEqual(code(document));
    const { model } = generated(renamed).models![0]!;
    for (const { name } of model.nodes) expect(name).toMatch(/^[a-z][a-z0-9_]*\/\w+$/);
    const readme = generated(renamed).files.find(({ path }) => path === 'README.md');
    expect(readme?.text.split('\n')[0]).toBe(
      '# """; import os \\# &lt;script\\>\\`rm\\`\\*/ 🙂 \\[x\\](y)',
    );
  });

  it('names its inputs and outputs, with batch and time as dimensions that may change', () => {
    const { model } = generated(document).models![0]!;
    expect(model.inputs).toEqual([
      { name: 'ids', type: 'int64', shape: ['batch', 'time'] },
      { name: 'lengths', type: 'int32', shape: ['batch'] },
    ]);
    expect(model.outputs.map(({ name, shape }) => [name, shape])).toEqual([
      ['logits', ['batch', 2]],
      ['probabilities', ['batch', 2]],
      ['attention_weights', ['batch', 'time']],
    ]);
  });
});
