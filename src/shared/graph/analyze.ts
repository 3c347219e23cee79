/**
 * The checks: from a document and what is known of its data to shapes, costs and problems. Pure, and it
 * never throws: a half-drawn graph is a normal state of work.
 */
import { z } from 'zod';
import type {
  Block,
  BlockInstance,
  Cost,
  ParameterSpec,
  PortSpec,
  ShapeContext,
} from '../catalog/define.js';
import { isHead } from '../catalog/head-support.js';
import { findBlock } from '../catalog/index.js';
import { noCost } from '../catalog/support.js';
import type { DataFacts } from '../data/facts.js';
import { describeIssue, subjectOf } from '../zod-message.js';
import { checkWhole } from './checks.js';
import type { GraphEdge, GraphNode, ProjectDocument } from './document.js';
import { removeNodes } from './edits.js';
import { kindFixes } from './fixes.js';
import { problemOf, type Problem } from './problems.js';
import { topologyOf, type Topology } from './topology.js';
import type { ValueType } from './values.js';
import { anyOf, kindMismatch, nameOf } from './wording.js';

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
  /** Errors before warnings. */
  problems: Problem[];
  nodes: Record<string, NodeAnalysis>;
  /** What travels along each edge; null where it can't be known. */
  edges: Record<string, ValueType | null>;
  /** Node ids so that each comes after those that feed it; nodes on a cycle, or behind one, are left out. */
  order: string[];
  /** FLOPs and activation bytes are for one example. */
  totals: { parameters: number; flops: number; activationBytes: number };
  /** No errors, and the data is known: it can be lowered and trained. */
  ready: boolean;
}

/** What the parts of one analysis share. */
export interface Scene {
  readonly document: ProjectDocument;
  readonly facts: DataFacts | null;
  readonly topology: Topology;
  readonly byId: ReadonlyMap<string, GraphNode>;
  readonly nodes: Map<string, NodeAnalysis>;
  readonly edges: Map<string, ValueType | null>;
  readonly problems: Problem[];
}

/** @param data facts of the document's data; those of another task, left from before, count as none. */
export function analyze(document: ProjectDocument, data: DataFacts | null): Analysis {
  const facts = data?.task === document.data.task ? data : null;
  const topology = topologyOf(document.graph);
  const scene: Scene = {
    document,
    facts,
    topology,
    byId: new Map(document.graph.nodes.map((node) => [node.id, node])),
    nodes: new Map(),
    edges: new Map(document.graph.edges.map((edge) => [edge.id, null])),
    problems: [],
  };
  for (const id of [...topology.order, ...topology.cyclic]) {
    const node = scene.byId.get(id);
    if (node !== undefined) scene.nodes.set(id, analyzeNode(scene, node));
  }
  checkWhole(scene);
  const all = [...scene.nodes.values()];
  const sum = (of: (node: NodeAnalysis) => number): number =>
    all.reduce((total, node) => total + of(node), 0);
  const rank = { error: 0, warning: 1 };
  return {
    problems: scene.problems.sort((a, b) => rank[a.severity] - rank[b.severity]),
    nodes: Object.fromEntries(scene.nodes),
    edges: Object.fromEntries(scene.edges),
    order: topology.order,
    totals: {
      parameters: sum((node) => node.parameterCount),
      flops: sum((node) => node.cost.flops),
      activationBytes: sum((node) => node.cost.activationBytes),
    },
    ready: facts !== null && scene.problems.every((problem) => problem.severity !== 'error'),
  };
}

/** Last dimension that a head fed by this node wants; null if it feeds none or the data is unknown. */
function wantedBy({ facts, topology, byId }: Scene, id: string): number | null {
  const feedsHead = (topology.outgoing.get(id) ?? []).some((edge) =>
    isHead(byId.get(edge.target.node)?.block ?? ''),
  );
  return feedsHead ? (facts?.output.size ?? null) : null;
}

function analyzeNode(scene: Scene, node: GraphNode): NodeAnalysis {
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
  const block = findBlock(node.block);
  if (block === undefined) {
    scene.problems.push(
      problemOf({
        code: 'unknown-block',
        message: `"${nameOf(node)}" is a block of kind "${node.block}", which this version does not know.`,
        hint: 'Update Unroll Studio, or replace the block.',
        node: node.id,
        fixes: [{ label: 'Remove the block', edits: removeNodes(scene.document, [node.id]) }],
      }),
    );
    return result;
  }
  const parsed = block.parse(node.params);
  if (!parsed.ok) {
    for (const issue of parsed.issues) scene.problems.push(paramsProblem(node, block, issue));
    return result;
  }
  const { instance } = parsed;
  result.instance = instance;
  const known = collectInputs(scene, node, instance.ports.inputs, result.inputs);
  const context: Omit<ShapeContext<never>, 'params'> = {
    node: node.id,
    inputs: result.inputs,
    facts: scene.facts,
    wanted: result.wanted,
  };
  result.facts = instance.facts(context);
  if (!known) return result;
  const shape = instance.shape(context);
  result.outputs = shape.outputs;
  for (const problem of shape.problems) {
    scene.problems.push({
      ...problem,
      message: `${nameOf(node)}: ${problem.message}`,
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
  result.parameterCount = result.parameters.reduce(
    (total, { shape }) => total + shape.reduce((product, size) => product * size, 1),
    0,
  );
  for (const edge of scene.topology.outgoing.get(node.id) ?? []) {
    const output = instance.ports.outputs.find((port) => port.name === edge.source.port);
    if (output !== undefined) scene.edges.set(edge.id, result.outputs[output.name] ?? null);
  }
  return result;
}

/** A value that the block's own schema refuses; the fix puts only the refused fields back. */
function paramsProblem(node: GraphNode, block: Block, issue: z.core.$ZodIssue): Problem {
  const [field] = issue.path;
  const keys =
    issue.code === 'unrecognized_keys' ? issue.keys : field === undefined ? [] : [String(field)];
  const titleOf = (key: string): string => {
    const schema = Object.hasOwn(block.params.shape, key) ? block.params.shape[key] : undefined;
    return (schema && z.globalRegistry.get(schema)?.title) ?? key;
  };
  const titles = keys.map(titleOf);
  const subject = subjectOf([...titles, ...issue.path.slice(1)]);
  const kept = Object.entries(node.params).filter(([key]) => !keys.includes(key));
  return problemOf({
    code: 'invalid-params',
    message: `${nameOf(node)}: ${describeIssue(issue, subject, { value: node.params })}.`,
    hint: 'Change it in the inspector.',
    node: node.id,
    fixes: [
      {
        label: `Reset ${titles.join(', ')}`,
        edits: [{ type: 'set-params', id: node.id, params: Object.fromEntries(kept) }],
      },
    ],
  });
}

/**
 * Puts the types that arrive at each port into `inputs`. False where a value is of the wrong kind or not
 * known: shapes worked out from the rest would only lead to complaints about things that are right.
 */
function collectInputs(
  scene: Scene,
  node: GraphNode,
  ports: readonly PortSpec[],
  inputs: NodeAnalysis['inputs'],
): boolean {
  let known = true;
  const counts = new Map<string, number>();
  for (const edge of scene.topology.incoming.get(node.id) ?? []) {
    const port = ports.find((spec) => spec.name === edge.target.port);
    if (port === undefined) {
      scene.problems.push(unknownPort(node, edge, edge.target.port));
      continue;
    }
    const count = (counts.get(port.name) ?? 0) + 1;
    counts.set(port.name, count);
    if (count > 1 && !port.many) {
      scene.problems.push(
        problemOf({
          code: 'duplicate-edge-to-port',
          message: `${nameOf(node)}: "${port.label}" takes one connection, but has ${count}.`,
          hint: 'Remove all but one, or join them with Concatenate or Add first.',
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
    const type = typeAlong(scene, edge);
    if (type === null) {
      known = false;
    } else if (port.kinds.includes(type.kind)) {
      (inputs[port.name] ??= []).push(type);
    } else {
      known = false;
      scene.problems.push(kindProblem(scene, node, port, edge, type));
    }
  }
  for (const port of ports) {
    if (port.required && !counts.has(port.name)) {
      scene.problems.push(
        problemOf({
          code: 'missing-input',
          message: `${nameOf(node)}: nothing is connected to "${port.label}".`,
          hint: `Connect ${anyOf(port.kinds)} to it.`,
          node: node.id,
          port: port.name,
        }),
      );
    }
  }
  return known;
}

/** What the source gives; null where that isn't known. Reports an output port that does not exist. */
function typeAlong(scene: Scene, edge: GraphEdge): ValueType | null {
  const from = scene.byId.get(edge.source.node);
  const source = scene.nodes.get(edge.source.node);
  if (from === undefined || !source?.instance) return null;
  const port = source.instance.ports.outputs.find((spec) => spec.name === edge.source.port);
  if (port === undefined) {
    scene.problems.push(unknownPort(from, edge, edge.source.port));
    return null;
  }
  return source.outputs[port.name] ?? null;
}

const unknownPort = (node: GraphNode, edge: GraphEdge, port: string): Problem =>
  problemOf({
    code: 'unknown-port',
    message: `${nameOf(node)} has no port "${port}".`,
    hint: 'Remove the connection.',
    node: node.id,
    edge: edge.id,
    fixes: [{ label: 'Remove the connection', edits: [{ type: 'remove-edge', id: edge.id }] }],
  });

const mismatchCode = (type: ValueType, port: PortSpec): string => {
  if (type.kind === 'vector' && port.kinds.includes('sequence')) return 'sequence-needed';
  if (type.kind === 'sequence' && port.kinds.includes('vector')) return 'vector-needed';
  return 'kind-mismatch';
};

function kindProblem(
  { document }: Scene,
  node: GraphNode,
  port: PortSpec,
  edge: GraphEdge,
  type: ValueType,
): Problem {
  const fixes = kindFixes(document, edge.source, edge.target, type, port.kinds);
  return problemOf({
    code: mismatchCode(type, port),
    message: `${nameOf(node)}: ${kindMismatch(type, port)}`,
    hint: fixes.length > 0 ? `${fixes.map((fix) => fix.label).join(', or ')}.` : '',
    node: node.id,
    port: port.name,
    edge: edge.id,
    fixes,
  });
}
