/** Small documents for tests and probes: the present format, one of every earlier version, and chains of blocks. */
import { findBlock } from '../catalog/index.js';
import type { DataFacts } from '../data/facts.js';
import type { DataRecipe, Task } from '../data/recipe.js';
import { documentVersion, emptyGraph, type GraphNode, type ProjectDocument } from './document.js';
import { applyEdit } from './edits.js';
import { freshEdgeId, freshNodeName } from './ids.js';

export const sampleDocument: ProjectDocument = {
  format: 'unroll-project',
  version: documentVersion,
  id: 'sample',
  name: 'Sample',
  description: '',
  graph: {
    nodes: [
      { id: 'tokens', block: 'tokens-input', name: 'Tokens', params: {}, position: { x: 0, y: 0 } },
      {
        id: 'embedding',
        block: 'embedding',
        name: 'Embedding',
        params: { units: 8 },
        position: { x: 264, y: 0 },
      },
      {
        id: 'lstm',
        block: 'lstm',
        name: 'LSTM',
        params: { units: 16, output: 'last step' },
        position: { x: 528, y: 0 },
      },
      {
        id: 'dense',
        block: 'dense',
        name: 'Dense',
        params: { units: null },
        position: { x: 792, y: 0 },
      },
      { id: 'head', block: 'classify', name: 'Classify', params: {}, position: { x: 1056, y: 0 } },
    ],
    edges: [
      ['tokens', 'embedding'],
      ['embedding', 'lstm'],
      ['lstm', 'dense'],
      ['dense', 'head'],
    ].map(([from = '', to = '']) => ({
      id: `${from}.out-${to}.in`,
      source: { node: from, port: 'out' },
      target: { node: to, port: 'in' },
    })),
    groups: [],
    comments: [],
  },
  data: {
    task: 'classification',
    source: { kind: 'builtin', id: 'review-sentences' },
    format: 'auto',
    textColumn: 'text',
    labelColumn: 'label',
    tokenizer: { unit: 'word', lowercase: true, vocabularyLimit: 5000, minimumCount: 2 },
    maximumTimeSteps: 40,
    duplicates: 'keep',
    truncate: 'end',
    split: { validation: 0.1, test: 0.2, method: 'stratified', seed: 7 },
  },
  training: {
    epochs: 5,
    batchSize: 32,
    optimizer: { kind: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    schedule: { kind: 'constant' },
    clip: { norm: 1, value: null },
    classWeights: 'off',
    earlyStopping: null,
    bucketing: true,
    shuffle: true,
    seed: 42,
  },
};

const earlierTraining = Object.fromEntries(
  Object.entries(sampleDocument.training).filter(([key]) => key !== 'classWeights'),
);

/** As version 2 wrote it: no class weights. */
export const sampleVersion2 = { ...sampleDocument, version: 2, training: earlierTraining };

/** As version 1 wrote it: neither groups nor comments. */
export const sampleVersion1 = {
  ...sampleVersion2,
  version: 1,
  graph: { nodes: sampleDocument.graph.nodes, edges: sampleDocument.graph.edges },
};

/** As version 0 wrote it: blocks under `type`, no names. */
export const sampleVersion0 = {
  ...sampleVersion2,
  version: 0,
  graph: {
    edges: sampleDocument.graph.edges,
    nodes: sampleDocument.graph.nodes.map(({ id, block, params, position }) => ({
      id,
      type: block,
      params,
      position,
    })),
  },
};

const recipes: Record<Task, DataRecipe> = {
  classification: sampleDocument.data,
  'next-token': {
    task: 'next-token',
    source: { kind: 'builtin', id: 'hello' },
    tokenizer: { unit: 'character', lowercase: false, vocabularyLimit: null, minimumCount: 1 },
    window: 40,
    stride: 40,
    limit: null,
    split: { validation: 0.1, test: 0.1, method: 'in order', seed: 7 },
  },
  tagging: {
    task: 'tagging',
    source: { kind: 'file', path: 'tags.csv' },
    format: 'auto',
    textColumn: 'text',
    labelColumn: 'tags',
    tokenizer: { unit: 'word', lowercase: true, vocabularyLimit: null, minimumCount: 1 },
    maximumTimeSteps: 40,
    duplicates: 'keep',
    split: { validation: 0.1, test: 0.2, method: 'random', seed: 7 },
  },
  forecast: {
    task: 'forecast',
    source: { kind: 'builtin', id: 'seattle-weather' },
    format: 'auto',
    timeColumn: 'date',
    sortByTime: false,
    inputColumns: ['temp_max', 'wind', 'precipitation'],
    targetColumns: ['temp_max'],
    window: 40,
    stride: 1,
    horizon: 7,
    scaler: 'standard',
    split: { validation: 0.1, test: 0.2, method: 'in order', seed: 7 },
  },
};

/** 5,000 tokens or 3 columns, 40 steps at most, 20 on average; 2 classes, 9 tags or 7 values. */
export function sampleFacts(task: Task): DataFacts {
  const examples = { train: 100, validation: 10, test: 20 };
  if (task === 'forecast') {
    const names = ['temp_max', 'wind', 'precipitation'];
    return {
      task,
      input: { kind: 'sequence', features: 3, timeSteps: 40, names },
      output: { size: 7, labels: null },
      examples,
      meanTimeSteps: 40,
    };
  }
  const padded = task !== 'next-token';
  return {
    task,
    input: { kind: 'tokens', vocabularySize: 5000, timeSteps: 40, padded },
    output: { size: { classification: 2, tagging: 9, 'next-token': 5000 }[task], labels: null },
    examples,
    meanTimeSteps: padded ? 20 : 40,
  };
}

const inputs: Record<Task, string> = {
  classification: 'tokens-input',
  'next-token': 'tokens-input',
  tagging: 'tokens-input',
  forecast: 'sequence-input',
};
const heads: Record<Task, string> = {
  classification: 'classify',
  'next-token': 'next-token',
  tagging: 'classify-each-step',
  forecast: 'regress',
};

export type BlockChoice = string | readonly [block: string, params: GraphNode['params']];

/**
 * A project of this task, drawn in words.
 * @param blocks by node id.
 * @param wires `a > b` joins a's `out` to b's `in`; `a.state > b.state` names the ports.
 */
export function draw(
  task: Task,
  blocks: Readonly<Record<string, BlockChoice>>,
  wires: readonly string[],
): ProjectDocument {
  let document: ProjectDocument = {
    ...sampleDocument,
    graph: emptyGraph,
    data: recipes[task],
  };
  for (const [id, choice] of Object.entries(blocks)) {
    const [block, params] = typeof choice === 'string' ? [choice, {}] : choice;
    const name = freshNodeName(document.graph, findBlock(block)?.title ?? block);
    const position = { x: document.graph.nodes.length * 264, y: 0 };
    const node = { id, block, name, params, position };
    document = applyEdit(document, { type: 'add-node', node }).document;
  }
  return wires.reduce(wire, document);
}

/** The document with one more edge, whatever it joins. */
export function wire(document: ProjectDocument, text: string): ProjectDocument {
  const [from = '', to = ''] = text.split(' > ');
  const reference = (end: string, port: string) => {
    const [node = '', name = port] = end.split('.');
    return { node, port: name };
  };
  const source = reference(from, 'out');
  const target = reference(to, 'in');
  const edge = { id: freshEdgeId(document.graph, source, target), source, target };
  return { ...document, graph: { ...document.graph, edges: [...document.graph.edges, edge] } };
}

/** The blocks in a row between the task's input and head, with ids `input`, `lstm_1`, …, `head`. */
export function chain(
  task: Task,
  choices: readonly BlockChoice[],
  headParams: GraphNode['params'] = {},
): ProjectDocument {
  const blocks: Record<string, BlockChoice> = { input: inputs[task] };
  const wires: string[] = [];
  let before = 'input';
  const append = (id: string, choice: BlockChoice, port: string): void => {
    blocks[id] = choice;
    wires.push(`${before} > ${id}.${port}`);
    before = id;
  };
  for (const choice of choices) {
    const block = typeof choice === 'string' ? choice : choice[0];
    let number = 1;
    while (`${block}_${number}` in blocks) number += 1;
    append(`${block}_${number}`, choice, block === 'attention' ? 'memory' : 'in');
  }
  append('head', [heads[task], headParams], 'in');
  return draw(task, blocks, wires);
}
