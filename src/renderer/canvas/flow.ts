/**
 * React Flow's nodes and edges, derived from the document. A block keeps the identity of its React Flow
 * node as long as nothing about it changed. Positions differ from the document's while a drag lasts, and by the
 * room that unrolled blocks take.
 */
import { applyEdgeChanges, applyNodeChanges } from 'reactflow';
import type { Edge, EdgeChange, Node, NodeChange } from 'reactflow';
import { create } from 'zustand';
import type { Edit } from '#shared/graph/edits';
import { useProject, type ProjectState } from '../stores/project.js';
import { roomsOf, shownY, storedY, useRoom } from './unroll/room.js';

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
  const rooms = roomsOf(document?.graph.nodes ?? [], useRoom.getState().heights);
  return (document?.graph.nodes ?? []).map(({ id, position: { x, y: stored }, name }) => {
    const position = { x, y: shownY(stored, rooms) };
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
      const inProject = useProject.getState().document?.graph.nodes ?? [];
      const inDocument = new Map(inProject.map((node) => [node.id, node.position]));
      const rooms = roomsOf(inProject, useRoom.getState().heights);
      for (const change of changes) {
        if (change.type !== 'position' || change.dragging === true) continue;
        const from = inDocument.get(change.id);
        if (from === undefined || change.position === undefined) continue;
        const to = { x: change.position.x, y: storedY(change.position.y, rooms) };
        if (from.x === to.x && from.y === to.y) continue;
        moves.push({ type: 'move-node', id: change.id, position: to });
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

useRoom.subscribe(() => {
  useFlow.setState((flow) => ({ nodes: deriveNodes(useProject.getState(), flow.nodes) }));
});
