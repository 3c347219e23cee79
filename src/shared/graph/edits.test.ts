import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProjectDocument } from './document.js';
import { applyEdit, applyEdits, removeNodes, type Edit } from './edits.js';
import { freshNumberedId } from './ids.js';
import { chain, sampleDocument, wire } from './samples.js';

const { nodes, edges } = sampleDocument.graph;

/** One random edit that can apply to the document; numbers choose which. */
function editFrom(document: ProjectDocument, kind: number, pick: number, text: string): Edit {
  const { nodes, edges, groups, comments } = document.graph;
  const node = nodes[pick % Math.max(1, nodes.length)];
  const edge = edges[pick % Math.max(1, edges.length)];
  const other = nodes[(pick >> 4) % Math.max(1, nodes.length)];
  const loose = nodes.filter(({ id }) => groups.every((group) => !group.nodes.includes(id)));
  const free = loose.find((n) => !edges.some((e) => [e.source.node, e.target.node].includes(n.id)));
  const group = groups[pick % Math.max(1, groups.length)];
  const leaf = groups.find(({ id }) => groups.every(({ parent }) => parent !== id));
  const comment = comments[pick % Math.max(1, comments.length)];
  const add: Edit = {
    type: 'add-node',
    node: {
      id: `n${nodes.length}_${pick}_${text.length}`,
      block: 'lstm',
      name: text,
      params: { units: pick },
      position: { x: pick, y: -pick },
    },
    index: pick % (nodes.length + 1),
  };
  if (node === undefined || other === undefined) return add;
  if (nodes.some(({ id }) => id === add.node.id)) return { type: 'set-name', name: text };
  const id = `e${edges.length}_${pick}`;
  const choices: (Edit | undefined)[] = [
    add,
    free && { type: 'remove-node', id: free.id },
    { type: 'move-node', id: node.id, position: { x: pick, y: 2 * pick } },
    { type: 'rename-node', id: node.id, name: text },
    { type: 'set-params', id: node.id, params: { units: pick, note: text } },
    edges.some((e) => e.id === id)
      ? undefined
      : {
          type: 'add-edge',
          edge: {
            id,
            source: { node: node.id, port: 'out' },
            target: { node: other.id, port: 'in' },
          },
          index: pick % (edges.length + 1),
        },
    edge && { type: 'remove-edge', id: edge.id },
    { type: 'set-block', id: node.id, block: text },
    {
      type: 'add-group',
      group: {
        id: freshNumberedId(groups, 'group'),
        name: text,
        nodes: loose.slice(0, pick % 3).map((one) => one.id),
        parent: pick % 2 === 0 ? null : (group?.id ?? null),
        collapsed: pick % 5 === 0,
        position: { x: pick, y: -pick },
      },
      index: pick % (groups.length + 1),
    },
    leaf && { type: 'remove-group', id: leaf.id },
    group && {
      type: 'set-group',
      group: { ...group, name: text, nodes: group.nodes.slice(1), collapsed: !group.collapsed },
    },
    {
      type: 'add-comment',
      comment: {
        id: freshNumberedId(comments, 'comment'),
        text,
        position: { x: pick, y: pick },
        size: { width: 1 + pick, height: 80 },
      },
      index: pick % (comments.length + 1),
    },
    comment && { type: 'remove-comment', id: comment.id },
    comment && { type: 'set-comment', comment: { ...comment, text, position: { x: pick, y: 0 } } },
    { type: 'set-description', description: text },
    { type: 'set-data', data: chain('forecast', []).data },
    { type: 'set-training', training: { ...document.training, seed: pick } },
  ];
  return choices[kind % choices.length] ?? { type: 'set-name', name: text };
}

const steps = fc.array(fc.tuple(fc.nat(16), fc.nat(1000), fc.string({ maxLength: 6 })), {
  maxLength: 40,
});

const group = {
  id: 'g',
  name: 'Encoder',
  nodes: ['lstm'],
  parent: null,
  collapsed: false,
  position: { x: 0, y: 0 },
};

describe('edits', () => {
  it('undo to the identical document and redo to the identical result, for any sequence', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        let document = sampleDocument;
        const done: Edit[] = [];
        let undo: Edit[] = [];
        for (const [kind, pick, text] of sequence) {
          const edit = editFrom(document, kind, pick, text);
          const result = applyEdit(document, edit);
          document = result.document;
          done.push(edit);
          undo = [...result.inverse, ...undo];
        }
        const undone = applyEdits(document, undo);
        expect(undone.document).toEqual(sampleDocument);
        expect(applyEdits(undone.document, undone.inverse).document).toEqual(document);
        const together = applyEdits(sampleDocument, done);
        expect(together.document).toEqual(document);
        expect(applyEdits(together.document, together.inverse).document).toEqual(sampleDocument);
      }),
      { numRuns: 300 },
    );
  });

  it('keep the identity of everything that they do not touch', () => {
    const { document } = applyEdit(sampleDocument, {
      type: 'set-params',
      id: 'lstm',
      params: { units: 3 },
    });
    expect(document.graph.nodes.map((node, i) => node === nodes[i])).toEqual([
      true,
      true,
      false,
      true,
      true,
    ]);
    expect(document.graph.edges).toBe(edges);
    expect(document.data).toBe(sampleDocument.data);
    expect(document.training).toBe(sampleDocument.training);
    expect(sampleDocument.graph.nodes[2]?.params).toEqual({ units: 16, output: 'last step' });
  });

  it('bring back an edge that led nowhere, as a file may hold one', () => {
    const stray = wire(sampleDocument, 'lstm.state > gone.state');
    const { document, inverse } = applyEdit(stray, {
      type: 'remove-edge',
      id: 'lstm.state-gone.state',
    });
    expect(document).toEqual(sampleDocument);
    expect(applyEdits(document, inverse).document).toEqual(stray);
  });

  it('put a removed block back at its old place', () => {
    const edits = removeNodes(sampleDocument, ['embedding', 'dense']);
    const { document, inverse } = applyEdits(sampleDocument, edits);
    expect(document.graph.nodes.map(({ id }) => id)).toEqual(['tokens', 'lstm', 'head']);
    expect(document.graph.edges).toEqual([]);
    expect(applyEdits(document, inverse).document).toEqual(sampleDocument);
  });

  it('refuse to lose a block out of a group, a block in two groups, and groups in circles', () => {
    const { document } = applyEdit(sampleDocument, { type: 'add-group', group });
    const bare = { ...document, graph: { ...document.graph, edges: [] } };
    expect(() => applyEdit(bare, { type: 'remove-node', id: 'lstm' })).toThrow('still in a group');
    const second = { ...group, id: 'h' };
    expect(() => applyEdit(document, { type: 'add-group', group: second })).toThrow(
      'in another group',
    );
    const nested = applyEdit(document, {
      type: 'add-group',
      group: { ...second, nodes: [], parent: 'g' },
    }).document;
    expect(() => applyEdit(nested, { type: 'remove-group', id: 'g' })).toThrow(
      'still has groups inside',
    );
    expect(() =>
      applyEdit(nested, { type: 'set-group', group: { ...group, parent: 'h' } }),
    ).toThrow('inside itself');
  });

  it.each<[string, Edit]>([
    ['no node "x"', { type: 'remove-node', id: 'x' }],
    ['no node "x"', { type: 'rename-node', id: 'x', name: '' }],
    ['no node "x"', { type: 'move-node', id: 'x', position: { x: 0, y: 0 } }],
    ['no edge "x"', { type: 'remove-edge', id: 'x' }],
    ['still has edges', { type: 'remove-node', id: 'lstm' }],
    ['no group "x"', { type: 'remove-group', id: 'x' }],
    ['no comment "x"', { type: 'remove-comment', id: 'x' }],
    ['no node "x"', { type: 'add-group', group: { ...group, nodes: ['x'] } }],
    ['no group "x"', { type: 'add-group', group: { ...group, parent: 'x' } }],
    ['would be inside itself', { type: 'add-group', group: { ...group, parent: 'g' } }],
    ['in the document already', { type: 'add-node', node: nodes[0]! }],
    ['in the document already', { type: 'add-edge', edge: edges[0]! }],
  ])('throw "%s" where they can not apply', (message, edit) => {
    expect(() => applyEdit(sampleDocument, edit)).toThrow(message);
  });
});
