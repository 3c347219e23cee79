/** Every change to a document, as data with an inverse. Undo, redo, autosave and tests use this union. */
import type { DataRecipe } from '../data/recipe.js';
import type { TrainingRecipe } from '../training/recipe.js';
import type { GraphEdge, GraphNode, ProjectDocument } from './document.js';

export type Params = GraphNode['params'];

export type Edit =
  | { type: 'add-node'; node: GraphNode; index?: number }
  /** Refused while edges still touch the node: use `removeNodes` to build the whole list. */
  | { type: 'remove-node'; id: string }
  | { type: 'move-node'; id: string; position: { x: number; y: number } }
  | { type: 'rename-node'; id: string; name: string }
  | { type: 'set-params'; id: string; params: Params }
  | { type: 'add-edge'; edge: GraphEdge; index?: number }
  | { type: 'remove-edge'; id: string }
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

const withNodes = (document: ProjectDocument, nodes: GraphNode[]): ProjectDocument => ({
  ...document,
  graph: { ...document.graph, nodes },
});
const withEdges = (document: ProjectDocument, edges: GraphEdge[]): ProjectDocument => ({
  ...document,
  graph: { ...document.graph, edges },
});

function changeNode(
  document: ProjectDocument,
  id: string,
  change: (node: GraphNode) => GraphNode,
): ProjectDocument {
  const [node, index] = find(document.graph.nodes, id, 'node');
  return withNodes(document, replaceAt(document.graph.nodes, index, change(node)));
}

/** Applies one edit. Throws an `Error` on an edit that can't apply: that is a bug of the caller. */
export function applyEdit(document: ProjectDocument, edit: Edit): EditResult {
  const { nodes, edges } = document.graph;
  switch (edit.type) {
    case 'add-node': {
      if (nodes.some((node) => node.id === edit.node.id)) {
        throw new Error(`node "${edit.node.id}" is in the document already`);
      }
      return {
        document: withNodes(document, insertAt(nodes, edit.index ?? nodes.length, edit.node)),
        inverse: [{ type: 'remove-node', id: edit.node.id }],
      };
    }
    case 'remove-node': {
      const [node, index] = find(nodes, edit.id, 'node');
      if (edges.some((e) => e.source.node === edit.id || e.target.node === edit.id)) {
        throw new Error(`node "${edit.id}" still has edges`);
      }
      return {
        document: withNodes(document, removeAt(nodes, index)),
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
        document: withEdges(document, insertAt(edges, edit.index ?? edges.length, edit.edge)),
        inverse: [{ type: 'remove-edge', id: edit.edge.id }],
      };
    }
    case 'remove-edge': {
      const [edge, index] = find(edges, edit.id, 'edge');
      return {
        document: withEdges(document, removeAt(edges, index)),
        inverse: [{ type: 'add-edge', edge, index }],
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

/** The edits that remove these nodes: first every edge that touches one of them. */
export function removeNodes(document: ProjectDocument, ids: readonly string[]): Edit[] {
  const gone = new Set(ids);
  return [
    ...document.graph.edges
      .filter((e) => gone.has(e.source.node) || gone.has(e.target.node))
      .map((e): Edit => ({ type: 'remove-edge', id: e.id })),
    ...document.graph.nodes
      .filter((n) => gone.has(n.id))
      .map((n): Edit => ({ type: 'remove-node', id: n.id })),
  ];
}
