/** The graph as a graph: who feeds whom, in what order, and where it runs in circles. */
import type { Graph, GraphEdge } from './document.js';

/**
 * Edges by the node they enter and leave, and the nodes in an order in which every node comes after
 * those that feed it (Kahn 1962). Nodes on a cycle, or behind one, are in `cyclic` instead.
 */
export interface Topology {
  order: string[];
  cyclic: ReadonlySet<string>;
  incoming: ReadonlyMap<string, readonly GraphEdge[]>;
  outgoing: ReadonlyMap<string, readonly GraphEdge[]>;
}

const topologies = new WeakMap<Graph, Topology>();

/** Worked out once for each graph, which nothing changes in place. */
export function topologyOf(graph: Graph): Topology {
  const known = topologies.get(graph) ?? findTopology(graph);
  topologies.set(graph, known);
  return known;
}

function findTopology(graph: Graph): Topology {
  const ids = new Set(graph.nodes.map((node) => node.id));
  const incoming = new Map<string, GraphEdge[]>();
  const outgoing = new Map<string, GraphEdge[]>();
  for (const id of ids) {
    incoming.set(id, []);
    outgoing.set(id, []);
  }
  for (const edge of graph.edges) {
    if (!ids.has(edge.source.node) || !ids.has(edge.target.node)) continue;
    incoming.get(edge.target.node)?.push(edge);
    outgoing.get(edge.source.node)?.push(edge);
  }
  const waiting = new Map([...ids].map((id) => [id, incoming.get(id)?.length ?? 0]));
  const order = [...ids].filter((id) => waiting.get(id) === 0);
  for (let at = 0; at < order.length; at += 1) {
    for (const edge of outgoing.get(order[at] ?? '') ?? []) {
      const left = (waiting.get(edge.target.node) ?? 0) - 1;
      waiting.set(edge.target.node, left);
      if (left === 0) order.push(edge.target.node);
    }
  }
  const reached = new Set(order);
  return { order, cyclic: new Set([...ids].filter((id) => !reached.has(id))), incoming, outgoing };
}

/**
 * All nodes in the order in which one reads the network: each after those that feed it, and one branch to
 * its end before the next. Nodes on a cycle, or behind one, come last.
 */
export function readingOrder({ cyclic, incoming, outgoing }: Topology): string[] {
  const waiting = new Map([...incoming].map(([id, edges]) => [id, edges.length]));
  const order: string[] = [];
  const next = [...waiting].flatMap(([id, count]) => (count === 0 ? [id] : [])).reverse();
  for (let node = next.pop(); node !== undefined; node = next.pop()) {
    order.push(node);
    for (const { target } of [...(outgoing.get(node) ?? [])].reverse()) {
      const left = (waiting.get(target.node) ?? 0) - 1;
      waiting.set(target.node, left);
      if (left === 0) next.push(target.node);
    }
  }
  return [...order, ...cyclic];
}

/** True if following edges forward from `from` leads to `to` (or they are the same node). */
export function leadsTo(graph: Graph, from: string, to: string): boolean {
  const { outgoing } = topologyOf(graph);
  const seen = new Set([from]);
  const stack = [from];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node === to) return true;
    for (const edge of outgoing.get(node) ?? []) {
      if (!seen.has(edge.target.node)) {
        seen.add(edge.target.node);
        stack.push(edge.target.node);
      }
    }
  }
  return false;
}

/** Every node from which edges lead to `to`, and `to` itself. */
export function ancestorsOf({ incoming }: Topology, to: string): Set<string> {
  const reaching = new Set([to]);
  const stack = [to];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const edge of incoming.get(node) ?? []) {
      if (!reaching.has(edge.source.node)) {
        reaching.add(edge.source.node);
        stack.push(edge.source.node);
      }
    }
  }
  return reaching;
}

/** Edges of one cycle, each starting where the one before ends; empty where there is none. */
export function findCycle({ cyclic, incoming }: Topology): GraphEdge[] {
  const [start] = cyclic;
  if (start === undefined) return [];
  // Every node left over by Kahn's algorithm is fed by another one, so walking backwards meets itself.
  const path: GraphEdge[] = [];
  const visited = new Set<string>();
  for (let node = start; !visited.has(node);) {
    visited.add(node);
    const edge = incoming.get(node)?.find(({ source }) => cyclic.has(source.node));
    if (edge === undefined) throw new Error(`nothing on the cycle feeds ${node}`);
    path.unshift(edge);
    node = edge.source.node;
  }
  const entry = path[0]?.source.node;
  const end = path.findIndex(({ target }) => target.node === entry);
  return path.slice(0, end + 1);
}
