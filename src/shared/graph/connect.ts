/** Whether two ports may be connected: asked while a wire is being dragged, for every port it may reach. */
import type { Analysis } from './analyze.js';
import type { GraphEdge, PortReference, ProjectDocument } from './document.js';
import type { Edit } from './edits.js';
import { kindFixes } from './fixes.js';
import { freshEdgeId } from './ids.js';
import type { Fix } from './problems.js';
import { leadsTo } from './topology.js';
import { anyOf, kindMismatch, nameOf } from './wording.js';

export type ConnectionVerdict = { ok: true } | { ok: false; reason: string; fixes: Fix[] };

/**
 * Whether an edge from `source` to `target` may be drawn. The reason is one sentence; fixes also connect.
 *
 * @param replaced - edges into the same input that the new one takes the place of.
 */
export function canConnect(
  document: ProjectDocument,
  analysis: Analysis,
  source: PortReference,
  target: PortReference,
  replaced: readonly GraphEdge[] = [],
): ConnectionVerdict {
  const refuse = (reason: string, fixes: Fix[] = []): ConnectionVerdict => ({
    ok: false,
    reason,
    fixes,
  });
  const { graph } = document;
  const to = graph.nodes.find((node) => node.id === target.node);
  const from = analysis.nodes[source.node];
  const into = analysis.nodes[target.node];
  const port = into?.instance?.ports.inputs.find((spec) => spec.name === target.port);
  const output = from?.instance?.ports.outputs.find((spec) => spec.name === source.port);
  if (!to || !into?.instance || !from || !port || !output) return refuse('There is no such port.');
  if (source.node === target.node) {
    return refuse(
      'A block can not feed itself. Recurrence over time happens inside the recurrent blocks.',
    );
  }
  if (leadsTo(graph, target.node, source.node)) {
    return refuse(
      'That would make a circle. Recurrence over time happens inside the recurrent blocks.',
    );
  }
  const kept =
    replaced.length === 0 ? graph.edges : graph.edges.filter((e) => !replaced.includes(e));
  const taken = kept.filter((e) => e.target.node === target.node && e.target.port === target.port);
  if (taken.some((e) => e.source.node === source.node && e.source.port === source.port)) {
    return refuse('These ports are connected already.');
  }
  if (taken.length > 0 && !port.many) {
    return refuse(
      `"${port.label}" of ${nameOf(to)} is connected already. Remove that connection first.`,
    );
  }
  const type = from.outputs[output.name] ?? null;
  if (type === null) {
    return output.kinds.some((kind) => port.kinds.includes(kind))
      ? { ok: true }
      : refuse(`"${port.label}" takes ${anyOf(port.kinds)}, not ${anyOf(output.kinds)}.`);
  }
  const edge: GraphEdge = { id: freshEdgeId(graph, source, target), source, target };
  const removals = replaced.map(({ id }): Edit => ({ type: 'remove-edge', id }));
  const connecting = (fix: Fix): Fix => ({
    label: fix.label,
    edits: [...removals, { type: 'add-edge', edge }, ...fix.edits],
  });
  if (!port.kinds.includes(type.kind)) {
    const connected = { ...document, graph: { ...graph, edges: [...kept, edge] } };
    const fixes = kindFixes(connected, source, target, type, port.kinds).map(connecting);
    return refuse(kindMismatch(type, port), fixes);
  }
  // The block's own rule for what comes together: equal features for Add, the same cell for a state.
  const arrived = port.many ? (into.inputs[port.name] ?? []) : [];
  const problem = into.instance
    .shape({
      node: to.id,
      inputs: { ...into.inputs, [port.name]: [...arrived, type] },
      facts: null,
      wanted: into.wanted,
    })
    .problems.find((found) => found.severity === 'error' && found.port === port.name);
  if (problem === undefined) return { ok: true };
  const fixes = problem.fixes.map(({ label, params }) => {
    const edits: Edit[] = [{ type: 'set-params', id: to.id, params }];
    return connecting({ label, edits });
  });
  return refuse(problem.message, fixes);
}
