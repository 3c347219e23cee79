/** Left-to-right layout in layers (Sugiyama, by dagre), wrapped into rows like text. */
import { graphlib, layout } from '@dagrejs/dagre';
import type { Graph } from '#shared/graph/document';
import type { Edit } from '#shared/graph/edits';

export interface Size {
  width: number;
  height: number;
}

/** About what a window of 1440 pixels shows of the canvas at 100 %. */
const rowWidth = 912;
/** Room for a shape label between two layers. */
const layerGap = 96;
/** Room for a wire and its label between two rows. */
const rowGap = 80;
const blockGap = 40;

const onGrid = (value: number): number => Math.round(value / 8) * 8;

/** Moves for the blocks whose place changes; `sizes` are those on screen, where they are known. */
export function tidyEdits(graph: Graph, sizes: ReadonlyMap<string, Size>): Edit[] {
  const sizeOf = (id: string): Size => sizes.get(id) ?? { width: 152, height: 72 };
  // One height for all lines up the headers of a row, so that straight runs stay straight.
  const height = Math.max(0, ...graph.nodes.map(({ id }) => sizeOf(id).height));
  const plan = new graphlib.Graph({ multigraph: true });
  plan.setGraph({ rankdir: 'LR', nodesep: blockGap, ranksep: layerGap });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const { id } of graph.nodes) plan.setNode(id, { width: sizeOf(id).width, height });
  for (const { id, source, target } of graph.edges) plan.setEdge(source.node, target.node, {}, id);
  layout(plan);
  const placed = graph.nodes.map((node) => {
    const { x = 0, y = 0 } = plan.node(node.id);
    return { node, x, top: y - height / 2, ...sizeOf(node.id) };
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

  const edits: Edit[] = [];
  let rowTop = 0;
  for (const row of rows) {
    const items = row.flat();
    const top = Math.min(...items.map((item) => item.top));
    let left = 0;
    for (const layer of row) {
      for (const { node, top: itemTop } of layer) {
        const position = { x: onGrid(left), y: onGrid(rowTop + itemTop - top) };
        if (position.x !== node.position.x || position.y !== node.position.y)
          edits.push({ type: 'move-node', id: node.id, position });
      }
      left += Math.max(...layer.map((item) => item.width)) + layerGap;
    }
    rowTop += Math.max(...items.map((item) => item.top + item.height)) - top + rowGap;
  }
  return edits;
}
