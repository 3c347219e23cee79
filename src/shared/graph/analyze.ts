/**
 * The checks: from a document and what is known of its data to shapes, costs and problems. Pure, and it
 * never throws: a half-drawn graph is a normal state of work.
 */
import type {
  BlockInstance,
  Cost,
  ParameterSpec,
  PortSpec,
  ShapeContext,
} from '../catalog/define.js';
import { headTasks, isHead } from '../catalog/heads.js';
import { findBlock } from '../catalog/index.js';
import type { DataFacts } from '../data/facts.js';
import type { GraphEdge, GraphNode, PortReference, ProjectDocument } from './document.js';
import { kindFixes } from './fixes.js';
import type { Fix, Problem } from './problems.js';
import { leadsTo, topologyOf, type Topology } from './topology.js';
import { formatShape, type ValueKind, type ValueType } from './values.js';

export interface NodeAnalysis {
  /** Null where the block is unknown or its parameters are invalid. */
  instance: BlockInstance | null;
  inputs: Record<string, ValueType[]>;
  outputs: Record<string, ValueType | null>;
  /** What the head behind it wants as last dimension. */
  wanted: number | null;
  parameters: ParameterSpec[];
  parameterCount: number;
  cost: Cost;
  /** Key numbers for the block's face. */
  facts: { label: string; value: string }[];
}

export interface Analysis {
  problems: Problem[];
  nodes: Record<string, NodeAnalysis>;
  /** What travels along each edge; null where it can't be known. */
  edges: Record<string, ValueType | null>;
  /** Node ids so that each comes after those that feed it; nodes on a cycle are left out. */
  order: string[];
  /** FLOPs and activation bytes are for one example. */
  totals: { parameters: number; flops: number; activationBytes: number };
  /** No errors, and the data is known: it can be lowered and trained. */
  ready: boolean;
}

const noCost: Cost = { flops: 0, activationBytes: 0, formula: '' };

const kindNames: Record<ValueKind, string> = {
  tokens: 'token ids',
  sequence: 'a sequence',
  vector: 'a vector',
  state: 'a state',
};
const anyOf = (kinds: readonly ValueKind[]): string => kinds.map((k) => kindNames[k]).join(' or ');

const label = (node: GraphNode): string => (node.name.trim() === '' ? node.id : node.name);

type ProblemParts = Pick<Problem, 'code' | 'message'> & Partial<Problem>;
const problemOf = (parts: ProblemParts): Problem => ({
  severity: 'error',
  hint: '',
  node: null,
  port: null,
  edge: null,
  fixes: [],
  ...parts,
});

/** What a node's own analysis needs of the whole. */
interface Scene {
  document: ProjectDocument;
  facts: DataFacts | null;
  topology: Topology;
  byId: ReadonlyMap<string, GraphNode>;
  nodes: Record<string, NodeAnalysis>;
  edges: Record<string, ValueType | null>;
  problems: Problem[];
}

export function analyze(document: ProjectDocument, facts: DataFacts | null): Analysis {
  const topology = topologyOf(document.graph);
  const scene: Scene = {
    document,
    facts,
    topology,
    byId: new Map(document.graph.nodes.map((node) => [node.id, node])),
    nodes: {},
    edges: Object.fromEntries(document.graph.edges.map((edge) => [edge.id, null])),
    problems: [],
  };
  checkEdges(scene);
  for (const id of [...topology.order, ...topology.cyclic]) {
    const node = scene.byId.get(id);
    if (node !== undefined) analyzeNode(scene, node);
  }
  checkWhole(scene);
  const all = Object.values(scene.nodes);
  const sum = (of: (node: NodeAnalysis) => number): number =>
    all.reduce((total, node) => total + of(node), 0);
  const rank = { error: 0, warning: 1 };
  return {
    problems: scene.problems.sort((a, b) => rank[a.severity] - rank[b.severity]),
    nodes: scene.nodes,
    edges: scene.edges,
    order: topology.order,
    totals: {
      parameters: sum((node) => node.parameterCount),
      flops: sum((node) => node.cost.flops),
      activationBytes: sum((node) => node.cost.activationBytes),
    },
    ready: facts !== null && scene.problems.every((problem) => problem.severity !== 'error'),
  };
}

/** Edges that join nothing, and ports that got more than they take. */
function checkEdges({ document, byId, problems }: Scene): void {
  for (const edge of document.graph.edges) {
    const missing = [edge.source.node, edge.target.node].find((id) => !byId.has(id));
    if (missing !== undefined) {
      problems.push(
        problemOf({
          code: 'dangling-edge',
          message: `A connection leads to the block "${missing}", which is not there.`,
          edge: edge.id,
          fixes: [
            { label: 'Remove the connection', edits: [{ type: 'remove-edge', id: edge.id }] },
          ],
        }),
      );
    }
  }
}

/** Last dimension that the head fed by this node wants, if it feeds exactly one. */
function wantedBy({ facts, topology, byId }: Scene, id: string): number | null {
  const heads = (topology.outgoing.get(id) ?? []).filter((edge) =>
    isHead(byId.get(edge.target.node)?.block ?? ''),
  );
  return heads.length > 0 ? (facts?.output.size ?? null) : null;
}

function analyzeNode(scene: Scene, node: GraphNode): void {
  const result: NodeAnalysis = {
    instance: null,
    inputs: {},
    outputs: {},
    wanted: wantedBy(scene, node.id),
    parameters: [],
    parameterCount: 0,
    cost: noCost,
    facts: [],
  };
  scene.nodes[node.id] = result;
  const block = findBlock(node.block);
  if (block === undefined) {
    scene.problems.push(
      problemOf({
        code: 'unknown-block',
        message: `"${label(node)}" is a block of kind "${node.block}", which this version does not know.`,
        hint: 'Update Unroll Studio, or replace the block.',
        node: node.id,
      }),
    );
    return;
  }
  const parsed = block.parse(node.params);
  if (!parsed.ok) {
    for (const issue of parsed.issues) {
      const field = issue.path.map(String).join('.');
      scene.problems.push(
        problemOf({
          code: 'invalid-params',
          message: `${label(node)}: ${field === '' ? '' : `${field}: `}${issue.message}.`,
          hint: 'Change it in the inspector.',
          node: node.id,
          fixes: [
            {
              label: 'Reset to defaults',
              edits: [{ type: 'set-params', id: node.id, params: block.defaults() }],
            },
          ],
        }),
      );
    }
    return;
  }
  const { instance } = parsed;
  result.instance = instance;
  const fits = collectInputs(scene, node, instance.ports.inputs, result);
  if (scene.topology.cyclic.has(node.id)) return;
  const context: Omit<ShapeContext<never>, 'params'> = {
    node: node.id,
    inputs: result.inputs,
    facts: scene.facts,
    wanted: result.wanted,
  };
  if (fits) {
    const shape = instance.shape(context);
    result.outputs = shape.outputs;
    for (const problem of shape.problems) {
      scene.problems.push({
        ...problem,
        message: `${label(node)}: ${problem.message}`,
        node: node.id,
        edge: null,
        fixes: problem.fixes.map((fix) => ({
          label: fix.label,
          edits: [{ type: 'set-params', id: node.id, params: fix.params }],
        })),
      });
    }
    result.parameters = instance.parameters(context);
    result.cost = instance.cost(context);
  }
  result.parameterCount = result.parameters.reduce(
    (total, { shape }) => total + shape.reduce((product, size) => product * size, 1),
    0,
  );
  result.facts = instance.facts(context);
  for (const edge of scene.topology.outgoing.get(node.id) ?? []) {
    scene.edges[edge.id] = result.outputs[edge.source.port] ?? null;
  }
}

/** Types that arrive at each port. False where a kind does not fit, so that shapes make no sense. */
function collectInputs(
  scene: Scene,
  node: GraphNode,
  ports: readonly PortSpec[],
  result: NodeAnalysis,
): boolean {
  let fits = true;
  const used = new Map<string, number>();
  for (const edge of scene.topology.incoming.get(node.id) ?? []) {
    const port = ports.find((spec) => spec.name === edge.target.port);
    if (port === undefined) {
      scene.problems.push(unknownPort(node, edge, edge.target.port));
      continue;
    }
    const count = (used.get(port.name) ?? 0) + 1;
    used.set(port.name, count);
    if (count > 1 && !port.many) {
      scene.problems.push(
        problemOf({
          code: 'duplicate-edge-to-port',
          message: `${label(node)}: "${port.label}" takes one connection, but has ${count}.`,
          node: node.id,
          port: port.name,
          edge: edge.id,
          fixes: [
            { label: 'Remove this connection', edits: [{ type: 'remove-edge', id: edge.id }] },
          ],
        }),
      );
      continue;
    }
    const source = scene.nodes[edge.source.node];
    if (
      source?.instance &&
      !source.instance.ports.outputs.some((p) => p.name === edge.source.port)
    ) {
      const from = scene.byId.get(edge.source.node);
      if (from !== undefined) scene.problems.push(unknownPort(from, edge, edge.source.port));
      continue;
    }
    const type = source?.outputs[edge.source.port] ?? null;
    if (type === null) continue;
    if (!port.kinds.includes(type.kind)) {
      fits = false;
      scene.problems.push(kindProblem(scene, node, port, edge, type));
      continue;
    }
    (result.inputs[port.name] ??= []).push(type);
  }
  for (const port of ports) {
    if (port.required && !used.has(port.name)) {
      scene.problems.push(
        problemOf({
          code: 'missing-input',
          message: `${label(node)}: nothing is connected to "${port.label}".`,
          hint: `Connect ${anyOf(port.kinds)} to it.`,
          node: node.id,
          port: port.name,
        }),
      );
    }
  }
  return fits;
}

const unknownPort = (node: GraphNode, edge: GraphEdge, port: string): Problem =>
  problemOf({
    code: 'unknown-port',
    message: `${label(node)} has no port "${port}".`,
    node: node.id,
    edge: edge.id,
    fixes: [{ label: 'Remove the connection', edits: [{ type: 'remove-edge', id: edge.id }] }],
  });

const mismatchCode = (type: ValueType, port: PortSpec): string => {
  if (type.kind === 'vector' && port.kinds.includes('sequence')) return 'sequence-needed';
  if (type.kind === 'sequence' && port.kinds.includes('vector')) return 'vector-needed';
  return 'kind-mismatch';
};

const mismatchText = (type: ValueType, port: PortSpec): string =>
  `"${port.label}" takes ${anyOf(port.kinds)}, but gets ${kindNames[type.kind]} (${formatShape(type)})`;

function kindProblem(
  { document }: Scene,
  node: GraphNode,
  port: PortSpec,
  edge: GraphEdge,
  type: ValueType,
): Problem {
  const fixes = kindFixes(document, edge.source, edge.target, type, port.kinds, true);
  return problemOf({
    code: mismatchCode(type, port),
    message: `${label(node)}: ${mismatchText(type, port)}.`,
    hint: fixes.length > 0 ? `${fixes.map((fix) => fix.label).join(', or ')}.` : '',
    node: node.id,
    port: port.name,
    edge: edge.id,
    fixes,
  });
}

/** Problems of the whole graph: its inputs, its head, its cycles, names, and what leads nowhere. */
function checkWhole(scene: Scene): void {
  const { document, facts, topology, byId, problems } = scene;
  const { nodes } = document.graph;
  const cycle = [...topology.cyclic].filter((id) =>
    (topology.outgoing.get(id) ?? []).some((edge) => leadsTo(document.graph, edge.target.node, id)),
  );
  if (cycle.length > 0) {
    const names = cycle
      .map((id) => byId.get(id))
      .filter((n) => n !== undefined)
      .map(label);
    problems.push(
      problemOf({
        code: 'cycle',
        message: `These blocks feed each other in a circle: ${names.join(' → ')}.`,
        hint: 'Remove one of the connections. Recurrence over time happens inside the recurrent blocks.',
        node: cycle[0] ?? null,
      }),
    );
  }
  const heads = nodes.filter((node) => isHead(node.block));
  const [head, second] = heads;
  if (head === undefined) {
    problems.push(
      problemOf({
        code: 'no-head',
        message: 'The graph has no head, so there is nothing to train towards.',
        hint: 'Add Classify, Classify each step, Forecast or Next token.',
      }),
    );
  } else checkHead(scene, head);
  if (second !== undefined) {
    problems.push(
      problemOf({
        code: 'several-heads',
        message: `The graph has ${heads.length} heads (${heads.map(label).join(', ')}); one is supported.`,
        hint: 'Remove all but one.',
        node: second.id,
      }),
    );
  }
  const inputs = nodes.filter((node) => findBlock(node.block)?.category === 'input');
  if (inputs.length === 0) {
    problems.push(
      problemOf({
        code: 'no-input',
        message: 'The graph has no input.',
        hint: 'Add Tokens for text, or Number series for numbers.',
      }),
    );
  }
  for (const node of inputs) {
    const kind = node.block === 'tokens-input' ? 'tokens' : 'sequence';
    const given = facts?.input.kind ?? (document.data.task === 'forecast' ? 'sequence' : 'tokens');
    if (kind !== given) {
      problems.push(
        problemOf({
          code: 'task-mismatch',
          message: `${label(node)} brings ${kind === 'tokens' ? 'token ids' : 'numbers'}, but the project's data are ${given === 'tokens' ? 'text' : 'numbers'}.`,
          hint: `Use ${given === 'tokens' ? 'Tokens' : 'Number series'}, or choose other data.`,
          node: node.id,
        }),
      );
    }
  }
  checkNames(scene);
  checkUnused(scene, head);
}

function checkHead(scene: Scene, head: GraphNode): void {
  const { document, facts, topology, byId, nodes, problems } = scene;
  const rule = headTasks[head.block];
  if (rule !== undefined && !rule.tasks.includes(document.data.task)) {
    const right = Object.entries(headTasks).find(([, r]) => r.tasks.includes(document.data.task));
    problems.push(
      problemOf({
        code: 'task-mismatch',
        message: `${label(head)} is made for ${rule.tasks.join(', ')}, but the project's data are for ${document.data.task}.`,
        hint: `Use ${findBlock(right?.[0] ?? '')?.title ?? 'another head'}, or choose other data.`,
        node: head.id,
      }),
    );
    return;
  }
  const edge = topology.incoming.get(head.id)?.[0];
  const source = edge === undefined ? undefined : byId.get(edge.source.node);
  const type = nodes[head.id]?.inputs.in?.[0];
  if (edge === undefined || source === undefined || type === undefined) return;
  if (
    facts !== null &&
    (type.kind === 'vector' || type.kind === 'sequence') &&
    type.features !== null &&
    type.features !== facts.output.size
  ) {
    const isDense = source.block === 'dense' || source.block === 'time-distributed-dense';
    problems.push(
      problemOf({
        code: 'units-mismatch',
        message: `${label(head)} needs ${facts.output.size} scores (${rule?.output ?? 'outputs'}), but ${label(source)} gives ${type.features}.`,
        hint: isDense ? 'Set its units to Auto.' : 'Put a Dense block between them.',
        node: isDense ? source.id : head.id,
        edge: edge.id,
        fixes: isDense
          ? [
              {
                label: 'Set units to Auto',
                edits: [
                  { type: 'set-params', id: source.id, params: { ...source.params, units: null } },
                ],
              },
            ]
          : [],
      }),
    );
  }
  const activation = source.params.activation;
  if (head.block !== 'regress' && activation === 'softmax') {
    problems.push(
      problemOf({
        code: 'softmax-before-head',
        severity: 'warning',
        message: `${label(source)}: softmax is applied twice, because ${label(head)} turns scores into probabilities already.`,
        hint: 'Training still runs, but learns slowly.',
        node: source.id,
        fixes: [
          {
            label: 'Set activation to linear',
            edits: [
              {
                type: 'set-params',
                id: source.id,
                params: { ...source.params, activation: 'linear' },
              },
            ],
          },
        ],
      }),
    );
  }
}

function checkNames({ document, problems }: Scene): void {
  const seen = new Map<string, GraphNode>();
  for (const node of document.graph.nodes) {
    const name = label(node);
    if (seen.has(name)) {
      problems.push(
        problemOf({
          code: 'duplicate-name',
          severity: 'warning',
          message: `Two blocks are called "${name}".`,
          hint: 'Rename one, so that messages and code are clear.',
          node: node.id,
        }),
      );
    } else seen.set(name, node);
  }
}

/** Blocks whose output never reaches the head. */
function checkUnused({ document, topology, problems }: Scene, head: GraphNode | undefined): void {
  if (head === undefined) return;
  const reaching = new Set([head.id]);
  const stack = [head.id];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    for (const edge of topology.incoming.get(id) ?? []) {
      if (!reaching.has(edge.source.node)) {
        reaching.add(edge.source.node);
        stack.push(edge.source.node);
      }
    }
  }
  for (const node of document.graph.nodes) {
    if (reaching.has(node.id) || isHead(node.block)) continue;
    problems.push(
      problemOf({
        code: 'unused-block',
        severity: 'warning',
        message: `${label(node)} does not lead to ${label(head)}, so it is left out of training.`,
        node: node.id,
      }),
    );
  }
}

export type ConnectionVerdict = { ok: true } | { ok: false; reason: string; fixes: Fix[] };

/** Whether an edge from `source` to `target` may be drawn; the reason is one sentence. */
export function canConnect(
  document: ProjectDocument,
  analysis: Analysis,
  source: PortReference,
  target: PortReference,
): ConnectionVerdict {
  const refuse = (reason: string, fixes: Fix[] = []): ConnectionVerdict => ({
    ok: false,
    reason,
    fixes,
  });
  const to = document.graph.nodes.find((node) => node.id === target.node);
  const from = analysis.nodes[source.node];
  const port = analysis.nodes[target.node]?.instance?.ports.inputs.find(
    (spec) => spec.name === target.port,
  );
  const output = from?.instance?.ports.outputs.find((spec) => spec.name === source.port);
  if (to === undefined || port === undefined || output === undefined) {
    return refuse('There is no such port.');
  }
  if (leadsTo(document.graph, target.node, source.node)) {
    return refuse(
      'That would make a circle. Recurrence over time happens inside the recurrent blocks.',
    );
  }
  const taken = document.graph.edges.filter(
    (edge) => edge.target.node === target.node && edge.target.port === target.port,
  );
  if (taken.some((e) => e.source.node === source.node && e.source.port === source.port)) {
    return refuse('These ports are connected already.');
  }
  if (taken.length > 0 && !port.many) {
    return refuse(
      `"${port.label}" of ${label(to)} is connected already. Remove that connection first.`,
    );
  }
  const type = from?.outputs[source.port] ?? null;
  if (type === null) {
    return output.kinds.some((kind) => port.kinds.includes(kind))
      ? { ok: true }
      : refuse(`"${port.label}" takes ${anyOf(port.kinds)}, not ${anyOf(output.kinds)}.`);
  }
  if (port.kinds.includes(type.kind)) return { ok: true };
  const fixes = kindFixes(document, source, target, type, port.kinds, false);
  return refuse(`${mismatchText(type, port)}.`, fixes);
}

/** One line for a terminal: `error  Dense: nothing is connected to "Vector". Connect a vector to it.` */
export const formatProblem = (problem: Problem): string =>
  `${problem.severity.padEnd(7)} ${problem.message}${problem.hint === '' ? '' : ` ${problem.hint}`}`;
