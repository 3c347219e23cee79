/**
 * React Flow's nodes and edges, derived from the document: blocks, frames of expanded groups, the block of
 * a collapsed group in place of its members, comments. Each keeps the identity of its React Flow node as
 * long as nothing about it changed. Positions differ from the document's only while a drag lasts.
 */
import { applyEdgeChanges, applyNodeChanges } from 'reactflow';
import type { Edge, EdgeChange, Node, NodeChange } from 'reactflow';
import { create } from 'zustand';
import type { Graph, GraphGroup } from '#shared/graph/document';
import { chainOf, groupIndex, isHidden, membersOf, standIn } from '#shared/graph/groups';
import { readingOrder, topologyOf } from '#shared/graph/topology';
import { useProject, type ProjectState } from '../stores/project.js';
import { snapChanges } from './dragging.js';
import type { Point } from './editing.js';
import { dropIntoGroup, useGroupDrag } from './groups/dragging.js';
import { visibleFrames, withFrames } from './groups/frames.js';
import { boundaryHandle, flowId, itemOf, type ItemKind } from './groups/ids.js';
import { moveEdits, moveLabel, withMembers } from './groups/moving.js';

export type BlockFlowNode = Node<Record<string, never>, 'block'>;
/** The one block of a collapsed group. */
export type GroupFlowNode = Node<{ group: string }, 'collapsed'>;
/** The frame of an expanded group. */
export type FrameFlowNode = Node<{ group: string }, 'frame'>;
export type CommentFlowNode = Node<{ comment: string }, 'comment'>;
export type CanvasNode = BlockFlowNode | GroupFlowNode | FrameFlowNode | CommentFlowNode;
/** `borders`: how many frames begin right above the wire's target and do not hold its source. */
export type WireFlowEdge = Edge<{ borders: number }, 'wire'>;

interface FlowState {
  nodes: CanvasNode[];
  edges: WireFlowEdge[];
  onNodesChange(changes: NodeChange<CanvasNode>[]): void;
  onEdgesChange(changes: EdgeChange<WireFlowEdge>[]): void;
}

const noData: Record<string, never> = {};

/** Behind the wires, also while React Flow lifts it by 1,000 because it is selected. */
const frameDepth = { still: -1, selected: -1001 };

const countOf = (count: number): string => `${count} ${count === 1 ? 'block' : 'blocks'}`;

const sameLook = (a: CanvasNode, b: CanvasNode): boolean =>
  a.type === b.type &&
  a.position.x === b.position.x &&
  a.position.y === b.position.y &&
  a.width === b.width &&
  a.height === b.height &&
  (a.selected ?? false) === b.selected &&
  a.ariaLabel === b.ariaLabel;

function deriveNodes(
  { document, selection }: Pick<ProjectState, 'document' | 'selection'>,
  before: readonly CanvasNode[],
): CanvasNode[] {
  if (document === null) return [];
  const { graph } = document;
  const index = groupIndex(graph);
  const known = new Map(before.map((node) => [node.id, node]));
  const keep = (next: CanvasNode): CanvasNode => {
    const old = known.get(next.id);
    if (old === undefined || old.type !== next.type) return next;
    return sameLook(old, next) ? old : { ...old, ...next };
  };
  const chosen = {
    nodes: new Set(selection.nodes),
    groups: new Set(selection.groups),
    comments: new Set(selection.comments),
  };
  const frame = ({ id, name, position, nodes }: GraphGroup): CanvasNode => {
    const old = known.get(flowId('groups', id));
    const selected = chosen.groups.has(id);
    const box = old?.type === 'frame' ? old : null;
    return keep({
      id: flowId('groups', id),
      type: 'frame',
      data: { group: id },
      position: box?.position ?? position,
      ...(box?.width === undefined ? {} : { width: box.width }),
      ...(box?.height === undefined ? {} : { height: box.height }),
      selected,
      zIndex: selected ? frameDepth.selected : frameDepth.still,
      // The canvas behind its blocks stays the canvas: only the title is grasped.
      style: { pointerEvents: 'none' },
      dragHandle: '[data-frame-title]',
      ariaLabel: `Group ${name}, ${countOf(nodes.length)}`,
    });
  };
  const nodes: CanvasNode[] = visibleFrames(index).map(frame);
  // Tab and screen readers go along the network.
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const inOrder = readingOrder(topologyOf(graph)).flatMap((id) => byId.get(id) ?? []);
  for (const { id, position, name } of inOrder)
    if (graph.groups.length === 0 || standIn(index, id) === null)
      nodes.push(
        keep({
          id,
          type: 'block',
          position,
          data: noData,
          selected: chosen.nodes.has(id),
          ariaLabel: name,
        }),
      );
  for (const group of graph.groups)
    if (group.collapsed && !isHidden(index, group))
      nodes.push(
        keep({
          id: flowId('groups', group.id),
          type: 'collapsed',
          data: { group: group.id },
          position: group.position,
          selected: chosen.groups.has(group.id),
          ariaLabel: `Collapsed group ${group.name}`,
        }),
      );
  // In front: a new note can cover a block, but is never lost behind one.
  for (const { id, text, position, size } of graph.comments)
    nodes.push(
      keep({
        id: flowId('comments', id),
        type: 'comment',
        data: { comment: id },
        position,
        ...size,
        selected: chosen.comments.has(id),
        ariaLabel: text === '' ? 'Empty comment' : `Comment: ${text}`,
      }),
    );
  return withFrames(nodes, graph, useGroupDrag.getState().leaving);
}

/** Where a wire's end is on the canvas: at its block, or at the border of the group that hides it. */
function endOf(graph: Graph, { node, port }: Graph['edges'][number]['source']) {
  const group = graph.groups.length === 0 ? null : standIn(groupIndex(graph), node);
  return group === null
    ? { node, handle: port }
    : { node: flowId('groups', group.id), handle: boundaryHandle({ node, port }) };
}

/** Blocks of a row stand less than this apart in height. */
const sameRow = 48;

/** See `WireFlowEdge`. */
function bordersAbove({ nodes, groups }: Graph): (edge: Graph['edges'][number]) => number {
  if (groups.length === 0) return () => 0;
  const index = groupIndex({ groups });
  const heights = new Map(nodes.map(({ id, position }) => [id, position.y]));
  const heightOf = (node: string): number => heights.get(node) ?? 0;
  const tops = new Map(
    groups.map(({ id }) => [id, Math.min(...membersOf(index, id).map(heightOf))]),
  );
  const framesOf = (node: string): GraphGroup[] =>
    chainOf(index, index.ofNode.get(node)?.id ?? null).filter(({ collapsed }) => !collapsed);
  return ({ source, target }) => {
    const around = framesOf(source.node);
    return framesOf(target.node).filter(
      (group) =>
        !around.includes(group) && heightOf(target.node) < (tops.get(group.id) ?? 0) + sameRow,
    ).length;
  };
}

function deriveEdges(
  { document, selection }: Pick<ProjectState, 'document' | 'selection'>,
  before: readonly WireFlowEdge[],
): WireFlowEdge[] {
  if (document === null) return [];
  const { graph } = document;
  const known = new Map(before.map((edge) => [edge.id, edge]));
  const selected = new Set(selection.edges);
  const names = new Map(graph.nodes.map(({ id, name }) => [id, name]));
  const borders = bordersAbove(graph);
  const nameOf = ({ node }: Graph['edges'][number]['source']): string => names.get(node) ?? node;
  return graph.edges.flatMap((edge): WireFlowEdge[] => {
    const { id } = edge;
    const [source, target] = [endOf(graph, edge.source), endOf(graph, edge.target)];
    // Inside a collapsed group.
    if (source.node === target.node && itemOf(source.node).kind === 'groups') return [];
    const old = known.get(id);
    const data = { borders: borders(edge) };
    const ariaLabel = `Wire from ${nameOf(edge.source)} to ${nameOf(edge.target)}`;
    if (
      old !== undefined &&
      old.ariaLabel === ariaLabel &&
      old.data?.borders === data.borders &&
      old.source === source.node &&
      old.sourceHandle === source.handle &&
      old.target === target.node &&
      old.targetHandle === target.handle &&
      (old.selected ?? false) === selected.has(id)
    )
      return [old];
    return [
      {
        id,
        type: 'wire',
        source: source.node,
        sourceHandle: source.handle,
        target: target.node,
        targetHandle: target.handle,
        selected: selected.has(id),
        ariaLabel,
        data,
      },
    ];
  });
}

export const useFlow = create<FlowState>()((set, get) => {
  const selectInProject = (): void => {
    const { nodes, edges } = get();
    const chosen: Record<ItemKind, string[]> = { nodes: [], groups: [], comments: [] };
    for (const node of nodes) {
      const { kind, id } = itemOf(node.id);
      if (node.selected) chosen[kind].push(id);
    }
    useProject.getState().select({
      ...chosen,
      edges: edges.filter((edge) => edge.selected).map((edge) => edge.id),
    });
  };
  return {
    nodes: deriveNodes(useProject.getState(), []),
    edges: deriveEdges(useProject.getState(), []),

    onNodesChange(given) {
      const { nodes: before } = get();
      const graph = useProject.getState().document?.graph;
      if (graph === undefined) return;
      const wasDragging = before.some((node) => node.dragging);
      // Removing goes through the document, see `deleteSelection`.
      const changes = given.filter((change) => change.type !== 'remove');
      // What stands in a dragged frame is dragged too: it is nothing to snap to.
      const all = snapChanges(withMembers(changes, before, graph), before);
      const dropped = all.some((change) => change.type === 'position' && !change.dragging);
      const regroup = dropped && wasDragging ? dropIntoGroup() : [];
      const applied = applyNodeChanges(all, before);
      const shapes = all.some(({ type }) => type === 'position' || type === 'dimensions');
      const { leaving } = useGroupDrag.getState();
      set({ nodes: shapes ? withFrames(applied, graph, leaving) : applied });
      if (changes.some((change) => change.type === 'select')) selectInProject();
      const moves = moveEdits(all, graph);
      if (moves.length + regroup.length === 0) return;
      const ids = changes.flatMap((change) => (change.type === 'position' ? [change.id] : []));
      const label = moveLabel(ids);
      // A row of arrow keys is one step; each drag is one of its own.
      useProject
        .getState()
        .dispatch(
          [...moves, ...regroup],
          wasDragging ? { label } : { label, merge: `nudge ${ids.join(' ')}` },
        );
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
  const { nodes, edges } = useFlow.getState();
  const next = deriveNodes(state, nodes);
  if (next.some(({ id }, index) => nodes[index]?.id !== id)) keepFocus();
  useFlow.setState({ nodes: next, edges: deriveEdges(state, edges) });
});

/** An element that moves among its siblings loses the focus: gives it back. */
function keepFocus(): void {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || focused.closest('.react-flow__node') === null) return;
  setTimeout(() => {
    if (document.activeElement === document.body) focused.focus({ preventScroll: true });
  });
}

/** Milliseconds; motion of folding and laying out, as in the tokens. */
const glideTime = 220;

/** Ends the motion that is under way. */
let stopGliding = (): void => {};

/** Shows the blocks on their way from where they were to where the document has them. */
export function glide(from: ReadonlyMap<string, Point>): Promise<void> {
  stopGliding();
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return Promise.resolve();
  const to = new Map(useFlow.getState().nodes.map(({ id, position }) => [id, position]));
  const graph = useProject.getState().document?.graph;
  const show = (part: number): void =>
    useFlow.setState(({ nodes }) => ({
      nodes: nodes.map((node) => {
        const [start, end] = [from.get(node.id), to.get(node.id)];
        if (start === undefined || end === undefined) return node;
        if (start.x === end.x && start.y === end.y) return node;
        const between = (a: number, b: number): number => a + (b - a) * part;
        return {
          ...node,
          position: { x: between(start.x, end.x), y: between(start.y, end.y) },
        };
      }),
    }));
  return new Promise((resolve) => {
    const began = performance.now();
    let frame = 0;
    stopGliding = () => {
      cancelAnimationFrame(frame);
      stopGliding = () => {};
      resolve();
    };
    const step = (now: number): void => {
      // What a person does meanwhile counts more.
      if (useProject.getState().document?.graph !== graph) return stopGliding();
      const time = Math.min(1, Math.max(0, now - began) / glideTime);
      show(1 - (1 - time) ** 3);
      if (time === 1) stopGliding();
      else frame = requestAnimationFrame(step);
    };
    show(0);
    frame = requestAnimationFrame(step);
  });
}
