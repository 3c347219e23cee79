/** Left-to-right layout in layers (Sugiyama, by dagre). */
import { graphlib, layout } from '@dagrejs/dagre';
import type { Graph } from '#shared/graph/document';
import type { Edit } from '#shared/graph/edits';

export interface Size {
  width: number;
  height: number;
}

/** Moves for the blocks whose place changes. Room between layers is for the shape labels. */
export function tidyEdits(graph: Graph, sizes: ReadonlyMap<string, Size>): Edit[] {
  const sizeOf = (id: string): Size => sizes.get(id) ?? { width: 160, height: 72 };
  const plan = new graphlib.Graph({ multigraph: true });
  plan.setGraph({ rankdir: 'LR', nodesep: 40, ranksep: 96, align: 'UL' });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const { id } of graph.nodes) plan.setNode(id, { ...sizeOf(id) });
  for (const { id, source, target } of graph.edges) plan.setEdge(source.node, target.node, {}, id);
  layout(plan);
  const onGrid = (value: number): number => Math.round(value / 8) * 8;
  return graph.nodes.flatMap((node): Edit[] => {
    const { x, y } = plan.node(node.id);
    const { width, height } = sizeOf(node.id);
    // dagre centres; blocks of one row line up at their headers, so that wires stay straight.
    const position = { x: onGrid((x ?? 0) - width / 2), y: onGrid((y ?? 0) - height / 2) };
    const same = position.x === node.position.x && position.y === node.position.y;
    return same ? [] : [{ type: 'move-node', id: node.id, position }];
  });
}
