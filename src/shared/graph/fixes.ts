/** One-click repairs: each a list of edits that really applies to the document it was made for. */
import { findBlock } from '../catalog/index.js';
import type { PortReference, ProjectDocument } from './document.js';
import type { Edit } from './edits.js';
import { freshEdgeId, freshNodeId, freshNodeName } from './ids.js';
import type { Fix } from './problems.js';
import type { ValueType } from './values.js';

/** The edits that put a new block between a port and the place it feeds. */
function insertBlock(
  document: ProjectDocument,
  blockId: string,
  source: PortReference,
  target: PortReference,
): Edit[] {
  const { graph } = document;
  const block = findBlock(blockId);
  const from = graph.nodes.find((node) => node.id === source.node);
  const to = graph.nodes.find((node) => node.id === target.node);
  if (block === undefined || from === undefined || to === undefined) return [];
  const id = freshNodeId(graph, blockId);
  const replaced = graph.edges.find(
    (edge) =>
      edge.source.node === source.node &&
      edge.source.port === source.port &&
      edge.target.node === target.node &&
      edge.target.port === target.port,
  );
  const into = { node: id, port: 'in' };
  const out = { node: id, port: 'out' };
  return [
    ...(replaced === undefined ? [] : [{ type: 'remove-edge' as const, id: replaced.id }]),
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
    { type: 'add-edge', edge: { id: freshEdgeId(graph, source, into), source, target: into } },
    { type: 'add-edge', edge: { id: freshEdgeId(graph, out, target), source: out, target } },
  ];
}

/** Repairs for an edge whose kind the target does not take. With no edge there yet they also connect. */
export function kindFixes(
  document: ProjectDocument,
  source: PortReference,
  target: PortReference,
  type: ValueType,
  wanted: readonly ValueType['kind'][],
  connected: boolean,
): Fix[] {
  const { graph } = document;
  const node = graph.nodes.find((item) => item.id === source.node);
  if (node === undefined) return [];
  const connect: Edit[] = connected
    ? []
    : [{ type: 'add-edge', edge: { id: freshEdgeId(graph, source, target), source, target } }];
  const fixes: Fix[] = [];
  const setsOutput = 'output' in (findBlock(node.block)?.defaults() ?? {}) && source.port === 'out';
  if (type.kind === 'vector' && wanted.includes('sequence') && setsOutput) {
    fixes.push({
      label: 'Return all steps',
      edits: [
        { type: 'set-params', id: node.id, params: { ...node.params, output: 'all steps' } },
        ...connect,
      ],
    });
  }
  if (type.kind === 'sequence' && wanted.includes('vector')) {
    if (setsOutput) {
      fixes.push({
        label: 'Return the last step',
        edits: [
          { type: 'set-params', id: node.id, params: { ...node.params, output: 'last step' } },
          ...connect,
        ],
      });
    }
    for (const [label, block] of [
      ['Insert Last step', 'last-step'],
      ['Insert Pool over time', 'pool-over-time'],
    ] as const) {
      fixes.push({ label, edits: insertBlock(document, block, source, target) });
    }
  }
  if (type.kind === 'tokens' && wanted.includes('sequence')) {
    fixes.push({
      label: 'Insert Embedding',
      edits: insertBlock(document, 'embedding', source, target),
    });
  }
  return fixes.filter((fix) => fix.edits.length > 0);
}
