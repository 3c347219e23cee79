/** Small networks that are timed to calibrate a device: each makes one part of a training step large. */
import type { DataFacts } from '#shared/data/facts';
import { analyze } from '#shared/graph/analyze';
import type { ProjectDocument } from '#shared/graph/document';
import { chain, type BlockChoice } from '#shared/graph/samples';
import { lower } from '#shared/ir/lower';
import type { IrProgram } from '#shared/ir/types';
import { workOf, type Work } from '#shared/run/timing';
import type { Batch } from '../data/types.js';
import { Random } from '../train/random.js';

export interface Probe {
  program: IrProgram;
  document: ProjectDocument;
  batch: Batch;
  work: Work;
}

const batchSize = 32;
const all = { output: 'all steps' };

/** Windows of numbers; the head forecasts `outputs` values. */
function series(
  shape: { timeSteps: number; features: number; outputs: number },
  blocks: readonly BlockChoice[],
): Probe {
  const { timeSteps, features, outputs } = shape;
  const random = new Random(1, 'probe', 0);
  const values = (count: number): Float32Array =>
    Float32Array.from({ length: count }, () => 2 * random.uniform() - 1);
  return probe(
    chain('forecast', blocks),
    {
      task: 'forecast',
      input: { kind: 'sequence', features, timeSteps, names: [] },
      output: { size: outputs, labels: null },
      examples: { train: batchSize, validation: 0, test: 0 },
      meanTimeSteps: timeSteps,
    },
    {
      size: batchSize,
      timeSteps,
      input: { kind: 'features', values: values(batchSize * timeSteps * features), features },
      lengths: null,
      targets: {
        kind: 'values',
        values: values(batchSize * outputs),
        persistence: new Float32Array(batchSize * outputs),
      },
    },
  );
}

/**
 * Rows of token ids: windows whose every step predicts a token, or rows of many lengths with a class each.
 */
function text(
  task: 'next-token' | 'classification',
  { timeSteps, vocabularySize }: { timeSteps: number; vocabularySize: number },
  blocks: readonly BlockChoice[],
): Probe {
  const random = new Random(1, 'probe', 0);
  const padded = task === 'classification';
  const lengths = Int32Array.from({ length: batchSize }, (_, row) =>
    padded ? Math.ceil((timeSteps * (batchSize + row)) / (2 * batchSize)) : timeSteps,
  );
  lengths[0] = timeSteps;
  const ids = Int32Array.from({ length: batchSize * timeSteps }, (_, i) =>
    i % timeSteps < (lengths[Math.floor(i / timeSteps)] ?? 0)
      ? 2 + random.integer(vocabularySize - 2)
      : 0,
  );
  return probe(
    chain(task, blocks),
    {
      task,
      input: { kind: 'tokens', vocabularySize, timeSteps, padded },
      output: { size: padded ? 2 : vocabularySize, labels: null },
      examples: { train: batchSize, validation: 0, test: 0 },
      meanTimeSteps: lengths.reduce((sum, length) => sum + length, 0) / batchSize,
    },
    {
      size: batchSize,
      timeSteps,
      input: { kind: 'tokens', ids },
      lengths: padded ? lengths : null,
      targets: padded
        ? { kind: 'class', ids: Int32Array.from({ length: batchSize }, (_, row) => row % 2) }
        : { kind: 'steps', ids },
    },
  );
}

function probe(document: ProjectDocument, facts: DataFacts, batch: Batch): Probe {
  return {
    document,
    batch,
    program: lower(document, facts),
    work: workOf(analyze(document, facts), facts, batch.size),
  };
}

/** The smallest first, so that a device that can't keep the time was still seen on several. */
export const probes = (): Probe[] => [
  series({ timeSteps: 2, features: 4, outputs: 1 }, ['last-step', 'dense']),
  series({ timeSteps: 2, features: 4, outputs: 1 }, [
    'last-step',
    ...Array.from({ length: 6 }, (): BlockChoice => ['dense', { units: 8 }]),
    'dense',
  ]),
  series({ timeSteps: 64, features: 8, outputs: 1 }, [['gru', { units: 8 }], 'dense']),
  series({ timeSteps: 48, features: 32, outputs: 1 }, [['lstm', { units: 48 }], 'dense']),
  series({ timeSteps: 2, features: 256, outputs: 256 }, [
    'last-step',
    ['dense', { units: 512, activation: 'relu' }],
    'dense',
  ]),
  series({ timeSteps: 32, features: 64, outputs: 1 }, [['lstm', { units: 96 }], 'dense']),
  series({ timeSteps: 64, features: 64, outputs: 1 }, [
    'layer-norm',
    'dropout',
    'last-step',
    'dense',
  ]),
  series({ timeSteps: 24, features: 64, outputs: 1 }, [
    ['time-distributed-dense', { units: 160, activation: 'relu' }],
    ['time-distributed-dense', { units: 96, activation: 'relu' }],
    ['pool-over-time', { mode: 'mean' }],
    'dense',
  ]),
  text('classification', { timeSteps: 20, vocabularySize: 200 }, [
    ['embedding', { units: 64 }],
    ['attention', { units: 32 }],
    'dense',
  ]),
  text('next-token', { timeSteps: 16, vocabularySize: 6000 }, [
    ['embedding', { units: 48 }],
    'last-step',
    ['dense', { units: 16 }],
    'dense',
  ]),
  text('classification', { timeSteps: 24, vocabularySize: 1000 }, [
    ['embedding', { units: 48 }],
    'dropout',
    ['bidirectional', { units: 32, ...all }],
    'pool-over-time',
    'dropout',
    'dense',
  ]),
  text('next-token', { timeSteps: 48, vocabularySize: 96 }, [
    ['embedding', { units: 32 }],
    ['lstm', { units: 64, ...all }],
    'time-distributed-dense',
  ]),
];
