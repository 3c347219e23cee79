/** Two networks drawn as one: columns by distance from the inputs, and what differs. Pure. */
import { findBlock } from '#shared/catalog/index';
import type { GraphNode, ProjectDocument } from '#shared/graph/document';
import { blockDifferences, pairBlocks } from './differences.js';

export type Change = 'same' | 'changed' | 'added' | 'removed';

export interface DrawnBlock {
  id: string;
  /** Of the left edge and of the middle. */
  x: number;
  y: number;
  width: number;
  node: GraphNode;
  change: Change;
  /** Empty for a block that is the same: its glyph is enough. */
  label: string;
  /** For people who point at it. */
  title: string;
}

export interface DrawnWire {
  from: DrawnBlock;
  to: DrawnBlock;
  change: Change;
}

export interface Drawing {
  blocks: DrawnBlock[];
  wires: DrawnWire[];
  width: number;
  height: number;
  /** In words: `1 of 8 blocks changed`. */
  changed: number;
}

export const blockHeight = 26;
const plainWidth = 28;
const glyphWidth = 30;
const characterWidth = 7.6;
const gap = { x: 18, y: 10 };

export function drawDifference(before: ProjectDocument, after: ProjectDocument): Drawing {
  const { pairs, added } = pairBlocks(before, after);
  const idOf = new Map(pairs.map(([node, same]) => [same?.id ?? '', node.id]));
  const ofAfter = (id: string): string => idOf.get(id) ?? `+${id}`;
  const wires = new Map<string, { source: string; target: string; change: Change }>();
  const add = (source: string, target: string, change: Change): void => {
    const key = `${source} ${target}`;
    const there = wires.has(key);
    wires.set(key, { source, target, change: there ? 'same' : change });
  };
  for (const { source, target } of before.graph.edges) add(source.node, target.node, 'removed');
  for (const { source, target } of after.graph.edges)
    add(ofAfter(source.node), ofAfter(target.node), 'added');

  const blocks = [
    ...pairs.map(([node, same]) => describe(node.id, node, same)),
    ...added.map((node) => ({
      ...plain(`+${node.id}`, node),
      change: 'added' as const,
      label: `+ ${titleOf(node)}`,
    })),
  ].map((block) => ({
    ...block,
    width: block.label === '' ? plainWidth : glyphWidth + block.label.length * characterWidth,
  }));
  return { ...place(blocks, [...wires.values()]), changed: blocks.filter(isChanged).length };
}

type Unplaced = Omit<DrawnBlock, 'x' | 'y'>;

const isChanged = ({ change }: { change: Change }): boolean => change !== 'same';
const titleOf = ({ block }: GraphNode): string => findBlock(block)?.title ?? block;

const plain = (id: string, node: GraphNode): Omit<Unplaced, 'width'> => ({
  id,
  node,
  change: 'same',
  label: '',
  title: node.name,
});

function describe(
  id: string,
  node: GraphNode,
  same: GraphNode | undefined,
): Omit<Unplaced, 'width'> {
  if (same === undefined)
    return { ...plain(id, node), change: 'removed', label: `− ${titleOf(node)}` };
  const differences = blockDifferences(node, same);
  if (differences.length === 0) return plain(id, node);
  const [only] = differences;
  const label =
    same.block !== node.block
      ? `${titleOf(node)} → ${titleOf(same)}`
      : differences.length === 1 && only !== undefined && only.after.length < 12
        ? `${titleOf(node)}: ${only.what} ${only.before} → ${only.after}`
        : `${titleOf(node)}: ${differences.length} settings`;
  return {
    ...plain(id, same),
    change: 'changed',
    label,
    title: differences.map(({ what, before, after }) => `${what} ${before} → ${after}`).join(', '),
  };
}

function place(
  blocks: readonly Unplaced[],
  wires: readonly { source: string; target: string; change: Change }[],
): Pick<Drawing, 'blocks' | 'wires' | 'width' | 'height'> {
  const depth = new Map(blocks.map(({ id }) => [id, 0]));
  // Longest path; a cycle, which can't train, ends the search all the same.
  for (let round = 0; round < blocks.length; round++) {
    let moved = false;
    for (const { source, target } of wires) {
      const next = (depth.get(source) ?? 0) + 1;
      if (next <= (depth.get(target) ?? 0) || next >= blocks.length) continue;
      depth.set(target, next);
      moved = true;
    }
    if (!moved) break;
  }
  const columns: Unplaced[][] = [];
  for (const block of blocks) (columns[depth.get(block.id) ?? 0] ??= []).push(block);
  const rows = Math.max(1, ...columns.map((column) => column.length));
  const height = rows * blockHeight + (rows - 1) * gap.y;
  const placed = new Map<string, DrawnBlock>();
  let x = 0;
  for (const column of columns.filter((one) => one.length > 0)) {
    const tall = column.length * blockHeight + (column.length - 1) * gap.y;
    column.forEach((block, row) =>
      placed.set(block.id, {
        ...block,
        x,
        y: (height - tall) / 2 + row * (blockHeight + gap.y) + blockHeight / 2,
      }),
    );
    x += Math.max(...column.map(({ width }) => width)) + gap.x;
  }
  return {
    blocks: [...placed.values()],
    wires: wires.flatMap(({ source, target, change }) => {
      const [from, to] = [placed.get(source), placed.get(target)];
      return from === undefined || to === undefined ? [] : [{ from, to, change }];
    }),
    width: Math.max(0, x - gap.x),
    height,
  };
}
