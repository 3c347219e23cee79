/**
 * Left-to-right layout in layers (Sugiyama, by dagre), wrapped into rows like text. An expanded group is
 * laid out by itself and then stands in the layout around it as one block, frame and all.
 */
import { graphlib, layout } from '@dagrejs/dagre';
import type { Graph } from '#shared/graph/document';
import type { Edit } from '#shared/graph/edits';
import { chainOf, groupIndex, moveItems, type GroupIndex } from '#shared/graph/groups';
import { usualSize, type Size } from './boxes.js';
import type { Point } from './editing.js';
import { emptyFrame, framePadding } from './groups/frames.js';
import { flowId, itemOf } from './groups/ids.js';

/** About what a window of 1440 pixels shows of the canvas at 100 %. */
const rowWidth = 912;
/** Room for a shape label between two layers. */
const layerGap = 96;
/** Room for a wire and its label between two rows. */
const rowGap = 80;
const blockGap = 40;

const onGrid = (value: number): number => Math.round(value / 8) * 8;

/** Something that is laid out as one: a block, or a group. */
interface Item extends Size {
  /** As React Flow names it. */
  id: string;
  /** From its top to the top of its first row of blocks: what stands in one row is lined up there. */
  head: number;
  /** What an expanded group holds, from the upper left corner of its frame. */
  inner: ReadonlyMap<string, Point>;
}

type Wires = readonly { id: string; from: string; to: string }[];

const block = (id: string, size: Size): Item => ({ id, ...size, head: 0, inner: new Map() });

/** Upper left corners, the first row at y = 0 where no item has a larger head. */
function place(items: readonly Item[], wires: Wires): Map<string, Point> {
  const head = Math.max(0, ...items.map((item) => item.head));
  // One height for all lines up the heads of a row, so that straight runs stay straight.
  const height = Math.max(0, ...items.map((item) => head - item.head + item.height));
  const plan = new graphlib.Graph({ multigraph: true });
  plan.setGraph({ rankdir: 'LR', nodesep: blockGap, ranksep: layerGap });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const { id, width } of items) plan.setNode(id, { width, height });
  for (const { id, from, to } of wires) plan.setEdge(from, to, {}, id);
  layout(plan);
  const placed = items.map((item) => {
    const { x = 0, y = 0 } = plan.node(item.id);
    return { ...item, x, top: y - height / 2 + head - item.head };
  });

  const layers = [...new Set(placed.map(({ x }) => x))]
    .sort((a, b) => a - b)
    .map((x) => placed.filter((item) => item.x === x));
  // As few rows as fit, of about the same length.
  const widths = layers.map((layer) => Math.max(...layer.map((item) => item.width)));
  const total = widths.reduce((sum, width) => sum + width + layerGap, -layerGap);
  const share = total / Math.ceil(total / rowWidth);
  const limit = Math.min(rowWidth, share + Math.max(0, ...widths) / 2);
  const rows: (typeof layers)[] = [];
  let used = 0;
  for (const layer of layers) {
    const width = Math.max(...layer.map((item) => item.width));
    const row = rows.at(-1);
    if (row === undefined || used + layerGap + width > limit) {
      rows.push([layer]);
      used = width;
    } else {
      row.push(layer);
      used += layerGap + width;
    }
  }

  const places = new Map<string, Point>();
  let rowTop = 0;
  for (const row of rows) {
    const inRow = row.flat();
    const top = Math.min(...inRow.map((item) => item.top));
    let left = 0;
    for (const layer of row) {
      for (const item of layer)
        places.set(item.id, { x: onGrid(left), y: onGrid(rowTop + item.top - top) });
      left += Math.max(...layer.map((item) => item.width)) + layerGap;
    }
    rowTop += Math.max(...inRow.map((item) => item.top + item.height)) - top + rowGap;
  }
  return places;
}

/** The wires between what stands right in a group (null: on the canvas), each named by what holds its ends. */
function wiresIn({ edges }: Graph, index: GroupIndex, group: string | null): Wires {
  const holderOf = (node: string): string | null => {
    const chain = chainOf(index, index.ofNode.get(node)?.id ?? null);
    const at = group === null ? chain.length : chain.findIndex(({ id }) => id === group);
    if (at < 0) return null;
    const inner = chain[at - 1];
    return inner === undefined ? node : flowId('groups', inner.id);
  };
  return edges.flatMap(({ id, source, target }) => {
    const [from, to] = [holderOf(source.node), holderOf(target.node)];
    return from === null || to === null || from === to ? [] : [{ id, from, to }];
  });
}

/** Places of what stands in a group, and of what its expanded groups hold. */
function layOut(
  graph: Graph,
  group: string | null,
  sizes: ReadonlyMap<string, Size>,
): { items: readonly Item[]; places: ReadonlyMap<string, Point> } {
  const index = groupIndex(graph);
  const sizeOf = (id: string): Size => sizes.get(id) ?? usualSize;
  const nodes = graph.nodes.filter(({ id }) => (index.ofNode.get(id)?.id ?? null) === group);
  const groups = graph.groups.filter(({ parent }) => parent === group);
  const items = [
    ...nodes.map(({ id }) => block(id, sizeOf(id))),
    ...groups.map(({ id, collapsed }): Item => {
      const name = flowId('groups', id);
      return collapsed ? block(name, sizeOf(name)) : frame(name, layOut(graph, id, sizes));
    }),
  ];
  const places = place(items, wiresIn(graph, index, group));
  const all = new Map(places);
  for (const { id, inner } of items) {
    const { x, y } = places.get(id) ?? { x: 0, y: 0 };
    for (const [one, at] of inner) all.set(one, { x: x + at.x, y: y + at.y });
  }
  return { items, places: all };
}

/** An expanded group as one item. */
function frame(id: string, { items, places }: ReturnType<typeof layOut>): Item {
  if (items.length === 0) return block(id, emptyFrame);
  const { top, side, bottom } = framePadding;
  const at = (item: Item): Point => places.get(item.id) ?? { x: 0, y: 0 };
  const width = Math.max(...items.map((item) => at(item).x + item.width));
  const height = Math.max(...items.map((item) => at(item).y + item.height));
  const inner = new Map<string, Point>();
  for (const [one, { x, y }] of places) inner.set(one, { x: x + side, y: y + top });
  return {
    id,
    width: width + 2 * side,
    height: height + top + bottom,
    head: top + Math.min(...items.map((item) => at(item).y + item.head)),
    inner,
  };
}

/**
 * Moves for what stands elsewhere after tidying.
 * @param sizes those on screen, by React Flow's ids, where they are known.
 */
export function tidyEdits(graph: Graph, sizes: ReadonlyMap<string, Size>): Edit[] {
  const { places } = layOut(graph, null, sizes);
  const index = groupIndex(graph);
  const positions = new Map(graph.nodes.map(({ id, position }) => [id, position]));
  return [...places].flatMap(([name, to]): Edit[] => {
    const { kind, id } = itemOf(name);
    const group = kind === 'groups' ? index.byId.get(id) : undefined;
    // The frame of an expanded group stands where its blocks do.
    if (group !== undefined && !group.collapsed && !isEmpty(index, id)) return [];
    const from = group?.position ?? positions.get(id);
    if (from === undefined || (from.x === to.x && from.y === to.y)) return [];
    if (group === undefined) return [{ type: 'move-node', id, position: to }];
    return moveItems(graph, { nodes: [], groups: [id] }, { x: to.x - from.x, y: to.y - from.y });
  });
}

const isEmpty = (index: GroupIndex, id: string): boolean =>
  (index.byId.get(id)?.nodes.length ?? 0) + (index.inside.get(id)?.length ?? 0) === 0;
