/** What the views ask of the graph: questions to the analysis, answered with plain values. */
import type { Cost, Ports, PortSpec } from '#shared/catalog/define';
import { isHead } from '#shared/catalog/head-support';
import { findBlock } from '#shared/catalog/index';
import type { Analysis, NodeAnalysis } from '#shared/graph/analyze';
import { canConnect } from '#shared/graph/connect';
import type { Graph, GraphEdge, GraphNode, PortReference } from '#shared/graph/document';
import type { Edit } from '#shared/graph/edits';
import { freshEdgeId } from '#shared/graph/ids';
import type { Fix, Problem } from '#shared/graph/problems';
import type { RecurrentLayer } from '#shared/run/fallbacks';
import { formatShape, type ValueKind, type ValueType } from '#shared/graph/values';
import type { ProjectState } from './project.js';

type GraphState = Pick<ProjectState, 'document' | 'analysis'>;
export type Side = 'source' | 'target';

/** `scores` are what goes into a head: logits, drawn apart from other vectors and sequences. */
export type WireKind = ValueKind | 'scores';

export interface BlockView {
  /** False for an unknown block or wrong parameters: then only the ports are known. */
  valid: boolean;
  ports: Ports;
  inputs: Record<string, ValueType[]>;
  outputs: Record<string, ValueType | null>;
  /** Null while something that the count depends on is not known. */
  parameters: number | null;
  cost: Cost;
  facts: { label: string; value: string }[];
  /** Null for blocks that don't recur. */
  recurrence: RecurrentLayer | null;
}

const nodeIndexes = new WeakMap<Graph['nodes'], ReadonlyMap<string, GraphNode>>();

interface EdgeIndex {
  readonly byId: ReadonlyMap<string, GraphEdge>;
  /** By the node at this end, in document order. */
  readonly source: ReadonlyMap<string, readonly GraphEdge[]>;
  readonly target: ReadonlyMap<string, readonly GraphEdge[]>;
}
const edgeIndexes = new WeakMap<Graph['edges'], EdgeIndex>();

/** What `make` gives for a list, made once for each list: every block and wire asks at every change. */
function once<List extends object, Index>(
  indexes: WeakMap<List, Index>,
  list: List,
  make: (list: List) => Index,
): Index {
  const known = indexes.get(list);
  if (known !== undefined) return known;
  const made = make(list);
  indexes.set(list, made);
  return made;
}

function groupedBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string | null,
): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

const nodesOf = ({ document }: Pick<ProjectState, 'document'>): ReadonlyMap<string, GraphNode> =>
  once(
    nodeIndexes,
    document?.graph.nodes ?? noNodes,
    (nodes) => new Map(nodes.map((node) => [node.id, node])),
  );

const edgesOf = ({ document }: Pick<ProjectState, 'document'>): EdgeIndex =>
  once(edgeIndexes, document?.graph.edges ?? noEdges, (edges) => ({
    byId: new Map(edges.map((edge) => [edge.id, edge])),
    source: groupedBy(edges, (edge) => edge.source.node),
    target: groupedBy(edges, (edge) => edge.target.node),
  }));

const noNodes: Graph['nodes'] = [];
const noEdges: Graph['edges'] = [];

export const nodeOf = (state: Pick<ProjectState, 'document'>, id: string): GraphNode | undefined =>
  nodesOf(state).get(id);

interface ProblemIndex {
  readonly ofNode: ReadonlyMap<string, readonly Problem[]>;
  readonly failedEdges: ReadonlySet<string>;
}
const problemIndexes = new WeakMap<readonly Problem[], ProblemIndex>();
const noProblems: readonly Problem[] = [];

const problemIndex = ({ problems }: Pick<ProjectState, 'problems'>): ProblemIndex =>
  once(problemIndexes, problems, (list) => ({
    ofNode: groupedBy(list, (problem) => problem.node),
    failedEdges: new Set(
      list.flatMap(({ edge, severity }) => (edge !== null && severity === 'error' ? [edge] : [])),
    ),
  }));

/** The problems of a block, worst first. */
export const problemsOf = (
  state: Pick<ProjectState, 'problems'>,
  node: string,
): readonly Problem[] => problemIndex(state).ofNode.get(node) ?? noProblems;

export const isFailedEdge = (state: Pick<ProjectState, 'problems'>, edge: string): boolean =>
  problemIndex(state).failedEdges.has(edge);

/** One view per node analysis, so that a selector gives the same object until the graph changes. */
const views = new WeakMap<NodeAnalysis, BlockView>();

/**
 * The block's ports. While its parameters are wrong they are those of its defaults, and ports that wires
 * use are kept in any case, so that no wire vanishes while a value is being typed.
 */
function portsOf(state: GraphState, id: string): Ports {
  const block = findBlock(blockOf(state, id));
  const byDefault = block?.parse(block.defaults());
  const known =
    state.analysis?.nodes[id]?.instance?.ports ??
    (byDefault?.ok === true ? byDefault.instance.ports : { inputs: [], outputs: [] });
  const withUsed = (specs: PortSpec[], side: Side): PortSpec[] => {
    const used = (edgesOf(state)[side].get(id) ?? []).map((edge) => edge[side].port);
    const missing = [...new Set(used)].filter((name) => !specs.some((spec) => spec.name === name));
    return [
      ...specs,
      ...missing.map((name) => ({ name, label: name, kinds: [], required: false, many: false })),
    ];
  };
  return {
    inputs: withUsed(known.inputs, 'target'),
    outputs: withUsed(known.outputs, 'source'),
  };
}

export function blockView(state: GraphState, id: string): BlockView | null {
  const node = state.analysis?.nodes[id];
  if (node === undefined) return null;
  const known = views.get(node);
  if (known !== undefined) return known;
  const ports = portsOf(state, id);
  const open = ports.inputs.some((port) => port.required && node.inputs[port.name] === undefined);
  const valid = node.instance !== null;
  const view: BlockView = {
    valid,
    ports,
    inputs: node.inputs,
    outputs: node.outputs,
    parameters: !valid || (open && node.parameterCount === 0) ? null : node.parameterCount,
    cost: node.cost,
    facts: node.facts,
    recurrence: node.instance?.recurrence ?? null,
  };
  views.set(node, view);
  return view;
}

const noTotals: Analysis['totals'] = { parameters: 0, flops: 0, activationBytes: 0 };
export const modelTotals = (analysis: Analysis | null): Analysis['totals'] =>
  analysis?.totals ?? noTotals;

export const outputType = ({ analysis }: GraphState, source: PortReference): ValueType | null =>
  analysis?.nodes[source.node]?.outputs[source.port] ?? null;

const blockOf = (state: GraphState, id: string): string => nodeOf(state, id)?.block ?? '';

const edgesAt = (state: GraphState, port: PortReference, side: Side): GraphEdge[] =>
  (edgesOf(state)[side].get(port.node) ?? []).filter((edge) => edge[side].port === port.port);

/** The kind that a port has now: what travels through it, else the first it takes or gives. */
export function portKind(state: GraphState, port: PortReference, side: Side): WireKind {
  if (side === 'target' && isHead(blockOf(state, port.node))) return 'scores';
  const edges = edgesAt(state, port, side);
  if (side === 'source' && edges.length > 0)
    if (edges.every((edge) => isHead(blockOf(state, edge.target.node)))) return 'scores';
  const [edge] = edges;
  const type = side === 'source' ? outputType(state, port) : edge && outputType(state, edge.source);
  if (type) return type.kind;
  const ports = blockView(state, port.node)?.ports;
  const spec = (side === 'source' ? ports?.outputs : ports?.inputs)?.find(
    (candidate) => candidate.name === port.port,
  );
  return spec?.kinds[0] ?? 'vector';
}

export interface WireView {
  kind: WireKind;
  /** True for the doubled line: many vectors, one a time step. */
  ribbon: boolean;
  /** `32 × 40 × 128`, or empty where nothing is known at all. */
  shape: string;
  /** False while one of the numbers is still open. */
  known: boolean;
}

export function wireView(state: GraphState, id: string): WireView {
  const edge = edgesOf(state).byId.get(id);
  if (edge === undefined) return { kind: 'vector', ribbon: false, shape: '', known: false };
  const type = state.analysis?.edges[id] ?? null;
  const toHead = isHead(blockOf(state, edge.target.node));
  const kind = type?.kind ?? portKind(state, edge.source, 'source');
  const shape = type === null ? '' : formatShape(type, state.document?.training.batchSize);
  return {
    kind: toHead ? 'scores' : kind,
    ribbon: kind === 'sequence',
    shape,
    known: !/[?T]/.test(shape),
  };
}

export interface PortEntry extends PortReference {
  label: string;
}

/** Every output or input of every block, in document order. */
export function portsOfAll({ document, analysis }: GraphState, side: Side): PortEntry[] {
  return (document?.graph.nodes ?? []).flatMap((node) => {
    const ports = analysis?.nodes[node.id]?.instance?.ports;
    const specs = (side === 'source' ? ports?.outputs : ports?.inputs) ?? [];
    return specs.map(({ name, label }) => ({ node: node.id, port: name, label }));
  });
}

export type Verdict = { ok: true; edits: Edit[] } | { ok: false; reason: string; fixes: Fix[] };

/**
 * Whether two ports may be connected, and the edits that do it. An input that takes one connection gives
 * up the one it has: that is what dropping a wire on it means.
 */
export function judge(state: GraphState, source: PortReference, target: PortReference): Verdict {
  const { document, analysis } = state;
  if (document === null || analysis === null)
    return { ok: false, reason: 'No project is open.', fixes: [] };
  const port = analysis.nodes[target.node]?.instance?.ports.inputs.find(
    (spec) => spec.name === target.port,
  );
  const replaced =
    port === undefined || port.many
      ? []
      : edgesAt(state, target, 'target').filter(
          (edge) => edge.source.node !== source.node || edge.source.port !== source.port,
        );
  const verdict = canConnect(document, analysis, source, target, replaced);
  if (!verdict.ok) return verdict;
  const removals = replaced.map((edge): Edit => ({ type: 'remove-edge', id: edge.id }));
  const edge = { id: freshEdgeId(document.graph, source, target), source, target };
  return { ok: true, edits: [...removals, { type: 'add-edge', edge }] };
}
