/** Small documents for tests: the present format, and one of every earlier version. */
import type { ProjectDocument } from './document.js';

export const sampleDocument: ProjectDocument = {
  format: 'unroll-project',
  version: 1,
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
  },
  data: {
    task: 'classification',
    source: { kind: 'builtin', id: 'review-sentences' },
    format: 'auto',
    textColumn: 'text',
    labelColumn: 'label',
    tokenizer: { unit: 'word', lowercase: true, vocabularyLimit: 5000, minimumCount: 2 },
    maximumTimeSteps: 40,
    truncate: 'end',
    split: { validation: 0.1, test: 0.2, method: 'stratified', seed: 7 },
  },
  training: {
    epochs: 5,
    batchSize: 32,
    optimizer: { kind: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    schedule: { kind: 'constant' },
    clip: { norm: 1, value: null },
    earlyStopping: null,
    bucketing: true,
    shuffle: true,
    seed: 42,
  },
};

/** As version 0 wrote it: blocks under `type`, no names. */
export const sampleVersion0 = {
  ...sampleDocument,
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
