/** What differs between the documents of two runs: blocks, wires and recipes. */
import { missing } from '#shared/format';
import { findBlock } from '#shared/catalog/index';
import type { GraphNode, ProjectDocument } from '#shared/graph/document';

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
  node === undefined ? absent : (findBlock(node.block)?.title ?? node.block);

/** Blocks are the same when their ids are, or else their names: a copy that was drawn anew counts too. */
export function pairBlocks(
  before: ProjectDocument,
  after: ProjectDocument,
): { pairs: [GraphNode, GraphNode | undefined][]; added: GraphNode[] } {
  const added = [...after.graph.nodes];
  const pairs = before.graph.nodes.map((node): [GraphNode, GraphNode | undefined] => {
    const same =
      added.find(({ id }) => id === node.id) ?? added.find(({ name }) => name === node.name);
    if (same !== undefined) added.splice(added.indexOf(same), 1);
    return [node, same];
  });
  return { pairs, added };
}

/** What changed in a block that both have: its kind, or its parameters. */
export function blockDifferences(node: GraphNode, same: GraphNode | undefined): Difference[] {
  if (same === undefined || same.block !== node.block)
    return [{ what: 'block', before: blockText(node), after: blockText(same) }];
  return leaves(node.params, same.params, '');
}

export function graphDifferences(before: ProjectDocument, after: ProjectDocument): Difference[] {
  const { pairs, added } = pairBlocks(before, after);
  const idsAfter = new Map(pairs.map(([node, same]) => [node.id, same?.id ?? node.id]));
  const wiresBefore = wires(before, (id) => idsAfter.get(id) ?? id);
  const wiresAfter = wires(after, (id) => id);
  return [
    ...pairs.flatMap(([node, same]) =>
      blockDifferences(node, same).map((one) => ({
        ...one,
        what: one.what === 'block' ? node.name : `${node.name}: ${one.what}`,
      })),
    ),
    ...added.map((node) => ({ what: node.name, before: absent, after: blockText(node) })),
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

export interface ChangeRow {
  what: string;
  /** One for each run; the first is what the others are compared with. */
  values: { text: string; changed: boolean }[];
}

/** What differs between the first run and each of the others, in one table. */
export function changeTable(differences: readonly (readonly Difference[])[]): ChangeRow[] {
  const whats = [...new Set(differences.flatMap((list) => list.map(({ what }) => what)))];
  return whats.map((what) => {
    const found = differences.map((list) => list.find((one) => one.what === what));
    const before = found.find((one) => one !== undefined)?.before ?? '';
    return {
      what,
      values: [
        { text: before, changed: false },
        ...found.map((one) => ({ text: one?.after ?? before, changed: one !== undefined })),
      ],
    };
  });
}
