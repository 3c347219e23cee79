/**
 * TensorFlow without CUDA knows cuDNN's ops but cannot run them: the layer still runs, and the reason is
 * told. What stands around the ops runs for real.
 */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDevice } from '../../src/main/engine/devices/index.js';
import type { Device } from '../../src/main/engine/devices/types.js';
import { attributesOf, makeCase } from '../../src/main/engine/kernels/recurrent-cases.js';
import type { CaseOptions } from '../../src/main/engine/kernels/recurrent-cases.js';
import { cudnnRecurrent } from '../../src/main/engine/kernels/tensorflow/cudnn.js';
import { TensorflowOps } from '../../src/main/engine/kernels/tensorflow/ops.js';
import { TrustedCudnn } from '../../src/main/engine/kernels/tensorflow/trusted-cudnn.js';
import { expectAgreement } from './agreement.js';
import { SimulatedCudnn } from './simulated-cudnn.js';

let device: Device;
let ops: TensorflowOps;
beforeAll(async () => {
  device = await openDevice('tensorflow');
  ops = new TensorflowOps(tf.backend());
});
afterAll(() => device.dispose());

const options: CaseOptions = {
  variant: 'lstm',
  batch: 5,
  timeSteps: 6,
  features: 4,
  units: 7,
  reverse: true,
  lengths: [6, 0, 3, 1, 5],
  bias: true,
  initialState: true,
  masks: false,
  upstream: { sequence: true, last: true, finalState: true },
  seed: 3,
};
const covered = ['rnn-tanh', 'rnn-relu', 'lstm', 'gru-after'] as const;

test.each(covered)('%s: without CUDA the layer runs step by step and says why', async (variant) => {
  const before = device.memory();
  const trusted = new TrustedCudnn(ops);
  expect(trusted.fallback({ ...attributesOf(variant, 1, false), recurrentDropout: 0 })).toMatch(
    /^Runs step by step on tensorflow-gpu: cuDNN’s .* fails here \(Could not find device for node: .*CudnnRNNV3/,
  );
  const one = makeCase({ ...options, variant });
  await expectAgreement(device, trusted.recurrent, one);
  expect(device.memory()).toEqual(before);
});

test('cuDNN’s gradient alone fails in JavaScript too, and leaves nothing behind', () => {
  const before = device.memory();
  tf.tidy(() => {
    const [sequence, state] = [tf.zeros<tf.Rank.R3>([2, 3, 4]), tf.zeros<tf.Rank.R3>([2, 1, 4])];
    expect(() =>
      ops.cudnnBackward(
        'lstm',
        {
          input: sequence,
          h: state,
          c: state,
          params: tf.zeros([160]),
          lengths: tf.tensor1d([3, 1], 'int32'),
        },
        { sequence, h: state, c: state, reserve: tf.zeros([1]) },
        { sequence, h: state, c: state },
      ),
    ).toThrow(/CudnnRNNBackpropV3/);
  });
  expect(device.memory()).toEqual(before);
});

test.each(covered)('%s: TensorFlow’s ReverseSequence turns rows as asked', async (variant) => {
  class TurnedByTensorflow extends SimulatedCudnn {
    override reverseSequence = ops.reverseSequence.bind(ops);
  }
  const one = makeCase({ ...options, variant });
  await expectAgreement(device, cudnnRecurrent(new TurnedByTensorflow()), one);
});
