import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blocks } from '../catalog/index.js';
import { tasks } from '../data/recipe.js';
import { lower } from '../ir/lower.js';
import { analyze } from './analyze.js';
import { canConnect } from './connect.js';
import { applyEdits } from './edits.js';
import type { Problem } from './problems.js';
import { chain, sampleFacts, type BlockChoice } from './samples.js';

const all = { output: 'all steps' };

describe('any graph at all', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'constructor', 'toString'];
  const ids = fc.constantFrom(...names);
  const ports = fc.constantFrom(
    'in',
    'out',
    'state',
    'memory',
    'query',
    'constructor',
    '__proto__',
  );
  const kinds = fc.constantFrom(...blocks.map(({ id }) => id), 'nonsense', 'constructor');
  const params = fc.oneof(
    fc.constant({}),
    fc.record({ output: fc.constantFrom('last step', 'all steps', 'never') }),
    fc.record({ units: fc.oneof(fc.integer({ min: -1, max: 9 }), fc.constant(null)) }),
    fc.dictionary(
      fc.string(),
      fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.array(fc.integer()), fc.constant(null)),
    ),
  );
  const graphs = fc
    .record({
      nodes: fc.uniqueArray(fc.record({ id: ids, block: kinds, name: fc.string(), params }), {
        selector: ({ id }) => id,
      }),
      ends: fc.array(fc.tuple(ids, ports, ids, ports), { maxLength: 12 }),
      task: fc.constantFrom(...tasks),
      factsOf: fc.option(fc.constantFrom(...tasks)),
      holders: fc.array(fc.option(fc.constantFrom('g1', 'g2')), { minLength: 7, maxLength: 7 }),
      parent: fc.constantFrom(null, 'g1'),
      text: fc.string(),
    })
    .map(({ nodes, ends, task, factsOf, holders, parent, text }) => ({
      document: {
        ...chain(task, []),
        graph: {
          nodes: nodes.map((node) => ({ ...node, position: { x: 0, y: 0 } })),
          edges: ends.map(([from, out, to, into], index) => ({
            id: `e${index}`,
            source: { node: from, port: out },
            target: { node: to, port: into },
          })),
          groups: ['g1', 'g2'].map((id) => ({
            id,
            name: text,
            nodes: nodes.filter((_, at) => holders[at] === id).map((node) => node.id),
            parent: id === 'g1' ? null : parent,
            collapsed: parent === null,
            position: { x: 0, y: 0 },
          })),
          comments: [{ id: 'c', text, position: { x: 0, y: 0 }, size: { width: 200, height: 80 } }],
        },
      },
      facts: factsOf === null ? null : sampleFacts(factsOf),
    }));

  it('is analysed without a throw, and each fix applies and can be undone', () => {
    fc.assert(
      fc.property(graphs, ({ document, facts }) => {
        const analysis = analyze(document, facts);
        expect(Object.keys(analysis.nodes)).toHaveLength(document.graph.nodes.length);
        for (const { edits } of analysis.problems.flatMap(({ fixes }) => fixes)) {
          const { document: fixed, inverse } = applyEdits(document, edits);
          analyze(fixed, facts);
          expect(applyEdits(fixed, inverse).document).toEqual(document);
        }
        for (const node of [...names, 'nobody']) {
          for (const port of ['in', 'memory', 'state', 'constructor']) {
            canConnect(document, analysis, { node: 'a', port: 'out' }, { node, port });
          }
        }
        if (analysis.ready && facts !== null) lower(document, facts);
        // Groups and comments change no number and no word of what is found.
        const bare = { ...document, graph: { ...document.graph, groups: [], comments: [] } };
        const { problems, ...rest } = analyze(bare, facts);
        const said = ({ fixes, ...problem }: Problem): object => ({
          ...problem,
          fixes: fixes.map(({ label }) => label),
        });
        expect(JSON.stringify(rest)).toBe(JSON.stringify({ ...analysis, problems: undefined }));
        expect(problems.map(said)).toEqual(analysis.problems.map(said));
      }),
      { numRuns: 300 },
    );
  });

  it('of blocks in a row can be mended with first fixes, and lowers once it is ready', () => {
    const middle = fc.constantFrom<BlockChoice>(
      ...blocks
        .filter(({ category }) => category !== 'input' && category !== 'head')
        .map((b) => b.id),
      ['lstm', all],
      ['gru', all],
      ['bidirectional', { ...all, merge: 'sum' }],
      ['stacked-rnn', { ...all, cell: 'gru' }],
      ['attention', { score: 'dot' }],
      ['dense', { units: 5 }],
      ['time-distributed-dense', { units: 5 }],
    );
    let lowered = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...tasks),
        fc.array(middle, { maxLength: 6 }),
        (task, choices) => {
          const facts = sampleFacts(task);
          let document = chain(task, choices);
          for (let round = 0; round < 12; round += 1) {
            const fix = analyze(document, facts).problems.find((p) => p.severity === 'error')
              ?.fixes[0];
            if (fix === undefined) break;
            document = applyEdits(document, fix.edits).document;
          }
          if (!analyze(document, facts).ready) return;
          lower(document, facts);
          lowered += 1;
        },
      ),
      { numRuns: 300 },
    );
    expect(lowered).toBeGreaterThan(60);
  });
});
