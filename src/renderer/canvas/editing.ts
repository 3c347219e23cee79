/** What a person does on the canvas, as edits of the document. Pure. */
import { z } from 'zod';
import { StudioError } from '#shared/errors';
import { graphEdgeSchema, graphNodeSchema, type Graph } from '#shared/graph/document';
import { removeNodes, type Edit } from '#shared/graph/edits';
import { freshEdgeId, freshNodeId, freshNodeName } from '#shared/graph/ids';
import type { ProjectDocument } from '#shared/graph/document';
import { findBlock } from '#shared/catalog/index';
import type { Selection } from '../stores/project.js';

/** Drag data from the palette. */
export const blockMimeType = 'application/x-unroll-block';

export interface Point {
  x: number;
  y: number;
}

/** Moves a point down and right until no other block stands exactly there. */
function freeSpot(graph: Graph, at: Point): Point {
  let { x, y } = at;
  while (graph.nodes.some(({ position }) => Math.hypot(position.x - x, position.y - y) < 16)) {
    x += 24;
    y += 24;
  }
  return { x, y };
}

/** Adds a block with its defaults. Throws `unknown-block` for an id that is not in the catalog. */
export function addBlock(
  document: ProjectDocument,
  blockId: string,
  at: Point,
): { edits: Edit[]; id: string; title: string } {
  const block = findBlock(blockId);
  if (block === undefined)
    throw new StudioError('unknown-block', `There is no block "${blockId}" in this version.`);
  const { graph } = document;
  const id = freshNodeId(graph, blockId);
  const node = {
    id,
    block: blockId,
    name: freshNodeName(graph, block.title),
    params: block.defaults(),
    position: freeSpot(graph, { x: Math.round(at.x / 8) * 8, y: Math.round(at.y / 8) * 8 }),
  };
  return { edits: [{ type: 'add-node', node }], id, title: block.title };
}

/** Removes what is selected; edges of removed blocks go with them. */
export function deleteSelection(
  document: ProjectDocument,
  { nodes, edges }: Selection,
): { edits: Edit[]; label: string } | null {
  const ofNodes = removeNodes(document, nodes);
  const gone = new Set(ofNodes.flatMap((edit) => (edit.type === 'remove-edge' ? [edit.id] : [])));
  const edits: Edit[] = [
    ...edges.filter((id) => !gone.has(id)).map((id): Edit => ({ type: 'remove-edge', id })),
    ...ofNodes,
  ];
  if (edits.length === 0) return null;
  const label =
    nodes.length === 0
      ? edges.length === 1
        ? 'Delete connection'
        : `Delete ${edges.length} connections`
      : nodes.length === 1
        ? 'Delete block'
        : `Delete ${nodes.length} blocks`;
  return { edits, label };
}

const clipSchema = z.object({
  format: z.literal('unroll-blocks'),
  version: z.literal(1),
  nodes: z.array(graphNodeSchema),
  edges: z.array(graphEdgeSchema),
});

/** The blocks and the edges among them as text, for the clipboard; null when nothing is selected. */
export function copyBlocks(document: ProjectDocument, ids: readonly string[]): string | null {
  const chosen = new Set(ids);
  const nodes = document.graph.nodes.filter((node) => chosen.has(node.id));
  if (nodes.length === 0) return null;
  const edges = document.graph.edges.filter(
    (edge) => chosen.has(edge.source.node) && chosen.has(edge.target.node),
  );
  return JSON.stringify({ format: 'unroll-blocks', version: 1, nodes, edges }, null, 2);
}

/**
 * Blocks from clipboard text under new ids and names. `at` is where their upper left corner goes; null
 * puts them beside where they were. Null for text that is not ours, which is no mistake.
 */
export function pasteBlocks(
  document: ProjectDocument,
  text: string,
  at: Point | null,
): { edits: Edit[]; ids: string[] } | null {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = clipSchema.safeParse(raw);
  if (!parsed.success || parsed.data.nodes.length === 0) return null;
  const clip = parsed.data;
  const left = Math.min(...clip.nodes.map((node) => node.position.x));
  const top = Math.min(...clip.nodes.map((node) => node.position.y));
  const corner = freeSpot(document.graph, at ?? { x: left + 24, y: top + 24 });
  const renamed = new Map<string, string>();
  const edits: Edit[] = [];
  let graph = document.graph;
  for (const old of clip.nodes) {
    const node = {
      ...old,
      id: freshNodeId(graph, old.block),
      name: freshNodeName(graph, old.name.replace(/ \d+$/, '')),
      position: { x: old.position.x - left + corner.x, y: old.position.y - top + corner.y },
    };
    graph = { ...graph, nodes: [...graph.nodes, node] };
    renamed.set(old.id, node.id);
    edits.push({ type: 'add-node', node });
  }
  for (const old of clip.edges) {
    const from = renamed.get(old.source.node);
    const to = renamed.get(old.target.node);
    // A hand-edited clip may name blocks that it does not hold.
    if (from === undefined || to === undefined) continue;
    const source = { node: from, port: old.source.port };
    const target = { node: to, port: old.target.port };
    const edge = { id: freshEdgeId(graph, source, target), source, target };
    graph = { ...graph, edges: [...graph.edges, edge] };
    edits.push({ type: 'add-edge', edge });
  }
  return { edits, ids: [...renamed.values()] };
}
