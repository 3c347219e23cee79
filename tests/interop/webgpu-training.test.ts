/** Whole training steps on WebGPU (through SwiftShader): the same numbers as on the cpu, and what they cost. */
import { beforeAll, describe, expect, test } from 'vitest';
import { optimizerSchema } from '#shared/training/recipe';
import { compile, initialWeights } from '../../src/main/engine/compile/model.js';
import { classifierProgram } from '../../src/main/engine/compile/sample-programs.js';
import type { Batch } from '../../src/main/engine/data/types.js';
import { openDevice } from '../../src/main/engine/devices/index.js';
import { largestDifference } from '../../src/main/engine/kernels/recurrent-cases.js';
import { createOptimizer } from '../../src/main/engine/train/optimizers.js';
import { Random } from '../../src/main/engine/train/random.js';
import { trainStep } from '../../src/main/engine/train/step.js';
import { countGpuWork } from './gpu-counts.js';
import type { GpuCounts } from './gpu-counts.js';
import { useSoftwareGpu } from './software-gpu.js';

const vocabulary = 20;
const classes = 3;
const timeSteps = 16;
const lengths = Int32Array.of(16, 3, 9, 16, 1, 12);
const size = lengths.length;
const program = classifierProgram(vocabulary, classes, 0.2);
const warmUp = 5;

const batch: Batch = {
  size,
  timeSteps,
  lengths,
  input: {
    kind: 'tokens',
    ids: Int32Array.from({ length: size * timeSteps }, (_, i) => (i * 7) % vocabulary),
  },
  targets: { kind: 'class', ids: Int32Array.from({ length: size }, (_, row) => row % classes) },
};

/** Embedding → LSTM with dropout → dense, Adam with clipping. */
async function train(id: 'cpu' | 'webgpu'): Promise<{
  losses: number[];
  norms: number[];
  weights: Float32Array;
  /** Of one more step; on webgpu only. */
  counts: GpuCounts | null;
}> {
  const device = await openDevice(id);
  const model = compile(program, device, initialWeights(program, 1));
  const recipe = {
    optimizer: optimizerSchema.parse({ kind: 'adam', learningRate: 0.01 }),
    clip: { norm: 0.5, value: null },
  };
  const optimizer = await createOptimizer(recipe, model, device.id);
  const losses: number[] = [];
  const norms: number[] = [];
  const step = async (): Promise<void> => {
    const result = await trainStep(model, device, optimizer, batch, {
      learningRate: 0.01,
      step: losses.length + 1,
      dropout: new Random(1, 'dropout', losses.length + 1),
    });
    losses.push(result.loss);
    norms.push(result.gradientNorm);
  };
  for (let i = 0; i < warmUp; i++) await step();
  const weights = await optimizer.weights();
  const counts = id === 'webgpu' ? await countGpuWork(step) : null;
  await device.check();
  optimizer.dispose();
  model.dispose();
  await device.dispose();
  return { losses: losses.slice(0, warmUp), norms: norms.slice(0, warmUp), weights, counts };
}

describe('training on webgpu', () => {
  let cpu: Awaited<ReturnType<typeof train>>;
  let webgpu: Awaited<ReturnType<typeof train>>;
  beforeAll(async () => {
    useSoftwareGpu();
    cpu = await train('cpu');
    webgpu = await train('webgpu');
  });

  test("five steps give the cpu's losses, gradient norms and weights to 1e-4", () => {
    const values = ({ losses, norms, weights }: typeof cpu) => ({ losses, norms, weights });
    const [difference, where] = largestDifference(values(webgpu), values(cpu));
    expect(difference, where).toBeLessThan(1e-4);
  });

  test('a step over 16 time steps and 6 variables is at most 85 dispatches in 4 submits', () => {
    expect(webgpu.counts?.dispatches).toBeLessThanOrEqual(85);
    expect(webgpu.counts?.submits).toBeLessThanOrEqual(4);
  });
});
