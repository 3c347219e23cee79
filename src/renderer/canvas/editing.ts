/** What a person does on the canvas, as edits of the document. Pure. */
import { z } from 'zod';
import { StudioError } from '#shared/errors';
import {
  graphCommentSchema,
  graphEdgeSchema,
  graphGroupSchema,
  graphNodeSchema,
  type Graph,
} from '#shared/graph/document';
import { removeNodes, type Edit } from '#shared/graph/edits';
import { allNodes, groupIndex, membersOf, type Items } from '#shared/graph/groups';
import { freshEdgeId, freshNodeId, freshNodeName, freshNumberedId } from '#shared/graph/ids';
import type { ProjectDocument } from '#shared/graph/document';
import { findBlock } from '#shared/catalog/index';
import type { Selection } from '../stores/project.js';

/** Drag data from the palette. */
export const blockMimeType = 'application/x-unroll-block';

export interface Point {
  x: number;
  y: number;
}

/** Moves a point down and right until no other block or comment stands exactly there. */
function freeSpot({ nodes, comments }: Graph, at: Point): Point {
  const taken = [...nodes, ...comments];
  let { x, y } = at;
  while (taken.some(({ position }) => Math.hypot(position.x - x, position.y - y) < 16)) {
    x += 24;
    y += 24;
  }
  return { x, y };
}

export const unknownBlock = (id: string): StudioError =>
  new StudioError('unknown-block', `There is no block "${id}" in this version.`);

/** Adds a block with its defaults. Throws `unknown-block` for an id that is not in the catalog. */
export function addBlock(
  document: ProjectDocument,
  blockId: string,
  at: Point,
): { edits: Edit[]; id: string; title: string } {
  const block = findBlock(blockId);
  if (block === undefined) throw unknownBlock(blockId);
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

const plural = (count: number, one: string): string => (count === 1 ? one : `${count} ${one}s`);

/** Removes what is selected: a group with its blocks, a block with its edges. */
export function deleteSelection(
  document: ProjectDocument,
  { nodes = [], edges = [], groups = [], comments = [] }: Partial<Selection>,
): { edits: Edit[]; label: string } | null {
  const { graph } = document;
  const gone = allNodes(graph, { nodes, groups });
  const ofNodes = removeNodes(document, gone);
  const removed = new Set(
    ofNodes.flatMap((edit) =>
      edit.type === 'remove-edge' || edit.type === 'remove-group' ? [edit.id] : [],
    ),
  );
  const index = groupIndex(graph);
  const empty = groups.filter((id) => membersOf(index, id).length === 0 && !removed.has(id));
  const edits: Edit[] = [
    ...edges.filter((id) => !removed.has(id)).map((id): Edit => ({ type: 'remove-edge', id })),
    ...ofNodes,
    ...empty.map((id): Edit => ({ type: 'remove-group', id })),
    ...comments.map((id): Edit => ({ type: 'remove-comment', id })),
  ];
  if (edits.length === 0) return null;
  const [group] = groups;
  const onlyGroup = groups.length === 1 && group !== undefined && nodes.length === 0;
  const what = onlyGroup
    ? `group “${index.byId.get(group)?.name ?? ''}”`
    : gone.length > 0
      ? plural(gone.length, 'block')
      : groups.length > 0
        ? plural(groups.length, 'group')
        : comments.length > 0
          ? plural(comments.length, 'comment')
          : plural(edges.length, 'connection');
  return { edits, label: `Delete ${what}` };
}

const clipSchema = z.object({
  format: z.literal('unroll-blocks'),
  version: z.literal(1),
  nodes: z.array(graphNodeSchema),
  edges: z.array(graphEdgeSchema),
  groups: z.array(graphGroupSchema).default([]),
  comments: z.array(graphCommentSchema).default([]),
});

/** Text that means to be ours, whatever its version. */
const ownClip = z.object({ format: z.literal('unroll-blocks') });

/** What to say of clipboard text that holds no blocks. */
export function notBlocks(text: string): StudioError {
  const start = text.trim().replace(/\s+/g, ' ').slice(0, 40);
  return new StudioError(
    'no-blocks-to-paste',
    start === ''
      ? 'The clipboard holds no text, so there are no blocks to paste.'
      : `The clipboard holds other text (“${start}${start.length < 40 ? '' : '…'}”), no blocks.`,
    'Select blocks on a canvas, in this window or another one, and copy them first.',
  );
}

/**
 * The blocks, the edges among them, the groups of which every block is among them, and comments, as text
 * for the clipboard; null when nothing is selected.
 */
export function copyBlocks(
  document: ProjectDocument,
  items: Items & { readonly comments: readonly string[] },
): string | null {
  const { graph } = document;
  const chosen = new Set(allNodes(graph, items));
  const nodes = graph.nodes.filter((node) => chosen.has(node.id));
  const comments = graph.comments.filter(({ id }) => items.comments.includes(id));
  if (nodes.length + comments.length === 0) return null;
  const edges = graph.edges.filter(
    (edge) => chosen.has(edge.source.node) && chosen.has(edge.target.node),
  );
  const index = groupIndex(graph);
  const groups = graph.groups.filter(({ id }) => {
    const members = membersOf(index, id);
    return members.length > 0 && members.every((node) => chosen.has(node));
  });
  const clip = { format: 'unroll-blocks', version: 1, nodes, edges, groups, comments };
  return JSON.stringify(clip, null, 2);
}

export interface Pasted extends Items {
  edits: Edit[];
  comments: readonly string[];
}

/**
 * Blocks, groups and comments from clipboard text under new ids and names. `at` is where their upper left
 * corner goes; null puts them beside where they were. Null for text that is not ours. Throws `damaged-clip`.
 */
export function pasteBlocks(
  document: ProjectDocument,
  text: string,
  at: Point | null,
): Pasted | null {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = clipSchema.safeParse(raw);
  if (!parsed.success) {
    if (!ownClip.safeParse(raw).success) return null;
    const [issue] = parsed.error.issues;
    const where = issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}. `;
    throw new StudioError(
      'damaged-clip',
      'The blocks on the clipboard are damaged, so nothing was pasted.',
      `${where}Copy them again; both windows need the same version of Unroll Studio.`,
    );
  }
  const clip = parsed.data;
  const places = [...clip.nodes, ...clip.comments].map(({ position }) => position);
  if (places.length === 0) return null;
  const left = Math.min(...places.map(({ x }) => x));
  const top = Math.min(...places.map(({ y }) => y));
  const corner = freeSpot(document.graph, at ?? { x: left + 24, y: top + 24 });
  const place = ({ x, y }: Point): Point => ({ x: x - left + corner.x, y: y - top + corner.y });
  const renamed = new Map<string, string>();
  const edits: Edit[] = [];
  let graph = document.graph;
  for (const old of clip.nodes) {
    const node = {
      ...old,
      id: freshNodeId(graph, old.block),
      name: freshNodeName(graph, old.name.replace(/ \d+$/, '')),
      position: place(old.position),
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
  const regrouped = new Map<string, string>();
  const waiting = [...clip.groups];
  while (waiting.length > 0) {
    // Outer groups first. A hand-edited clip may hold parents that are missing, or run in circles.
    const known = new Set(waiting.map(({ id }) => id));
    const next = waiting.findIndex(({ parent }) => parent === null || !known.has(parent));
    const [old] = waiting.splice(Math.max(0, next), 1);
    if (old === undefined) break;
    const group = {
      ...old,
      id: freshNumberedId(graph.groups, 'group'),
      nodes: takeFrom(renamed, old.nodes, graph),
      parent: regrouped.get(old.parent ?? '') ?? null,
      position: place(old.position),
    };
    graph = { ...graph, groups: [...graph.groups, group] };
    regrouped.set(old.id, group.id);
    edits.push({ type: 'add-group', group });
  }
  const comments: string[] = [];
  for (const old of clip.comments) {
    const id = freshNumberedId(graph.comments, 'comment');
    const comment = { ...old, id, position: place(old.position) };
    graph = { ...graph, comments: [...graph.comments, comment] };
    comments.push(id);
    edits.push({ type: 'add-comment', comment });
  }
  // A group stands for its blocks, as on the canvas.
  const index = groupIndex(graph);
  const nodes = [...renamed.values()].filter((id) => !index.ofNode.has(id));
  const groups = [...regrouped.values()].filter((id) => index.byId.get(id)?.parent === null);
  return { edits, nodes, groups, comments };
}

/** The new ids of a pasted group's blocks: those that the clip holds, each in one group only. */
function takeFrom(
  renamed: ReadonlyMap<string, string>,
  nodes: readonly string[],
  graph: Graph,
): string[] {
  const { ofNode } = groupIndex(graph);
  const ids = nodes.flatMap((node) => renamed.get(node) ?? []);
  return [...new Set(ids)].filter((id) => !ofNode.has(id));
}

/** A comment of the usual size with its upper left corner at a point. */
export function addComment({ graph }: ProjectDocument, at: Point): { edits: Edit[]; id: string } {
  const id = freshNumberedId(graph.comments, 'comment');
  const position = freeSpot(graph, { x: Math.round(at.x / 8) * 8, y: Math.round(at.y / 8) * 8 });
  const comment = { id, text: '', position, size: { width: 200, height: 72 } };
  return { edits: [{ type: 'add-comment', comment }], id };
}
