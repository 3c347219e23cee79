/**
 * Old project files become new ones here: `migrations[n]` takes a document of version n to n + 1.
 * A document is raw JSON at this point; the schema checks the result.
 */
import { documentVersion } from './document.js';

type Json = Record<string, unknown>;
export type Migration = (document: Json) => Json;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const migrations: readonly Migration[] = [
  // 0 → 1: before the first release a node named its block `type`, and had no name of its own.
  (document) => {
    const graph = isObject(document.graph) ? document.graph : {};
    const nodes: unknown[] = Array.isArray(graph.nodes) ? graph.nodes : [];
    return {
      ...document,
      graph: {
        ...graph,
        nodes: nodes.map((node) => {
          if (!isObject(node)) return node;
          const { type, ...rest } = node;
          return { block: type, name: node.id, ...rest };
        }),
      },
    };
  },
  // 1 → 2: groups and comments.
  (document) => {
    const graph = isObject(document.graph) ? document.graph : {};
    return { ...document, graph: { ...graph, groups: [], comments: [] } };
  },
  // 2 → 3: class weights.
  (document) => {
    const { training } = document;
    return isObject(training)
      ? { ...document, training: { ...training, classWeights: 'off' } }
      : document;
  },
];

/** Brings a document of an earlier version to the present one. */
export function migrate(document: Json, version: number): Json {
  let current = document;
  for (let from = version; from < documentVersion; from += 1) {
    const step = migrations[from];
    if (step === undefined) throw new Error(`no migration from version ${from}`);
    current = { ...step(current), version: from + 1 };
  }
  return current;
}
