/** A training step as tf.layers takes it: `compile` and `trainOnBatch`, with Adam and accuracy. */
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import type { IrOp, IrProgram } from '#shared/ir/types';
import { registerOver } from '../../../src/main/engine/kernels/register.js';
import { unsortedSegmentSumConfig } from '../../../src/main/engine/kernels/unsorted-segment-sum.js';
import { floats, integers } from '../arrays.js';
import type { Arrays } from '../arrays.js';
import type { TrainingSpec } from '../cases.js';
import { Unsupported } from './runtime.js';
import type { Prepared } from './runtime.js';
import { checkedSteps, withoutDropout } from './training.js';

type Layer = Parameters<layers.Sequential['add']>[0];

function layerOf(program: IrProgram, op: IrOp, shape: (id: string) => number[]): Layer | null {
  switch (op.op) {
    case 'embedding': {
      const [inputDim = 0, outputDim = 0] = shape(op.table);
      return layers.layers.embedding({ inputDim, outputDim, inputShape: [null] });
    }
    case 'dropout':
      return layers.layers.dropout({ rate: op.rate });
    case 'recurrent': {
      const { node, units, cell } = op;
      // A reversed one is the second half of a pair.
      if (op.reverse) return null;
      const pair = program.ops.some(
        (other) => other.op === 'recurrent' && other.node === node && other.reverse,
      );
      const options = {
        units,
        returnSequences: true,
        recurrentActivation: 'sigmoid',
        recurrentInitializer: 'zeros',
      } as const;
      if (cell === 'rnn') throw new Unsupported('no such model');
      const layer = cell === 'lstm' ? layers.layers.lstm(options) : layers.layers.gru(options);
      if (!pair) return layer;
      if (!(layer instanceof layers.RNN)) throw new Error('unreachable: both are RNNs');
      return layers.layers.bidirectional({ layer, mergeMode: 'concat' });
    }
    case 'pool-over-time':
      return layers.layers.globalMaxPooling1d({});
    case 'dense': {
      const [, units = 0] = shape(op.kernel);
      const last = op.output === program.head.logits;
      return layers.layers.dense({ units, activation: last ? 'softmax' : 'linear' });
    }
    case 'input':
    case 'merge':
      return null;
    default:
      throw new Unsupported(`the tf.layers subject has no ${op.op}`);
  }
}

function makeModel({ recipe }: TrainingSpec, program: IrProgram, weights: Float32Array) {
  const { optimizer } = recipe;
  if (optimizer.kind !== 'adam') throw new Unsupported('the tf.layers subject has Adam only');
  const shape = (id: string): number[] => program.parameters.find((p) => p.id === id)?.shape ?? [];
  const model = layers.sequential({
    layers: program.ops.flatMap((op) => layerOf(program, op, shape) ?? []),
  });
  let offset = 0;
  tf.tidy(() =>
    model.setWeights(
      program.parameters.map(({ shape }) => {
        const size = shape.reduce((product, d) => product * d, 1);
        offset += size;
        return tf.tensor(weights.slice(offset - size, offset), shape);
      }),
    ),
  );
  const { learningRate, beta1, beta2, epsilon } = optimizer;
  model.compile({
    optimizer: tf.train.adam(learningRate, beta1, beta2, epsilon),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

/** @param spec as `plainCase` makes it. */
export async function prepareStockTraining(spec: TrainingSpec, given: Arrays): Promise<Prepared> {
  // TF.js' wasm backend can't train an embedding: it lacks this kernel. Ours is lent to it.
  if (tf.getBackend() === 'wasm') registerOver(unsortedSegmentSumConfig('wasm'));
  const weights = floats(given, 'weights');
  const step = async (model: layers.Sequential, i: number): Promise<number> => {
    const which = i % spec.batches.length;
    const { size, timeSteps, targets } = spec.batches[which]!;
    const x = tf.tensor2d(integers(given, `ids ${which}`), [size, timeSteps]);
    const y = tf.tensor(
      Float32Array.from(integers(given, `targets ${which}`)),
      targets === 'class' ? [size, 1] : [size, timeSteps, 1],
    );
    const result = await model.trainOnBatch(x, y);
    tf.dispose([x, y]);
    return [result].flat()[0] ?? NaN;
  };

  const checked = makeModel(spec, withoutDropout(spec.program), weights);
  const losses: number[] = [];
  for (let i = 0; i < checkedSteps; i++) losses.push(await step(checked, i));
  checked.dispose();

  const model = makeModel(spec, spec.program, weights);
  let steps = 0;
  return {
    results: { losses: Float32Array.from(losses) },
    async run() {
      await step(model, steps);
      steps++;
    },
    dispose: () => {
      model.dispose();
    },
  };
}
