/** Fresh, readable ids and names. Pure: the same document gives the same id. */
import type { Graph, PortReference } from './document.js';

/** `lstm_1`, `lstm_2`, …: the first that no node has as id or name. */
export function freshNodeId(graph: Graph, block: string): string {
  const base = block.replace(/[^a-z0-9]+/gi, '_').toLowerCase();
  const taken = new Set(graph.nodes.flatMap((node) => [node.id, node.name]));
  let number = 1;
  while (taken.has(`${base}_${number}`)) number += 1;
  return `${base}_${number}`;
}

/** The title itself, or `LSTM 2`, `LSTM 3`, … where it is taken. */
export function freshNodeName(graph: Graph, title: string): string {
  const taken = new Set(graph.nodes.map((node) => node.name));
  if (!taken.has(title)) return title;
  let number = 2;
  while (taken.has(`${title} ${number}`)) number += 1;
  return `${title} ${number}`;
}

/** `lstm_1.out-dense_1.in`, numbered where a second edge joins the same ports. */
export function freshEdgeId(graph: Graph, source: PortReference, target: PortReference): string {
  const base = `${source.node}.${source.port}-${target.node}.${target.port}`;
  const isTaken = (id: string): boolean => graph.edges.some((edge) => edge.id === id);
  if (!isTaken(base)) return base;
  let number = 2;
  while (isTaken(`${base}_${number}`)) number += 1;
  return `${base}_${number}`;
}

/** `group_1`, `comment_1`, …: the first that no other one has. */
export function freshNumberedId(taken: readonly { id: string }[], base: string): string {
  const ids = new Set(taken.map(({ id }) => id));
  let number = 1;
  while (ids.has(`${base}_${number}`)) number += 1;
  return `${base}_${number}`;
}
