import { describe, expect, it } from 'vitest';
import { emptyGraph } from '#shared/graph/document';
import { findBlock } from '#shared/catalog/index';
import { sampleDocument } from '#shared/graph/samples';
import { changeTable, graphDifferences, recipeDifferences } from './differences.js';

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
      before: findBlock(first.block)?.title,
      after: 'GRU',
    });
  });
});

it('several runs stand in one table: what one of them kept shows as it was', () => {
  const units = { what: 'LSTM: units', before: '64', after: '32' };
  const rate = { what: 'training.epochs', before: '5', after: '9' };
  expect(
    changeTable([[units], [{ ...units, after: '16' }, rate]]).map(({ what, values }) => [
      what,
      values.map(({ text, changed }) => (changed ? `*${text}` : text)),
    ]),
  ).toEqual([
    ['LSTM: units', ['64', '*32', '*16']],
    ['training.epochs', ['5', '5', '*9']],
  ]);
});
