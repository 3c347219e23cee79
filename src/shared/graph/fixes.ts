/** One-click repairs: each a list of edits that really applies to the document it was made for. */
import { findBlock } from '../catalog/index.js';
import type { GraphNode, PortReference, ProjectDocument } from './document.js';
import type { Edit } from './edits.js';
import { commonGroup } from './groups.js';
import { freshEdgeId, freshNodeId, freshNodeName } from './ids.js';
import type { Fix } from './problems.js';
import type { ValueKind, ValueType } from './values.js';

/** The edits that put a new block with default parameters into the edge between two ports. */
export function insertBlock(
  document: ProjectDocument,
  blockId: string,
  source: PortReference,
  target: PortReference,
): Edit[] {
  const { graph } = document;
  const block = findBlock(blockId);
  const from = graph.nodes.find((node) => node.id === source.node);
  const to = graph.nodes.find((node) => node.id === target.node);
  const replaced = graph.edges.find(
    (edge) =>
      edge.source.node === source.node &&
      edge.source.port === source.port &&
      edge.target.node === target.node &&
      edge.target.port === target.port,
  );
  if (!block || !from || !to || !replaced) {
    throw new Error(`no edge ${source.node}.${source.port}-${target.node}.${target.port}`);
  }
  const id = freshNodeId(graph, blockId);
  const into = { node: id, port: 'in' };
  const out = { node: id, port: 'out' };
  const index = graph.edges.indexOf(replaced);
  const group = commonGroup(graph, [source.node, target.node]);
  return [
    { type: 'remove-edge', id: replaced.id },
    {
      type: 'add-node',
      node: {
        id,
        block: blockId,
        name: freshNodeName(graph, block.title),
        params: block.defaults(),
        position: {
          x: Math.round((from.position.x + to.position.x) / 2),
          y: Math.round((from.position.y + to.position.y) / 2) + 96,
        },
      },
    },
    ...(group === null
      ? []
      : [{ type: 'set-group' as const, group: { ...group, nodes: [...group.nodes, id] } }]),
    // At the replaced edge's place: the order of edges is the order in which Concatenate joins.
    { type: 'add-edge', edge: { id: freshEdgeId(graph, out, target), source: out, target }, index },
    { type: 'add-edge', edge: { id: freshEdgeId(graph, source, into), source, target: into } },
  ];
}

/** The edits that make a node another block; its edges stay. */
export function swapBlock(
  document: ProjectDocument,
  node: GraphNode,
  blockId: string,
  params: GraphNode['params'],
): Edit[] {
  const [oldTitle, title] = [findBlock(node.block)?.title, findBlock(blockId)?.title ?? ''];
  const name = node.name === oldTitle ? freshNodeName(document.graph, title) : node.name;
  return [
    { type: 'set-block', id: node.id, block: blockId },
    { type: 'rename-node', id: node.id, name },
    { type: 'set-params', id: node.id, params },
  ];
}

/** Dense and its sibling for sequences differ in nothing but the kind they take. */
const siblings: Record<string, { kind: ValueKind; block: string }> = {
  dense: { kind: 'sequence', block: 'time-distributed-dense' },
  'time-distributed-dense': { kind: 'vector', block: 'dense' },
};

/** Kinds that an input port takes under the block's present parameters. */
function kindsTaken(
  { graph }: ProjectDocument,
  { node, port }: PortReference,
): readonly ValueKind[] {
  const target = graph.nodes.find((item) => item.id === node);
  const parsed = findBlock(target?.block ?? '')?.parse(target?.params ?? {});
  if (parsed?.ok !== true) return [];
  return parsed.instance.ports.inputs.find((spec) => spec.name === port)?.kinds ?? [];
}

/** Repairs for an edge of the document whose kind the target does not take, best first. */
export function kindFixes(
  document: ProjectDocument,
  source: PortReference,
  target: PortReference,
  type: ValueType,
  wanted: readonly ValueKind[],
): Fix[] {
  const { nodes } = document.graph;
  const from = nodes.find((item) => item.id === source.node);
  const to = nodes.find((item) => item.id === target.node);
  if (from === undefined || to === undefined) return [];
  const setOutput = (label: string, output: string): Fix[] => {
    const hasOutput =
      source.port === 'out' && 'output' in (findBlock(from.block)?.defaults() ?? {});
    const params = { ...from.params, output };
    return hasOutput ? [{ label, edits: [{ type: 'set-params', id: from.id, params }] }] : [];
  };
  const insert = (label: string, block: string): Fix => ({
    label,
    edits: insertBlock(document, block, source, target),
  });
  const fixes: Fix[] = [];
  const sibling = Object.hasOwn(siblings, to.block) ? siblings[to.block] : undefined;
  if (type.kind === 'vector' && wanted.includes('sequence')) {
    fixes.push(...setOutput('Return all steps', 'all steps'));
  }
  if (type.kind === 'sequence' && wanted.includes('vector')) {
    fixes.push(
      ...setOutput('Return the last step', 'last step'),
      insert('Insert Last step', 'last-step'),
      insert('Insert Pool over time', 'pool-over-time'),
    );
  }
  if (type.kind === 'tokens' && wanted.includes('sequence')) {
    fixes.push(insert('Insert Embedding', 'embedding'));
  }
  const behind = document.graph.edges.filter((edge) => edge.source.node === to.id);
  // Not where it would only move the problem to the next block.
  const goesOn = behind.every((edge) => kindsTaken(document, edge.target).includes(type.kind));
  if (sibling?.kind === type.kind && goesOn) {
    const label = `Use ${findBlock(sibling.block)?.title ?? ''}`;
    fixes.push({ label, edits: swapBlock(document, to, sibling.block, to.params) });
  }
  return fixes;
}
