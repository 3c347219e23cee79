/** A network with its other gated cell: every LSTM a GRU, or every GRU an LSTM. All else stays the same. */
import { findBlock } from '../catalog/index.js';
import { analyze } from './analyze.js';
import type { GraphNode, ProjectDocument } from './document.js';

export const gatedCells = ['lstm', 'gru'] as const;
export type GatedCell = (typeof gatedCells)[number];

export const cellTitles: Readonly<Record<GatedCell, string>> = { lstm: 'LSTM', gru: 'GRU' };

const cellSuffixes = new RegExp(`(?: \\((?:${Object.values(cellTitles).join('|')})\\))+$`);

/** A name without the cells that were put behind it: `LSTM vs GRU (GRU) (LSTM)` is `LSTM vs GRU`. */
const withoutCells = (name: string): string => name.replace(cellSuffixes, '');

/** `… (GRU) (LSTM)`, as older runs are called, is `… (LSTM)`. */
export const simpleName = (name: string): string =>
  name.replace(cellSuffixes, (suffixes) => suffixes.slice(suffixes.lastIndexOf(' ')));

export type CellSwap =
  | {
      possible: true;
      from: GatedCell;
      to: GatedCell;
      /** Under the id of the project: its runs are the project's. */
      document: ProjectDocument;
      /** Names of the blocks, as they are in the network that was given. */
      blocks: string[];
    }
  | { possible: false; reason: string };

/** The gated cell of a block; null where it has none. */
export function gatedCellOf({ block, params }: GraphNode): GatedCell | null {
  const cell: unknown = block in cellTitles ? block : cellParameter(block, params);
  return gatedCells.find((one) => one === cell) ?? null;
}

/** The `cell` of a block that takes any cell. */
function cellParameter(id: string, params: GraphNode['params']): unknown {
  const block = findBlock(id);
  if (block === undefined || !('cell' in block.params.shape)) return undefined;
  return params['cell'] ?? block.defaults()['cell'];
}

export function swapCells(document: ProjectDocument): CellSwap {
  const { nodes } = document.graph;
  const gated = nodes.filter((node) => gatedCellOf(node) !== null);
  const [from, ...others] = [...new Set(gated.map(gatedCellOf))].filter((cell) => cell !== null);
  if (from === undefined)
    return { possible: false, reason: 'The network has no LSTM and no GRU block.' };
  if (others.length > 0)
    return {
      possible: false,
      reason: 'The network has both LSTM and GRU blocks: there is no other cell to compare with.',
    };
  const to: GatedCell = from === 'lstm' ? 'gru' : 'lstm';
  const names = new Set(nodes.map(({ name }) => name));
  const swapped: ProjectDocument = {
    ...document,
    name: nameWith(document.name, from, to),
    graph: {
      ...document.graph,
      nodes: nodes.map((node) => (gated.includes(node) ? swapNode(node, from, to, names) : node)),
    },
  };
  const before = errorsOf(document);
  const broken = [...errorsOf(swapped)].find(([key]) => !before.has(key));
  if (broken !== undefined)
    return {
      possible: false,
      reason: `With ${cellTitles[to]} blocks the network would not fit together: ${broken[1]}`,
    };
  return { possible: true, from, to, document: swapped, blocks: gated.map(({ name }) => name) };
}

/** Named by its cell alone, however often it was swapped. */
function nameWith(name: string, from: GatedCell, to: GatedCell): string {
  const base = withoutCells(name);
  // Swapped back: the name says it already.
  if (base !== name && otherName(base, to, from) !== null) return base;
  return otherName(base, from, to) ?? `${base.slice(0, 190)} (${cellTitles[to]})`;
}

/** Null where the name doesn't say the cell. */
function otherName(name: string, from: GatedCell, to: GatedCell): string | null {
  const word = (cell: GatedCell): RegExp => new RegExp(`\\b${cellTitles[cell]}\\b`, 'g');
  if (word(to).test(name) || !word(from).test(name)) return null;
  return name.replace(word(from), cellTitles[to]);
}

/** The id stays, and with it the names of the parameters, which their first values are drawn by. */
function swapNode(
  node: GraphNode,
  from: GatedCell,
  to: GatedCell,
  names: ReadonlySet<string>,
): GraphNode {
  const renamed = otherName(node.name, from, to);
  const name = renamed === null || names.has(renamed) ? node.name : renamed;
  if (node.block !== from) return { ...node, name, params: { ...node.params, cell: to } };
  const block = findBlock(to);
  const own = new Set(Object.keys(block?.params.shape ?? {}));
  const kept = Object.entries(node.params).filter(([key]) => own.has(key));
  return {
    ...node,
    name,
    block: to,
    params: { ...block?.defaults(), ...Object.fromEntries(kept) },
  };
}

/** Messages of the errors, by what they are about. */
const errorsOf = (document: ProjectDocument): Map<string, string> =>
  new Map(
    analyze(document, null)
      .problems.filter(({ severity }) => severity === 'error')
      .map(({ code, node, port, edge, message }) => [[code, node, port, edge].join(' '), message]),
  );
