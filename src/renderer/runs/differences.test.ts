import { describe, expect, it } from 'vitest';
import { emptyGraph } from '#shared/graph/document';
import { sampleDocument } from '#shared/graph/samples';
import type { RunEntry } from '#shared/ipc/studio';
import { sampleRun, sampleScores, sampleSummary } from '#shared/run/samples';
import { contests, graphDifferences, recipeDifferences } from './differences.js';
import { rowOf } from './rows.js';

const [first, ...others] = sampleDocument.graph.nodes;
if (first === undefined) throw new Error('the sample has blocks');

describe('what differs between two runs', () => {
  it('is nothing for the same document, also where blocks only have moved', () => {
    const nodes = sampleDocument.graph.nodes.map((node) => ({
      ...node,
      position: { x: 1, y: 2 },
    }));
    const moved = { ...sampleDocument, graph: { ...sampleDocument.graph, nodes } };
    expect(graphDifferences(sampleDocument, moved)).toEqual([]);
    expect(recipeDifferences(sampleDocument, moved)).toEqual([]);
  });

  it('names changed parameters, other blocks, lost wires and the recipe by their paths', () => {
    const changed = {
      ...sampleDocument,
      graph: {
        ...sampleDocument.graph,
        nodes: [{ ...first, params: { ...first.params, units: 7 } }, ...others],
        edges: sampleDocument.graph.edges.slice(1),
      },
      training: { ...sampleDocument.training, epochs: 99 },
    };
    const found = graphDifferences(sampleDocument, changed);
    expect(found[0]).toMatchObject({ what: `${first.name}: units`, after: '7' });
    expect(found[1]?.what).toMatch(/^Wire .* → /);
    expect(found).toHaveLength(2);
    expect(recipeDifferences(sampleDocument, changed)).toEqual([
      { what: 'training.epochs', before: String(sampleDocument.training.epochs), after: '99' },
    ]);
    const other = { ...first, block: 'gru', params: {} };
    const nodes = [other, ...others];
    const swapped = { ...sampleDocument, graph: { ...emptyGraph, nodes } };
    expect(graphDifferences(sampleDocument, swapped)[0]).toEqual({
      what: first.name,
      before: first.block,
      after: 'gru',
    });
  });
});

const run = (id: string, accuracy: number, seconds: number): RunEntry => {
  const scores = sampleScores({ loss: 1 - accuracy, accuracy });
  const summary = sampleSummary({ train: scores, validation: scores, test: scores, seconds });
  return sampleRun({ id, state: { phase: 'done', checkpointStep: 1, summary } });
};

it('the higher accuracy, the lower loss and the shorter time win; equals have no winner', () => {
  const rows = [run('a-1', 0.9, 20), run('b-2', 0.8, 10)].map((entry) => rowOf(entry, null));
  const winners = contests(rows).map(({ title, values }) => [
    title,
    values.findIndex(({ wins }) => wins),
  ]);
  expect(winners).toEqual([
    ['Test score', 0],
    ['Validation score', 0],
    ['Test loss', 0],
    ['Validation loss', 0],
    ['Training time', 1],
    ['Memory, tensors at most', -1],
    ['Parameters', -1],
  ]);
});
