/** Every change to a document, as data with an inverse. Undo, redo, autosave and tests use this union. */
import type { DataRecipe } from '../data/recipe.js';
import type { TrainingRecipe } from '../training/recipe.js';
import type {
  Graph,
  GraphComment,
  GraphEdge,
  GraphGroup,
  GraphNode,
  ProjectDocument,
} from './document.js';
import { leaveGroups } from './groups.js';

export type Params = GraphNode['params'];

export type Edit =
  | { type: 'add-node'; node: GraphNode; index?: number }
  /** Refused while edges touch the node or a group holds it: use `removeNodes` to build the whole list. */
  | { type: 'remove-node'; id: string }
  | { type: 'move-node'; id: string; position: { x: number; y: number } }
  | { type: 'rename-node'; id: string; name: string }
  /** Makes it another block; edges that do not fit that one are left to the checks. */
  | { type: 'set-block'; id: string; block: string }
  | { type: 'set-params'; id: string; params: Params }
  | { type: 'add-edge'; edge: GraphEdge; index?: number }
  | { type: 'remove-edge'; id: string }
  | { type: 'add-group'; group: GraphGroup; index?: number }
  /** Refused while another group is inside it. */
  | { type: 'remove-group'; id: string }
  /** Takes the place of the group of the same id. */
  | { type: 'set-group'; group: GraphGroup }
  | { type: 'add-comment'; comment: GraphComment; index?: number }
  | { type: 'remove-comment'; id: string }
  | { type: 'set-comment'; comment: GraphComment }
  | { type: 'set-name'; name: string }
  | { type: 'set-description'; description: string }
  | { type: 'set-data'; data: DataRecipe }
  | { type: 'set-training'; training: TrainingRecipe };

export interface EditResult {
  /** Keeps the identity of everything that the edits did not touch. */
  document: ProjectDocument;
  /** Applied in order, brings the earlier document back. */
  inverse: Edit[];
}

const replaceAt = <T>(list: readonly T[], index: number, item: T): T[] =>
  list.map((old, i) => (i === index ? item : old));
const insertAt = <T>(list: readonly T[], index: number, item: T): T[] => [
  ...list.slice(0, index),
  item,
  ...list.slice(index),
];
const removeAt = <T>(list: readonly T[], index: number): T[] => list.filter((_, i) => i !== index);

function find<T extends { id: string }>(list: readonly T[], id: string, what: string): [T, number] {
  const index = list.findIndex((item) => item.id === id);
  const item = list[index];
  if (item === undefined) throw new Error(`no ${what} "${id}" in the document`);
  return [item, index];
}

const withGraph = (document: ProjectDocument, change: Partial<Graph>): ProjectDocument => ({
  ...document,
  graph: { ...document.graph, ...change },
});

function changeNode(
  document: ProjectDocument,
  id: string,
  change: (node: GraphNode) => GraphNode,
): ProjectDocument {
  const [node, index] = find(document.graph.nodes, id, 'node');
  return withGraph(document, { nodes: replaceAt(document.graph.nodes, index, change(node)) });
}

/** What the schema asks of a group, for the one that just changed. */
function assertGroup({ nodes, groups }: Graph, group: GraphGroup): void {
  const known = new Set(nodes.map(({ id }) => id));
  const elsewhere = new Set(groups.flatMap((one) => (one.id === group.id ? [] : one.nodes)));
  for (const id of group.nodes) {
    if (!known.has(id)) throw new Error(`no node "${id}" in the document`);
    if (elsewhere.has(id)) throw new Error(`node "${id}" is in another group`);
  }
  for (let parent = group.parent; parent !== null;) {
    if (parent === group.id) throw new Error(`group "${group.id}" would be inside itself`);
    parent = find(groups, parent, 'group')[0].parent;
  }
}

/** Applies one edit. Throws an `Error` on an edit that can't apply: that is a bug of the caller. */
export function applyEdit(document: ProjectDocument, edit: Edit): EditResult {
  const { nodes, edges, groups, comments } = document.graph;
  switch (edit.type) {
    case 'add-node': {
      if (nodes.some((node) => node.id === edit.node.id)) {
        throw new Error(`node "${edit.node.id}" is in the document already`);
      }
      return {
        document: withGraph(document, {
          nodes: insertAt(nodes, edit.index ?? nodes.length, edit.node),
        }),
        inverse: [{ type: 'remove-node', id: edit.node.id }],
      };
    }
    case 'remove-node': {
      const [node, index] = find(nodes, edit.id, 'node');
      if (edges.some((e) => e.source.node === edit.id || e.target.node === edit.id)) {
        throw new Error(`node "${edit.id}" still has edges`);
      }
      if (groups.some((group) => group.nodes.includes(edit.id))) {
        throw new Error(`node "${edit.id}" is still in a group`);
      }
      return {
        document: withGraph(document, { nodes: removeAt(nodes, index) }),
        inverse: [{ type: 'add-node', node, index }],
      };
    }
    case 'move-node': {
      const [{ position }] = find(nodes, edit.id, 'node');
      return {
        document: changeNode(document, edit.id, (n) => ({ ...n, position: edit.position })),
        inverse: [{ type: 'move-node', id: edit.id, position }],
      };
    }
    case 'rename-node': {
      const [{ name }] = find(nodes, edit.id, 'node');
      return {
        document: changeNode(document, edit.id, (n) => ({ ...n, name: edit.name })),
        inverse: [{ type: 'rename-node', id: edit.id, name }],
      };
    }
    case 'set-block': {
      const [{ block }] = find(nodes, edit.id, 'node');
      return {
        document: changeNode(document, edit.id, (n) => ({ ...n, block: edit.block })),
        inverse: [{ type: 'set-block', id: edit.id, block }],
      };
    }
    case 'set-params': {
      const [{ params }] = find(nodes, edit.id, 'node');
      return {
        document: changeNode(document, edit.id, (n) => ({ ...n, params: edit.params })),
        inverse: [{ type: 'set-params', id: edit.id, params }],
      };
    }
    case 'add-edge': {
      if (edges.some((e) => e.id === edit.edge.id)) {
        throw new Error(`edge "${edit.edge.id}" is in the document already`);
      }
      // Its ends are not looked up: a file may hold an edge that leads nowhere, which the checks report,
      // and undoing its removal has to bring it back.
      return {
        document: withGraph(document, {
          edges: insertAt(edges, edit.index ?? edges.length, edit.edge),
        }),
        inverse: [{ type: 'remove-edge', id: edit.edge.id }],
      };
    }
    case 'remove-edge': {
      const [edge, index] = find(edges, edit.id, 'edge');
      return {
        document: withGraph(document, { edges: removeAt(edges, index) }),
        inverse: [{ type: 'add-edge', edge, index }],
      };
    }
    case 'add-group': {
      const { group, index = groups.length } = edit;
      if (groups.some(({ id }) => id === group.id)) {
        throw new Error(`group "${group.id}" is in the document already`);
      }
      const next = withGraph(document, { groups: insertAt(groups, index, group) });
      assertGroup(next.graph, group);
      return { document: next, inverse: [{ type: 'remove-group', id: group.id }] };
    }
    case 'remove-group': {
      const [group, index] = find(groups, edit.id, 'group');
      if (groups.some(({ parent }) => parent === edit.id)) {
        throw new Error(`group "${edit.id}" still has groups inside`);
      }
      return {
        document: withGraph(document, { groups: removeAt(groups, index) }),
        inverse: [{ type: 'add-group', group, index }],
      };
    }
    case 'set-group': {
      const [group, index] = find(groups, edit.group.id, 'group');
      const next = withGraph(document, { groups: replaceAt(groups, index, edit.group) });
      assertGroup(next.graph, edit.group);
      return { document: next, inverse: [{ type: 'set-group', group }] };
    }
    case 'add-comment': {
      const { comment, index = comments.length } = edit;
      if (comments.some(({ id }) => id === comment.id)) {
        throw new Error(`comment "${comment.id}" is in the document already`);
      }
      return {
        document: withGraph(document, { comments: insertAt(comments, index, comment) }),
        inverse: [{ type: 'remove-comment', id: comment.id }],
      };
    }
    case 'remove-comment': {
      const [comment, index] = find(comments, edit.id, 'comment');
      return {
        document: withGraph(document, { comments: removeAt(comments, index) }),
        inverse: [{ type: 'add-comment', comment, index }],
      };
    }
    case 'set-comment': {
      const [comment, index] = find(comments, edit.comment.id, 'comment');
      return {
        document: withGraph(document, { comments: replaceAt(comments, index, edit.comment) }),
        inverse: [{ type: 'set-comment', comment }],
      };
    }
    case 'set-name':
      return {
        document: { ...document, name: edit.name },
        inverse: [{ type: 'set-name', name: document.name }],
      };
    case 'set-description':
      return {
        document: { ...document, description: edit.description },
        inverse: [{ type: 'set-description', description: document.description }],
      };
    case 'set-data':
      return {
        document: { ...document, data: edit.data },
        inverse: [{ type: 'set-data', data: document.data }],
      };
    case 'set-training':
      return {
        document: { ...document, training: edit.training },
        inverse: [{ type: 'set-training', training: document.training }],
      };
  }
}

/** Applies edits in order; the inverse undoes them all, last first. */
export function applyEdits(document: ProjectDocument, edits: readonly Edit[]): EditResult {
  let current = document;
  const inverse: Edit[] = [];
  for (const edit of edits) {
    const result = applyEdit(current, edit);
    current = result.document;
    inverse.unshift(...result.inverse);
  }
  return { document: current, inverse };
}

/** The edits that remove these nodes, after their edges; groups that become empty go too. */
export function removeNodes(document: ProjectDocument, ids: readonly string[]): Edit[] {
  const gone = new Set(ids);
  return [
    ...document.graph.edges
      .filter((e) => gone.has(e.source.node) || gone.has(e.target.node))
      .map((e): Edit => ({ type: 'remove-edge', id: e.id })),
    ...leaveGroups(document.graph, gone),
    ...document.graph.nodes
      .filter((n) => gone.has(n.id))
      .map((n): Edit => ({ type: 'remove-node', id: n.id })),
  ];
}
