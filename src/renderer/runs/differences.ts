/** What differs between runs: blocks, wires and recipes of their documents, and who wins in what. */
import { formatBytes, formatClock, formatCount, formatScore, missing } from '#shared/format';
import type { GraphNode, ProjectDocument } from '#shared/graph/document';
import { mainScore, scoreText, type RunRow } from './rows.js';

export interface Difference {
  what: string;
  before: string;
  after: string;
}

const absent = 'not there';

function text(value: unknown): string {
  if (value === undefined) return missing;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Differing leaves of two JSON values, each with its dotted path. */
function leaves(before: unknown, after: unknown, path: string): Difference[] {
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) =>
      leaves(before[key], after[key], path === '' ? key : `${path}.${key}`),
    );
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [{ what: path, before: text(before), after: text(after) }];
}

const blockText = (node: GraphNode | undefined): string =>
  node === undefined ? absent : node.block;

/** Blocks are the same when their ids are, or else their names: a copy that was drawn anew counts too. */
export function graphDifferences(before: ProjectDocument, after: ProjectDocument): Difference[] {
  const left = [...after.graph.nodes];
  const pairs = before.graph.nodes.map((node): [GraphNode, GraphNode | undefined] => {
    const same =
      left.find(({ id }) => id === node.id) ?? left.find(({ name }) => name === node.name);
    if (same !== undefined) left.splice(left.indexOf(same), 1);
    return [node, same];
  });
  const idsAfter = new Map(pairs.map(([node, same]) => [node.id, same?.id ?? node.id]));
  const wiresBefore = wires(before, (id) => idsAfter.get(id) ?? id);
  const wiresAfter = wires(after, (id) => id);
  return [
    ...pairs.flatMap(([node, same]): Difference[] => {
      if (same === undefined || same.block !== node.block)
        return [{ what: node.name, before: blockText(node), after: blockText(same) }];
      return leaves(node.params, same.params, '').map((one) => ({
        ...one,
        what: `${node.name}: ${one.what}`,
      }));
    }),
    ...left.map((node) => ({ what: node.name, before: absent, after: blockText(node) })),
    ...onlyIn(wiresBefore, wiresAfter).map((what) => ({ what, before: 'wired', after: absent })),
    ...onlyIn(wiresAfter, wiresBefore).map((what) => ({ what, before: absent, after: 'wired' })),
  ];
}

/** Each wire in words under a key that holds in both documents. */
function wires({ graph }: ProjectDocument, idOf: (id: string) => string): Map<string, string> {
  const name = (id: string): string => graph.nodes.find((node) => node.id === id)?.name ?? id;
  return new Map(
    graph.edges.map(({ source, target }) => [
      `${idOf(source.node)}.${source.port} ${idOf(target.node)}.${target.port}`,
      `Wire ${name(source.node)} → ${name(target.node)}`,
    ]),
  );
}

const onlyIn = (wanted: Map<string, string>, other: Map<string, string>): string[] =>
  [...wanted].filter(([key]) => !other.has(key)).map(([, words]) => words);

/** Of the data and the training recipe. */
export const recipeDifferences = (
  before: ProjectDocument,
  after: ProjectDocument,
): Difference[] => [
  ...leaves(before.data, after.data, 'data'),
  ...leaves(before.training, after.training, 'training'),
];

export interface Contest {
  title: string;
  /** One for each run, in their order. */
  values: { text: string; wins: boolean }[];
}

/** The rows of the comparison. The best one wins; where all are equal, or one is alone, nobody does. */
export function contests(rows: readonly RunRow[]): Contest[] {
  const contest = (
    title: string,
    value: (row: RunRow) => number | null,
    words: (row: RunRow) => string,
    high = false,
  ): Contest => {
    const known = rows.map(value).filter((one) => one !== null);
    const best = high ? Math.max(...known) : Math.min(...known);
    const decided = known.length > 1 && known.some((one) => one !== best);
    return {
      title,
      values: rows.map((row) => ({
        text: words(row),
        wins: decided && value(row) === best,
      })),
    };
  };
  const score = (part: 'validation' | 'test', title: string): Contest =>
    contest(
      title,
      (row) => mainScore(row[part]),
      (row) => scoreText(row[part]),
      rows.every(({ [part]: scores }) => scores === null || mainScore(scores) === scores.accuracy),
    );
  return [
    score('test', 'Test score'),
    score('validation', 'Validation score'),
    contest(
      'Test loss',
      (row) => row.test?.loss ?? null,
      (row) => formatScore(row.test?.loss ?? null),
    ),
    contest(
      'Validation loss',
      (row) => row.validation?.loss ?? null,
      (row) => formatScore(row.validation?.loss ?? null),
    ),
    contest(
      'Training time',
      (row) => row.seconds,
      (row) => formatClock(row.seconds),
    ),
    contest(
      'Memory, tensors at most',
      (row) => row.memory,
      (row) => (row.memory === null ? missing : formatBytes(row.memory)),
    ),
    contest(
      'Parameters',
      (row) => row.parameters,
      (row) => (row.parameters === null ? missing : formatCount(row.parameters)),
    ),
  ];
}
