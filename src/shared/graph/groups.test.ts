import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lower } from '../ir/lower.js';
import type { Graph, GraphGroup, ProjectDocument } from './document.js';
import { applyEdits, removeNodes, type Edit } from './edits.js';
import { insertBlock } from './fixes.js';
import {
  allNodes,
  boundaryPorts,
  groupIndex,
  groupItems,
  membersOf,
  moveItems,
  moveToGroup,
  reveal,
  setCollapsed,
  standIn,
  ungroup,
} from './groups.js';
import { parseDocument, serializeDocument } from './parse.js';
import { randomDocuments } from './random-documents.js';
import { sampleDocument, wire } from './samples.js';

const apply = (document: ProjectDocument, edits: readonly Edit[]): ProjectDocument =>
  applyEdits(document, edits).document;

function group(document: ProjectDocument, nodes: string[], groups: string[] = []): ProjectDocument {
  const grouped = groupItems(document.graph, { nodes, groups });
  return apply(document, grouped?.edits ?? []);
}

const summary = ({ groups }: Graph): Record<string, [string[], string | null]> =>
  Object.fromEntries(groups.map(({ id, nodes, parent }) => [id, [nodes, parent]]));

const one = group(sampleDocument, ['embedding', 'lstm']);
/** `group_1` (embedding, lstm) in `group_2` (dense). */
const nested = group(one, ['dense'], ['group_1']);

describe('groups', () => {
  it('hold blocks, and other groups whole', () => {
    expect(summary(one.graph)).toEqual({ group_1: [['embedding', 'lstm'], null] });
    expect(summary(nested.graph)).toEqual({
      group_1: [['embedding', 'lstm'], 'group_2'],
      group_2: [['dense'], null],
    });
    const index = groupIndex(nested.graph);
    expect(membersOf(index, 'group_2')).toEqual(['dense', 'embedding', 'lstm']);
    expect(allNodes(nested.graph, { nodes: ['head', 'lstm'], groups: ['group_2'] })).toEqual([
      'embedding',
      'lstm',
      'dense',
      'head',
    ]);
  });
  it('inside a group stay inside it; blocks of different groups leave them', () => {
    expect(summary(group(nested, ['lstm']).graph)).toMatchObject({
      group_1: [['embedding'], 'group_2'],
      group_3: [['lstm'], 'group_1'],
    });
    expect(summary(group(nested, ['lstm', 'dense']).graph)).toEqual({
      group_1: [['embedding'], 'group_2'],
      group_2: [[], null],
      group_3: [['lstm', 'dense'], 'group_2'],
    });
    expect(summary(group(nested, ['embedding', 'lstm', 'head']).graph)).toEqual({
      group_2: [['dense'], null],
      group_3: [['embedding', 'lstm', 'head'], null],
    });
  });
  it('give what they hold to the group around them when they are dissolved', () => {
    expect(summary(apply(nested, ungroup(nested.graph, ['group_1'])).graph)).toEqual({
      group_2: [['dense', 'embedding', 'lstm'], null],
    });
    expect(summary(apply(nested, ungroup(nested.graph, ['group_2'])).graph)).toEqual({
      group_1: [['embedding', 'lstm'], null],
    });
    const both = ungroup(nested.graph, ['group_2', 'group_1']);
    expect(apply(nested, both)).toEqual(sampleDocument);
  });
  it('go with their last block', () => {
    expect(summary(apply(nested, removeNodes(nested, ['lstm'])).graph)).toMatchObject({
      group_1: [['embedding'], 'group_2'],
    });
    const emptied = removeNodes(nested, ['lstm', 'dense', 'embedding']);
    expect(apply(nested, emptied).graph.groups).toEqual([]);
    expect(apply(nested, moveToGroup(nested.graph, ['lstm', 'embedding'], null)).graph.groups)
      // The outer one keeps its own block.
      .toMatchObject([{ id: 'group_2', nodes: ['dense'] }]);
  });
  it('take blocks in and let them out', () => {
    const taken = apply(nested, moveToGroup(nested.graph, ['head', 'dense'], 'group_1'));
    expect(summary(taken.graph)).toEqual({
      group_1: [['embedding', 'lstm', 'head', 'dense'], 'group_2'],
      group_2: [[], null],
    });
    expect(moveToGroup(nested.graph, ['lstm'], 'group_1')).toEqual([]);
  });
  it('take a block that is inserted between two of theirs', () => {
    const edits = insertBlock(
      nested,
      'dropout',
      { node: 'lstm', port: 'out' },
      { node: 'dense', port: 'in' },
    );
    expect(summary(apply(nested, edits).graph)).toMatchObject({
      group_2: [['dense', 'dropout_1'], null],
    });
  });
  it('are shown as one block while they, or a group around them, are collapsed', () => {
    const collapsed = apply(nested, setCollapsed(nested.graph, ['group_1', 'group_2'], true));
    expect(standIn(groupIndex(collapsed.graph), 'lstm')?.id).toBe('group_2');
    expect(standIn(groupIndex(collapsed.graph), 'head')).toBeNull();
    const inner = collapsed.graph.groups.find(({ id }) => id === 'group_1');
    expect(inner?.position).toEqual({ x: 264, y: 0 });
    expect(apply(collapsed, reveal(collapsed.graph, 'lstm'))).toEqual(nested);
  });
  it('have one port for each port that wires from outside join', () => {
    const branched = wire(wire(nested, 'lstm.out > head'), 'lstm.state > other.state');
    expect(boundaryPorts(branched.graph, 'group_1')).toEqual({
      inputs: [{ node: 'embedding', port: 'in' }],
      outputs: [
        { node: 'lstm', port: 'out' },
        { node: 'lstm', port: 'state' },
      ],
    });
  });
  it('move with all that they hold', () => {
    const by = { x: 8, y: -16 };
    const moved = apply(
      nested,
      moveItems(nested.graph, { nodes: ['lstm'], groups: ['group_2'] }, by),
    );
    const offsets = moved.graph.nodes.map(({ position }, at) => ({
      x: position.x - (nested.graph.nodes[at]?.position.x ?? 0),
      y: position.y - (nested.graph.nodes[at]?.position.y ?? 0),
    }));
    const still = { x: 0, y: 0 };
    expect(offsets).toEqual([still, by, by, by, still]);
    expect(moved.graph.groups.map((g) => g.position)).toEqual(
      nested.graph.groups.map((g) => ({ x: g.position.x + 8, y: g.position.y - 16 })),
    );
  });

  const choices = fc.array(fc.tuple(fc.nat(5), fc.array(fc.nat(30), { maxLength: 6 })), {
    maxLength: 12,
  });
  /** Any group commands, one after the other. */
  function regroup(document: ProjectDocument, kind: number, picks: number[]): Edit[] {
    const { graph } = document;
    const some = <T extends { id: string }>(list: readonly T[]): string[] => [
      ...new Set(picks.flatMap((pick) => list[pick % (list.length + 3)]?.id ?? [])),
    ];
    const [nodes, groups] = [some(graph.nodes), some(graph.groups)];
    const commands: (() => Edit[])[] = [
      () => groupItems(graph, { nodes, groups })?.edits ?? [],
      () => groupItems(graph, { nodes, groups: [] })?.edits ?? [],
      () => ungroup(graph, groups),
      () => moveToGroup(graph, nodes, groups[0] ?? null),
      () => setCollapsed(graph, groups, picks.length % 2 === 0),
      () => moveItems(graph, { nodes, groups }, { x: 8, y: 8 }),
    ];
    return commands[kind]?.() ?? [];
  }
  const held = (groups: readonly GraphGroup[]): number =>
    groups.reduce((sum, { nodes }) => sum + nodes.length, 0);

  it('stay a valid document under any commands, undo step by step, and lower to the same program', () => {
    let grouped = 0;
    fc.assert(
      fc.property(randomDocuments, choices, ({ document: bare, facts }, sequence) => {
        let document = bare;
        const undo: Edit[] = [];
        for (const [kind, picks] of sequence) {
          const result = applyEdits(document, regroup(document, kind, picks));
          document = result.document;
          undo.unshift(...result.inverse);
          expect(parseDocument(serializeDocument(document))).toEqual(document);
        }
        grouped += held(document.graph.groups);
        expect(lower(document, facts)).toEqual(lower(bare, facts));
        expect(applyEdits(document, undo).document).toEqual(bare);
      }),
      { numRuns: 100 },
    );
    expect(grouped).toBeGreaterThan(100);
  });
});
