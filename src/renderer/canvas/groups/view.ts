/** What the canvas shows of a group: name, size, and the ports at its border. */
import type { PortSpec } from '#shared/catalog/define';
import type { Graph, GraphGroup, PortReference } from '#shared/graph/document';
import type { Problem } from '#shared/graph/problems';
import { boundaryPorts, groupIndex, membersOf } from '#shared/graph/groups';
import { blockView, type Side } from '../../stores/graph.js';
import type { ProjectState } from '../../stores/project.js';

export interface BorderPort {
  node: string;
  port: PortSpec;
  /** `LSTM · sequence`: block and port inside. */
  label: string;
}

export interface GroupView {
  group: GraphGroup;
  members: ReadonlySet<string>;
  /** Null while one of the blocks can't tell. */
  parameters: number | null;
  inputs: BorderPort[];
  outputs: BorderPort[];
}

type State = Pick<ProjectState, 'document' | 'analysis'>;

/** One view per group, until graph or analysis change. */
const views = new WeakMap<
  Graph,
  { analysis: ProjectState['analysis']; known: Map<string, GroupView> }
>();

function cacheOf(graph: Graph, analysis: ProjectState['analysis']): Map<string, GroupView> {
  const cache = views.get(graph);
  if (cache?.analysis === analysis) return cache.known;
  const known = new Map<string, GroupView>();
  views.set(graph, { analysis, known });
  return known;
}

export function groupView(state: State, id: string): GroupView | null {
  const graph = state.document?.graph;
  const group = graph && groupIndex(graph).byId.get(id);
  if (graph === undefined || group === undefined) return null;
  const cache = cacheOf(graph, state.analysis);
  const known = cache.get(id);
  if (known !== undefined) return known;
  const view = makeView(state, graph, group);
  cache.set(id, view);
  return view;
}

function makeView(state: State, graph: Graph, group: GraphGroup): GroupView {
  const members = new Set(membersOf(groupIndex(graph), group.id));
  const names = new Map(
    graph.nodes.flatMap(({ id, name }) => (members.has(id) ? [[id, name] as const] : [])),
  );
  const border = (ports: readonly PortReference[], side: Side): BorderPort[] =>
    ports.map(({ node, port: name }) => {
      const ports = blockView(state, node)?.ports;
      const spec = (side === 'target' ? ports?.inputs : ports?.outputs)?.find(
        (one) => one.name === name,
      );
      const port = spec ?? { name, label: name, kinds: [], required: false, many: false };
      return { node, port, label: `${names.get(node) ?? node} · ${port.label.toLowerCase()}` };
    });
  const { inputs, outputs } = boundaryPorts(graph, group.id);
  const counts = [...members].map((node) => blockView(state, node)?.parameters ?? null);
  return {
    group,
    members,
    parameters: counts.reduce<number | null>(
      (sum, count) => (sum === null || count === null ? null : sum + count),
      0,
    ),
    inputs: border(inputs, 'target'),
    outputs: border(outputs, 'source'),
  };
}

/** Problems of blocks in the group, and of wires into them; worst first. */
export const problemsInside = (
  { members }: GroupView,
  problems: readonly Problem[],
): readonly Problem[] => problems.filter(({ node }) => node !== null && members.has(node));

export const blockCount = (count: number): string => `${count} ${count === 1 ? 'block' : 'blocks'}`;
