/** How the cost of a recurrence grows, with this network's own numbers. */
import { findBlock } from '#shared/catalog/index';
import { sequenceAt } from '#shared/catalog/support';
import type { DataFacts } from '#shared/data/facts';
import type { Analysis } from '#shared/graph/analyze';
import type { GraphNode, ProjectDocument } from '#shared/graph/document';
import { formatQuantity, formatShare } from '#shared/format';

const decimal = (value: number): string => String(Number(value.toFixed(1)));

/** The recurrent block with the most operations. */
function heaviest({ graph }: ProjectDocument, { nodes }: Analysis): GraphNode | null {
  return graph.nodes.reduce<GraphNode | null>((most, node) => {
    const cost = nodes[node.id]?.cost;
    if (cost === undefined || cost.sequentialSteps === 0) return most;
    return most === null || cost.flops > (nodes[most.id]?.cost.flops ?? 0) ? node : most;
  }, null);
}

type Value = GraphNode['params'][string];
const twice = (units: Value): Value => {
  if (typeof units === 'number') return 2 * units;
  return Array.isArray(units) ? units.map(twice) : units;
};

/** Null where nothing recurs, or its sizes are not known yet. */
export function growthText(
  document: ProjectDocument,
  analysis: Analysis,
  facts: DataFacts | null,
): string | null {
  const node = heaviest(document, analysis);
  const seen = node === null ? undefined : analysis.nodes[node.id];
  const block = findBlock(node?.block ?? '');
  const params = { ...block?.defaults(), ...node?.params };
  const units = params['units'] ?? null;
  const inputs = seen === undefined ? null : (sequenceAt(seen, 'in')?.features ?? null);
  if (node === null || seen === undefined || block === undefined || facts === null) return null;
  if (inputs === null || seen.cost.flops === 0) return null;
  const larger = block.parse({ ...node.params, units: twice(units) });
  const context = { node: node.id, inputs: seen.inputs, facts, wanted: seen.wanted };
  const factor = larger.ok ? larger.instance.cost(context).flops / seen.cost.flops : 4;
  const size = Array.isArray(units) ? units.join(', ') : String(units);
  return (
    `${node.name} takes ${formatShare(seen.cost.flops / analysis.totals.flops)} of it: ` +
    `${seen.cost.formula} = ${formatQuantity(seen.cost.flops)}, with T = ${decimal(facts.meanTimeSteps)} steps ` +
    `(mean of a row), I = ${inputs} inputs and H = ${size} units. ` +
    `It grows as O(T·H²): twice the steps cost twice as much, twice the units ${decimal(factor)} times.`
  );
}
