import { describe, expect, it } from 'vitest';
import type { ProjectDocument } from '#shared/graph/document';
import { applyEdits } from '#shared/graph/edits';
import { groupItems, setCollapsed } from '#shared/graph/groups';
import { parseDocument, serializeDocument } from '#shared/graph/parse';
import { sampleDocument } from '#shared/graph/samples';
import { addBlock, addComment, copyBlocks, deleteSelection, pasteBlocks } from './editing.js';
import { tidyEdits } from './tidy.js';

const none = { nodes: [], groups: [], comments: [] };

describe('editing the canvas', () => {
  it('adds a block with its defaults, a free id and a free name, on the 8-pixel grid', () => {
    const { edits, id } = addBlock(sampleDocument, 'lstm', { x: 101, y: 203 });
    const { document } = applyEdits(sampleDocument, edits);
    const node = document.graph.nodes.at(-1);
    expect(node).toMatchObject({ id, block: 'lstm', position: { x: 104, y: 200 } });
    expect(sampleDocument.graph.nodes.map((n) => n.id)).not.toContain(id);
    expect(sampleDocument.graph.nodes.map((n) => n.name)).not.toContain(node?.name);
    expect(node?.params).toHaveProperty('units');
  });

  it('never puts a new block exactly onto another', () => {
    const first = sampleDocument.graph.nodes[0]?.position ?? { x: 0, y: 0 };
    const { edits } = addBlock(sampleDocument, 'gru', first);
    const { document } = applyEdits(sampleDocument, edits);
    expect(document.graph.nodes.at(-1)?.position).not.toEqual(first);
  });

  it('refuses a block that is not in the catalog', () => {
    expect(() => addBlock(sampleDocument, 'perceptron-9000', { x: 0, y: 0 })).toThrowError(
      expect.objectContaining({ code: 'unknown-block' }),
    );
  });

  it('deletes blocks with their wires, once each, and undoes to the same document', () => {
    const edge = sampleDocument.graph.edges[0]?.id ?? '';
    const removal = deleteSelection(sampleDocument, { nodes: ['lstm'], edges: [edge] });
    const { document, inverse } = applyEdits(sampleDocument, removal?.edits ?? []);
    expect(document.graph.nodes.map((n) => n.id)).not.toContain('lstm');
    expect(document.graph.edges).toHaveLength(sampleDocument.graph.edges.length - 3);
    expect(applyEdits(document, inverse).document).toEqual(sampleDocument);
  });

  it('has nothing to delete when nothing is selected', () => {
    expect(deleteSelection(sampleDocument, { nodes: [], edges: [] })).toBeNull();
  });

  it('pastes copied blocks with the wires among them under new ids', () => {
    const text = copyBlocks(sampleDocument, { ...none, nodes: ['embedding', 'lstm'] }) ?? '';
    const pasted = pasteBlocks(sampleDocument, text, null);
    const { document } = applyEdits(sampleDocument, pasted?.edits ?? []);
    expect(document.graph.nodes).toHaveLength(7);
    expect(document.graph.edges).toHaveLength(5);
    expect(new Set(document.graph.nodes.map((n) => n.id)).size).toBe(7);
    expect(new Set(document.graph.nodes.map((n) => n.name)).size).toBe(7);
    const again = pasteBlocks(document, text, null);
    expect(applyEdits(document, again?.edits ?? []).document.graph.nodes).toHaveLength(9);
  });

  it('ignores clipboard text that is not ours', () => {
    expect(pasteBlocks(sampleDocument, 'hello', null)).toBeNull();
    expect(pasteBlocks(sampleDocument, '{"nodes":[]}', null)).toBeNull();
  });

  it('copies nothing as null', () => {
    expect(copyBlocks(sampleDocument, none)).toBeNull();
  });
});

describe('groups and comments on the clipboard', () => {
  const grouped = (): ProjectDocument => {
    const inner = groupItems(sampleDocument.graph, { nodes: ['lstm', 'dense'], groups: [] });
    const once = applyEdits(sampleDocument, inner?.edits ?? []).document;
    const outer = groupItems(once.graph, { nodes: ['embedding'], groups: [inner?.id ?? ''] });
    const twice = applyEdits(once, outer?.edits ?? []).document;
    return applyEdits(twice, addComment(twice, { x: 10, y: 10 }).edits).document;
  };

  it('are pasted with their blocks, nested as they were, and selected as groups', () => {
    const before = grouped();
    const items = { nodes: [], groups: ['group_2'], comments: ['comment_1'] };
    const pasted = pasteBlocks(before, copyBlocks(before, items) ?? '', null);
    expect(pasted).toMatchObject({ nodes: [], groups: ['group_3'], comments: ['comment_2'] });
    const { document, inverse } = applyEdits(before, pasted?.edits ?? []);
    expect(parseDocument(serializeDocument(document))).toEqual(document);
    expect(document.graph.groups.slice(2)).toMatchObject([
      { id: 'group_3', name: 'Group 2', nodes: ['embedding_1'], parent: null },
      { id: 'group_4', name: 'Group', nodes: ['lstm_1', 'dense_1'], parent: 'group_3' },
    ]);
    expect(document.graph.edges).toHaveLength(6);
    expect(applyEdits(document, inverse).document).toEqual(before);
  });

  it('come from hand-edited text without a throw: parents in circles, blocks that are not there', () => {
    const { graph } = grouped();
    const text = JSON.stringify({
      format: 'unroll-blocks',
      version: 1,
      ...graph,
      groups: graph.groups.map((group) => ({
        ...group,
        nodes: ['lstm', 'lstm', 'gone'],
        parent: group.id,
      })),
    });
    const { document } = applyEdits(
      sampleDocument,
      pasteBlocks(sampleDocument, text, null)?.edits ?? [],
    );
    expect(parseDocument(serializeDocument(document))).toEqual(document);
    expect(document.graph.groups.map(({ nodes }) => nodes)).toEqual([['lstm_1'], []]);
  });

  it('go with what they hold, in one step', () => {
    const before = grouped();
    const removal = deleteSelection(before, { groups: ['group_2'], comments: ['comment_1'] });
    expect(removal?.label).toBe('Delete group “Group 2”');
    const { document, inverse } = applyEdits(before, removal?.edits ?? []);
    expect(document.graph).toMatchObject({ groups: [], comments: [], edges: [] });
    expect(document.graph.nodes.map(({ id }) => id)).toEqual(['tokens', 'head']);
    expect(applyEdits(document, inverse).document).toEqual(before);
  });
});

describe('tidy up', () => {
  it('lays a chain out from left to right in rows, headers in line', () => {
    const heaped = {
      ...sampleDocument.graph,
      nodes: sampleDocument.graph.nodes.map((node) => ({ ...node, position: { x: 0, y: 0 } })),
    };
    const edits = tidyEdits(heaped, new Map());
    const { graph } = applyEdits({ ...sampleDocument, graph: heaped }, edits).document;
    const places = graph.nodes.map((node) => node.position);
    expect(places.map(({ y }) => y)).toEqual([0, 0, 0, 152, 152]);
    expect(places.map(({ x }) => x)).toEqual([0, 248, 496, 0, 248]);
    expect(tidyEdits(graph, new Map())).toEqual([]);
  });

  it('keeps what is grouped together: a frame is one block of the layout, headers stay in line', () => {
    const grouped = groupItems(sampleDocument.graph, { nodes: ['embedding', 'lstm'], groups: [] });
    const { document } = applyEdits(sampleDocument, grouped?.edits ?? []);
    const tidied = applyEdits(document, tidyEdits(document.graph, new Map())).document.graph;
    const [tokens, embedding, lstm, dense] = tidied.nodes.map(({ position }) => position);
    expect(new Set([tokens?.y, embedding?.y, lstm?.y]).size).toBe(1);
    // The frame's padding and a gap for a wire before it, a gap inside.
    expect([tokens?.x, embedding?.x, lstm?.x]).toEqual([0, 152 + 96 + 24, 152 + 96 + 24 + 248]);
    expect(dense?.y).toBeGreaterThan((lstm?.y ?? 0) + 72 + 16);
    expect(tidyEdits(tidied, new Map())).toEqual([]);
  });

  it('moves a collapsed group as the block that it is, its members along', () => {
    const grouped = groupItems(sampleDocument.graph, { nodes: ['embedding', 'lstm'], groups: [] });
    const { document } = applyEdits(sampleDocument, grouped?.edits ?? []);
    const folded = applyEdits(document, setCollapsed(document.graph, [grouped?.id ?? ''], true));
    const { graph } = folded.document;
    const tidied = applyEdits(folded.document, tidyEdits(graph, new Map())).document.graph;
    expect(tidied.groups[0]?.position).toEqual({ x: 248, y: 0 });
    const apart = ({ nodes: [, a, b] }: typeof graph): number =>
      (b?.position.x ?? 0) - (a?.position.x ?? 0);
    expect(apart(tidied)).toBe(apart(graph));
    expect(tidyEdits(tidied, new Map())).toEqual([]);
  });
});
