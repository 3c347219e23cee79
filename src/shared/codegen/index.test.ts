/** Every block has its emitters: a walk over the catalog's example graphs. */
import { describe, expect, it } from 'vitest';
import { blocks } from '../catalog/index.js';
import { exampleGraphs } from '../catalog/example-graphs.js';
import type { ProjectDocument } from '../graph/document.js';
import { sampleFacts } from '../graph/samples.js';
import { lower } from '../ir/lower.js';
import { generators, modelTargets } from './index.js';
import { parameterOf } from './weights.js';
import type { CodegenInput, GeneratedExport } from './types.js';

const inputOf = (document: ProjectDocument): CodegenInput => {
  const facts = sampleFacts(document.data.task);
  return { document, facts, program: lower(document, facts) };
};

/** A value for each weight: the number of its parameter, so that what is left out is seen. */
function numbered({ program }: CodegenInput): Map<string, Float32Array> {
  return new Map(
    program.parameters.map(({ id }, index) => {
      const size = parameterOf(program, id).shape.reduce((product, n) => product * n, 1);
      return [id, new Float32Array(size).fill(index + 1)];
    }),
  );
}

/** Every value that an export holds of its weights. */
function weightsOf(
  { weights, models = [] }: GeneratedExport,
  values: Map<string, Float32Array>,
): Float32Array[] {
  const tensors = [
    ...weights.map((file) => file.tensors),
    ...models.map(({ model }) => model.weights),
  ];
  return tensors.flat().map((tensor) => {
    const made = tensor.values(values);
    expect(made, tensor.name).toHaveLength(tensor.shape.reduce((product, n) => product * n, 1));
    return made;
  });
}

describe.each(blocks.map(({ id }) => id))('%s', (block) => {
  const documents = exampleGraphs[block] ?? [];

  it.each(modelTargets)('comes out as %s, with all weights and a README', (target) => {
    expect(documents).not.toEqual([]);
    for (const document of documents) {
      const input = inputOf(document);
      const made = generators[target](input);
      const paths = made.files.map(({ path }) => path);
      expect(new Set(paths).size).toBe(paths.length);
      expect(paths).toContain('README.md');
      for (const { path } of [...made.files, ...made.weights, ...(made.models ?? [])])
        expect(path).toMatch(/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/);

      const found = new Set(
        weightsOf(made, numbered(input)).flatMap((values) => [...new Set(values)]),
      );
      input.program.parameters.forEach(({ id }, index) => expect(found, id).toContain(index + 1));
    }
  });

  it.each(['pytorch', 'keras', 'typescript'] as const)(
    'stands in lines of its own in %s',
    (target) => {
      for (const document of documents) {
        const input = inputOf(document);
        const { files } = generators[target](input);
        const spans = files.flatMap(({ spans }) => spans);
        for (const { node } of input.program.ops)
          expect(spans.map((span) => span.node)).toContain(node);
        for (const { text, spans } of files) {
          const lines = text.split('\n').length;
          for (const { from, to } of spans)
            expect(from >= 1 && from <= to && to < lines).toBe(true);
        }
      }
    },
  );
});
