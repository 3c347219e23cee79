/**
 * Nothing grows while a device trains and predicts: tensors, the kernels' WebAssembly memory, GPU buffers
 * (through SwiftShader), TensorFlow's own tensors, and threads, which a closed device leaves none of.
 */
import * as tf from '@tensorflow/tfjs-core';
import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { optimizerSchema } from '#shared/training/recipe';
import { compile, initialWeights } from '../../src/main/engine/compile/model.js';
import { ProgramBuilder, classDataset } from '../../src/main/engine/compile/sample-programs.js';
import { openDevice } from '../../src/main/engine/devices/index.js';
import type { Device } from '../../src/main/engine/devices/types.js';
import { infer } from '../../src/main/engine/predict/infer.js';
import { createOptimizer } from '../../src/main/engine/train/optimizers.js';
import { Random } from '../../src/main/engine/train/random.js';
import { evaluate, trainStep } from '../../src/main/engine/train/step.js';
import { useSoftwareGpu } from './software-gpu.js';

const vocabulary = 30;
const classes = 3;
const rows = Array.from({ length: 24 }, (_, row) =>
  Array.from({ length: 1 + ((row * 3) % 5) }, (_, step) => (row * 7 + step) % vocabulary),
);
const dataset = classDataset(
  rows,
  rows.map((_, row) => row % classes),
);
/** Three shapes of batches, each with unequal lengths. */
const batches = [0, 8, 16].map((from) =>
  dataset.batch(Array.from({ length: 8 }, (_, i) => from + i)),
);

/** Every cell, with dropout of both kinds and read in both directions. */
function program() {
  const units = 24;
  const b = new ProgramBuilder(true);
  const embedded = b.embedding(b.input('tokens'), vocabulary, units);
  const rnn = b.recurrent(embedded, units, units, { cell: 'rnn', recurrentDropout: 0.1 });
  const lstm = b.recurrent(rnn.sequence, units, units, { cell: 'lstm', dropout: 0.1 });
  const { last } = b.recurrent(lstm.sequence, units, units, { cell: 'gru', reverse: true });
  return b.program({
    kind: 'classify',
    task: 'classification',
    logits: b.dense(last, units, classes),
    perStep: false,
    loss: 'cross-entropy',
    outputs: classes,
  });
}

/** Linux: every thread of this process, whoever made it. */
const threads = (): number => readdirSync('/proc/self/task').length;

const devices =
  process.env['UNROLL_TENSORFLOW'] === undefined
    ? (['cpu', 'wasm', 'webgpu'] as const)
    : (['tensorflow'] as const);

describe.each(devices)('%s', (id) => {
  beforeAll(useSoftwareGpu);

  async function measured(device: Device) {
    await device.check();
    return { ...device.memory(), dataIds: tf.memory().numDataBuffers };
  }

  test('after two rounds, 51 training steps with evaluations and predictions hold nothing more', async () => {
    const device = await openDevice(id);
    const before = await measured(device);
    const model = compile(program(), device, initialWeights(program(), 1));
    const recipe = {
      optimizer: optimizerSchema.parse({ kind: 'adam', learningRate: 0.01 }),
      clip: { norm: 1, value: null },
    };
    const optimizer = await createOptimizer(recipe, model, device.id);
    let step = 0;
    const round = async (): Promise<void> => {
      for (const batch of batches) {
        step++;
        await trainStep(model, device, optimizer, batch, {
          learningRate: 0.01,
          step,
          dropout: new Random(1, 'dropout', step),
        });
      }
      await evaluate(model, device, dataset, 8, []);
      for (const row of rows.slice(0, 2)) {
        const ids = Int32Array.from(row);
        const input = { kind: 'tokens', ids } as const;
        await infer(model, { size: 1, timeSteps: ids.length, input, lengths: null });
      }
    };

    for (let i = 0; i < 2; i++) await round();
    const warm = { ...(await measured(device)), threads: threads() };
    for (let i = 0; i < 17; i++) await round();
    expect({ ...(await measured(device)), threads: threads() }).toEqual(warm);

    optimizer.dispose();
    model.dispose();
    const { tensors, tensorBytes, dataIds } = await measured(device);
    expect({ tensors, tensorBytes, dataIds }).toEqual({
      tensors: before.tensors,
      tensorBytes: before.tensorBytes,
      dataIds: before.dataIds,
    });
    await device.dispose();
  });

  test('opened and closed again and again, it leaves no thread behind', async () => {
    const openAndClose = async (): Promise<void> => {
      const device = await openDevice(id);
      const model = compile(program(), device, initialWeights(program(), 1));
      await infer(model, { ...batches[0]!, lengths: null });
      model.dispose();
      await device.dispose();
    };
    // What a backend starts once, such as the threads of a driver, stays.
    await openAndClose();
    const first = threads();
    for (let i = 0; i < 4; i++) await openAndClose();
    // A worker's thread ends a moment after its promise says so.
    await vi.waitFor(() => expect(threads()).toBeLessThanOrEqual(first), { timeout: 5000 });
  });
});
