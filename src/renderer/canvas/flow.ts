/**
 * React Flow's nodes and edges, derived from the document. A block keeps the identity of its React Flow
 * node as long as nothing about it changed. Positions differ from the document's only while a drag lasts.
 */
import { applyEdgeChanges, applyNodeChanges } from 'reactflow';
import type { Edge, EdgeChange, Node, NodeChange } from 'reactflow';
import { create } from 'zustand';
import type { Edit } from '#shared/graph/edits';
import { useProject, type ProjectState } from '../stores/project.js';

export type BlockFlowNode = Node<Record<string, never>, 'block'>;
export type WireFlowEdge = Edge<Record<string, never>, 'wire'>;

interface FlowState {
  nodes: BlockFlowNode[];
  edges: WireFlowEdge[];
  onNodesChange(changes: NodeChange<BlockFlowNode>[]): void;
  onEdgesChange(changes: EdgeChange<WireFlowEdge>[]): void;
}

const noData: Record<string, never> = {};

function deriveNodes(
  { document, selection }: Pick<ProjectState, 'document' | 'selection'>,
  before: readonly BlockFlowNode[],
): BlockFlowNode[] {
  const known = new Map(before.map((node) => [node.id, node]));
  const selected = new Set(selection.nodes);
  return (document?.graph.nodes ?? []).map(({ id, position, name }) => {
    const old = known.get(id);
    if (
      old !== undefined &&
      old.position.x === position.x &&
      old.position.y === position.y &&
      (old.selected ?? false) === selected.has(id) &&
      old.ariaLabel === name
    )
      return old;
    return {
      ...old,
      id,
      type: 'block',
      position,
      data: noData,
      selected: selected.has(id),
      ariaLabel: name,
    };
  });
}

function deriveEdges(
  { document, selection }: Pick<ProjectState, 'document' | 'selection'>,
  before: readonly WireFlowEdge[],
): WireFlowEdge[] {
  const known = new Map(before.map((edge) => [edge.id, edge]));
  const selected = new Set(selection.edges);
  return (document?.graph.edges ?? []).map(({ id, source, target }) => {
    const old = known.get(id);
    if (
      old !== undefined &&
      old.source === source.node &&
      old.sourceHandle === source.port &&
      old.target === target.node &&
      old.targetHandle === target.port &&
      (old.selected ?? false) === selected.has(id)
    )
      return old;
    return {
      id,
      type: 'wire',
      source: source.node,
      sourceHandle: source.port,
      target: target.node,
      targetHandle: target.port,
      selected: selected.has(id),
    };
  });
}

export const useFlow = create<FlowState>()((set, get) => {
  const selectInProject = (): void => {
    const { nodes, edges } = get();
    useProject.getState().select({
      nodes: nodes.filter((node) => node.selected).map((node) => node.id),
      edges: edges.filter((edge) => edge.selected).map((edge) => edge.id),
    });
  };
  return {
    nodes: deriveNodes(useProject.getState(), []),
    edges: deriveEdges(useProject.getState(), []),

    onNodesChange(changes) {
      // Removing goes through the document, see `deleteSelection`.
      const wasDragging = get().nodes.some((node) => node.dragging);
      set({
        nodes: applyNodeChanges(
          changes.filter((change) => change.type !== 'remove'),
          get().nodes,
        ),
      });
      if (changes.some((change) => change.type === 'select')) selectInProject();
      const moves: Edit[] = [];
      const inDocument = new Map(
        useProject.getState().document?.graph.nodes.map((node) => [node.id, node.position]),
      );
      for (const change of changes) {
        if (change.type !== 'position' || change.dragging === true) continue;
        const from = inDocument.get(change.id);
        const to = change.position;
        if (from === undefined || to === undefined || (from.x === to.x && from.y === to.y))
          continue;
        moves.push({ type: 'move-node', id: change.id, position: { x: to.x, y: to.y } });
      }
      if (moves.length === 0) return;
      const label = moves.length === 1 ? 'Move block' : `Move ${moves.length} blocks`;
      const ids = changes.flatMap((change) => (change.type === 'position' ? [change.id] : []));
      // A row of arrow keys is one step; each drag is one of its own.
      useProject
        .getState()
        .dispatch(moves, wasDragging ? { label } : { label, merge: `nudge ${ids.join(' ')}` });
    },
    onEdgesChange(changes) {
      set({
        edges: applyEdgeChanges(
          changes.filter((change) => change.type !== 'remove'),
          get().edges,
        ),
      });
      if (changes.some((change) => change.type === 'select')) selectInProject();
    },
  };
});

useProject.subscribe((state, before) => {
  if (state.document?.graph === before.document?.graph && state.selection === before.selection)
    return;
  useFlow.setState((flow) => ({
    nodes: deriveNodes(state, flow.nodes),
    edges: deriveEdges(state, flow.edges),
  }));
});
