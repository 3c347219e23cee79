/** A whole training step as the studio takes it: the compiled program, its optimizer and its metrics. */
import type { IrProgram } from '#shared/ir/types';
import { compile } from '../../../src/main/engine/compile/model.js';
import type { Batch } from '../../../src/main/engine/data/types.js';
import type { Device } from '../../../src/main/engine/devices/types.js';
import { addBatch, emptyTally } from '../../../src/main/engine/train/metrics.js';
import { createOptimizer } from '../../../src/main/engine/train/optimizers.js';
import type { OptimizerOptions } from '../../../src/main/engine/train/optimizers.js';
import { Random } from '../../../src/main/engine/train/random.js';
import { trainStep } from '../../../src/main/engine/train/step.js';
import { floats, integers } from '../arrays.js';
import type { Arrays } from '../arrays.js';
import type { TrainingSpec } from '../cases.js';
import type { Prepared } from './runtime.js';

/** Optimizer steps whose losses and gradient norms are compared. */
export const checkedSteps = 4;
/** A power of two, so that a plain gradient step of this rate reads back as the exact gradient. */
export const checkedRate = 64;

/** The batches as the data layer gives them. */
function batchesOf(spec: TrainingSpec, inputs: Arrays): Batch[] {
  return spec.batches.map(({ size, timeSteps, masked, targets }, i) => ({
    size,
    timeSteps,
    input: { kind: 'tokens', ids: integers(inputs, `ids ${i}`) },
    lengths: masked ? integers(inputs, `lengths ${i}`) : null,
    targets: { kind: targets, ids: integers(inputs, `targets ${i}`) },
  }));
}

export function withoutDropout(program: IrProgram): IrProgram {
  return {
    ...program,
    ops: program.ops.map((op) => {
      if (op.op === 'dropout') return { ...op, rate: 0 };
      if (op.op === 'recurrent') return { ...op, dropout: 0, recurrentDropout: 0 };
      return op;
    }),
  };
}

export async function prepareTraining(
  device: Device,
  spec: TrainingSpec,
  inputs: Arrays,
): Promise<Prepared> {
  const batches = batchesOf(spec, inputs);
  const results = await check(device, spec, inputs, batches);

  const model = compile(spec.program, device, floats(inputs, 'weights'));
  const optimizer = await createOptimizer(spec.recipe, model, device.id);
  let step = 0;
  let tally = emptyTally();
  return {
    results,
    async run() {
      const batch = batches[step % batches.length]!;
      step++;
      const result = await trainStep(model, device, optimizer, batch, {
        learningRate: spec.recipe.optimizer.learningRate,
        step,
        dropout: new Random(1, 'dropout', step),
      });
      tally = addBatch(tally, result.loss, result.predicted, result.targets, []);
    },
    dispose() {
      optimizer.dispose();
      model.dispose();
    },
  };
}

/**
 * Without dropout, which no two programs draw alike: the clipped gradient of every parameter on the first
 * batch, read off a plain gradient step, and the losses and norms of a few steps of the real optimizer.
 */
async function check(
  device: Device,
  spec: TrainingSpec,
  inputs: Arrays,
  batches: Batch[],
): Promise<Arrays> {
  const weights = floats(inputs, 'weights');
  const program = withoutDropout(spec.program);
  const train = async (
    options: OptimizerOptions,
    learningRate: number,
    steps: number,
  ): Promise<{ weights: Float32Array; losses: number[]; norms: number[] }> => {
    const model = compile(program, device, weights.slice());
    const optimizer = await createOptimizer(options, model, device.id);
    const losses: number[] = [];
    const norms: number[] = [];
    for (let step = 1; step <= steps; step++) {
      const batch = batches[(step - 1) % batches.length]!;
      const dropout = new Random(1, 'dropout', step);
      const result = await trainStep(model, device, optimizer, batch, {
        learningRate,
        step,
        dropout,
      });
      losses.push(result.loss);
      norms.push(result.gradientNorm);
    }
    await device.check();
    const after = await optimizer.weights();
    optimizer.dispose();
    model.dispose();
    return { weights: after, losses, norms };
  };

  const { recipe } = spec;
  const plain: OptimizerOptions = {
    optimizer: { kind: 'sgd', learningRate: checkedRate, momentum: 0, nesterov: false },
    clip: recipe.clip,
  };
  const moved = await train(plain, checkedRate, 1);
  const real = await train(recipe, recipe.optimizer.learningRate, checkedSteps);
  const results: Arrays = {
    losses: Float32Array.from(real.losses),
    norms: Float32Array.from(real.norms),
  };
  let offset = 0;
  for (const { id, shape } of program.parameters) {
    const size = shape.reduce((product, d) => product * d, 1);
    results[`d ${id}`] = Float32Array.from(
      { length: size },
      (_, i) => (weights[offset + i]! - moved.weights[offset + i]!) / checkedRate,
    );
    offset += size;
  }
  return results;
}
