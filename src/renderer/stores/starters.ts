/** What a new project starts from: small networks on data that ships, ready to train. */
import { findBlock } from '#shared/catalog/index';
import type { DataRecipe } from '#shared/data/recipe';
import {
  documentFormat,
  documentVersion,
  emptyGraph,
  type Graph,
  type GraphNode,
  type ProjectDocument,
} from '#shared/graph/document';
import { applyEdits } from '#shared/graph/edits';
import { freshEdgeId, freshNodeId, freshNodeName } from '#shared/graph/ids';
import { emptyDocument } from '#shared/graph/starter';
import { trainingRecipeSchema } from '#shared/training/recipe';
import { tidyEdits } from '../canvas/tidy.js';

export interface Starter {
  id: string;
  title: string;
  description: string;
  /** A document with a new id. */
  create(): ProjectDocument;
}

/** Blocks in a row, each one's `out` into the next one's `in`. */
function chain(blocks: readonly [id: string, params?: GraphNode['params']][]): Graph {
  let graph = emptyGraph;
  for (const [id, params = {}] of blocks) {
    const block = findBlock(id);
    if (block === undefined) throw new Error(`a starter uses the unknown block "${id}"`);
    const node: GraphNode = {
      id: freshNodeId(graph, id),
      block: id,
      name: freshNodeName(graph, block.title),
      params: { ...block.defaults(), ...params },
      position: { x: 0, y: 0 },
    };
    const before = graph.nodes.at(-1);
    graph = { ...graph, nodes: [...graph.nodes, node] };
    if (before === undefined) continue;
    const source = { node: before.id, port: 'out' };
    const target = { node: node.id, port: 'in' };
    const edge = { id: freshEdgeId(graph, source, target), source, target };
    graph = { ...graph, edges: [...graph.edges, edge] };
  }
  return graph;
}

/** The document with its blocks in rows. */
function laidOut(document: ProjectDocument): ProjectDocument {
  return applyEdits(document, tidyEdits(document.graph, new Map())).document;
}

const create =
  (name: string, graph: () => Graph, data: DataRecipe, epochs: number) => (): ProjectDocument =>
    laidOut({
      format: documentFormat,
      version: documentVersion,
      id: crypto.randomUUID(),
      name,
      description: '',
      graph: graph(),
      data,
      training: trainingRecipeSchema.parse({ epochs, optimizer: { kind: 'adam' } }),
    });

const book: DataRecipe = {
  task: 'next-token',
  source: { kind: 'builtin', id: 'moby-dick' },
  tokenizer: { unit: 'character', lowercase: false, vocabularyLimit: null, minimumCount: 1 },
  window: 64,
  stride: 64,
  limit: 200_000,
  split: { validation: 0.1, test: 0.1, method: 'in order', seed: 7 },
};
const weather: DataRecipe = {
  task: 'forecast',
  source: { kind: 'builtin', id: 'seattle-weather' },
  format: 'auto',
  timeColumn: 'date',
  sortByTime: false,
  inputColumns: ['precipitation', 'temp_max', 'temp_min', 'wind'],
  targetColumns: ['temp_max'],
  window: 28,
  stride: 1,
  horizon: 1,
  scaler: 'standard',
  split: { validation: 0.1, test: 0.2, method: 'in order', seed: 7 },
};

export const starters: readonly Starter[] = [
  {
    id: 'classification',
    title: 'Classify text',
    description: 'Words → embedding → LSTM → one class a row. On 3,000 review sentences.',
    create: () => laidOut(emptyDocument('Classify text', crypto.randomUUID())),
  },
  {
    id: 'next-token',
    title: 'Predict the next character',
    description: 'Characters → embedding → GRU over all steps → the next one. On Moby-Dick.',
    create: create(
      'Next character',
      () =>
        chain([
          ['tokens-input'],
          ['embedding'],
          ['gru', { output: 'all steps' }],
          ['time-distributed-dense'],
          ['next-token'],
        ]),
      book,
      5,
    ),
  },
  {
    id: 'forecast',
    title: 'Forecast numbers',
    description: 'Four weeks of measurements → LSTM → tomorrow. On Seattle’s weather.',
    create: create(
      'Forecast',
      () => chain([['sequence-input'], ['lstm'], ['dense'], ['regress']]),
      weather,
      20,
    ),
  },
  {
    id: 'empty',
    title: 'Empty canvas',
    description: 'No blocks. The data is the review sentences; the Data view changes it.',
    create: () => ({
      ...emptyDocument('Untitled', crypto.randomUUID()),
      graph: emptyGraph,
    }),
  },
];
