/**
 * Tests only: the TF.js operations that layers, losses and optimizers are made of, to be compared
 * between devices, forward and backward. Stock kernels count too: what a backend lacks or gets wrong
 * has to show in a test, not in a training curve.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Device } from '../devices/types.js';
import { randomArray } from './recurrent-cases.js';
import type { Results } from './recurrent-cases.js';

export interface Operation {
  run: (inputs: Tensor[], device: Device) => Tensor;
  shapes: number[][];
}

const unary = (run: (x: Tensor) => Tensor): Operation => ({
  run: ([x]) => run(x!),
  shapes: [[2, 3, 4]],
});
const positive = (run: (x: Tensor) => Tensor): Operation =>
  unary((x) => run(tf.add(tf.abs(x), 0.1)));
const binary = (run: (a: Tensor, b: Tensor) => Tensor, a: number[], b: number[]): Operation => ({
  run: ([x, y]) => run(x!, y!),
  shapes: [a, b],
});
const cube = [2, 3, 4];
const mask = (): Tensor => tf.tensor3d([1, 1, 0, 1, 0, 0], [2, 3, 1], 'bool');

const layerNorm = (shape: number[], mean = 0): Operation => ({
  run: ([x, gamma, beta], device) => device.layerNorm(tf.add(x!, mean), gamma!, beta!, 1e-5),
  shapes: [shape, shape.slice(-1), shape.slice(-1)],
});

const sequences = (x: Tensor): tf.Tensor3D => tf.reshape<tf.Rank.R3>(x, [2, 6, 3]);
const images = (x: Tensor): tf.Tensor4D => tf.reshape<tf.Rank.R4>(x, [2, 6, 5, 3]);

export const operations: Record<string, Operation> = {
  'embedding lookup with repeated ids': {
    run: ([table]) =>
      tf.gather(
        table!,
        tf.tensor2d(
          [
            [0, 2, 1],
            [3, 3, 0],
          ],
          [2, 3],
          'int32',
        ),
      ),
    shapes: [[5, 4]],
  },
  'gather along time': unary((x) => tf.gather(x, tf.tensor1d([2, 0, 2], 'int32'), 1)),
  matMul: binary((a, b) => tf.matMul(a, b), [3, 4], [4, 5]),
  'matMul, both transposed': binary((a, b) => tf.matMul(a, b, true, true), [4, 3], [5, 4]),
  'batched matMul': binary((a, b) => tf.matMul(a, b), [2, 3, 4], [2, 4, 5]),
  'batched matMul, transposed': binary(
    (a, b) => tf.matMul(a, b, false, true),
    [2, 3, 4],
    [2, 5, 4],
  ),
  softmax: unary((x) => tf.softmax(x)),
  'masked softmax': unary((x) => tf.softmax(tf.where(mask(), x, tf.fill(cube, -1e9)), 2)),
  logSoftmax: unary((x) => tf.logSoftmax(x)),
  logSumExp: unary((x) => tf.logSumExp(x, -1)),
  tanh: unary(tf.tanh),
  sigmoid: unary(tf.sigmoid),
  relu: unary(tf.relu),
  erf: unary(tf.erf),
  exp: unary(tf.exp),
  square: unary(tf.square),
  abs: unary(tf.abs),
  neg: unary(tf.neg),
  clip: unary((x) => tf.clipByValue(x, -0.5, 0.5)),
  log: positive(tf.log),
  sqrt: positive(tf.sqrt),
  rsqrt: positive(tf.rsqrt),
  pow: positive((x) => tf.pow(x, 2.5)),
  'add with broadcast': binary(tf.add, cube, [4]),
  'sub with broadcast': binary(tf.sub, cube, [2, 3, 1]),
  'mul with broadcast': binary(tf.mul, cube, [2, 3, 1]),
  'div with broadcast': binary((a, b) => tf.div(a, tf.add(tf.abs(b), 0.5)), cube, [4]),
  addN: binary((a, b) => tf.addN([a, b]), cube, cube),
  maximum: binary(tf.maximum, cube, cube),
  minimum: binary(tf.minimum, cube, cube),
  squaredDifference: binary(tf.squaredDifference, cube, cube),
  where: binary((a, b) => tf.where(tf.broadcastTo(mask(), cube), a, b), cube, cube),
  'cast of a mask': unary((x) => tf.mul(x, tf.cast(mask(), 'float32'))),
  'one-hot': unary((x) => tf.mul(x, tf.oneHot(tf.tensor1d([0, 2, 1], 'int32'), 4))),
  concat: binary((a, b) => tf.concat([a, b], 2), cube, [2, 3, 2]),
  slice: unary((x) => tf.slice(x, [0, 1, 0], [2, 1, 4])),
  split: unary((x) => tf.split(x, 2, 2)[1]!),
  stack: binary((a, b) => tf.stack([a, b], 1), cube, cube),
  unstack: unary((x) => tf.unstack(x, 1)[1]!),
  pad: unary((x) =>
    tf.pad(x, [
      [0, 0],
      [1, 2],
      [0, 0],
    ]),
  ),
  tile: unary((x) => tf.tile(x, [1, 2, 1])),
  reverse: unary((x) => tf.reverse(x, 1)),
  reshape: unary((x) => tf.reshape(x, [6, 4])),
  transpose: unary((x) => tf.transpose(x, [1, 0, 2])),
  'sum over time': unary((x) => tf.sum(x, 1)),
  'mean over time': unary((x) => tf.mean(x, 1)),
  'max over time': unary((x) => tf.max(x, 1)),
  'masked max over time': unary((x) => tf.max(tf.where(mask(), x, tf.fill(cube, -1e9)), 1)),
  'variance (layer norm)': unary((x) => tf.moments(x, -1).variance),
  norm: unary((x) => tf.norm(x)),
  'layer norm of one value': layerNorm([5, 1]),
  'layer norm of 3 values': layerNorm([4, 3]),
  'layer norm of 5 values over time': layerNorm([2, 3, 5]),
  'layer norm of 127 values': layerNorm([9, 127]),
  'layer norm of 128 values, one row': layerNorm([1, 128]),
  'layer norm of many rows': layerNorm([13, 41, 128]),
  'layer norm far from 0': layerNorm([7, 9], 30),
  conv1d: binary(
    (x, w) => tf.conv1d(sequences(x), tf.reshape<tf.Rank.R3>(w, [3, 3, 4]), 1, 'same'),
    [2, 6, 3],
    [3, 3, 4],
  ),
  'conv2d, stride 2': binary(
    (x, w) => tf.conv2d(images(x), tf.reshape<tf.Rank.R4>(w, [3, 2, 3, 4]), 2, 'same'),
    [2, 6, 5, 3],
    [3, 2, 3, 4],
  ),
  'depthwise conv2d': binary(
    (x, w) => tf.depthwiseConv2d(images(x), tf.reshape<tf.Rank.R4>(w, [3, 3, 3, 2]), 1, 'same'),
    [2, 6, 5, 3],
    [3, 3, 3, 2],
  ),
  'depthwise conv2d, stride 2, valid': binary(
    (x, w) => tf.depthwiseConv2d(images(x), tf.reshape<tf.Rank.R4>(w, [3, 2, 3, 1]), 2, 'valid'),
    [2, 6, 5, 3],
    [3, 2, 3, 1],
  ),
  'max pooling of negative values': {
    run: ([x]) => tf.maxPool(images(tf.sub(x!, 2)), [3, 2], 2, 'same'),
    shapes: [[2, 6, 5, 3]],
  },
  'average pooling': {
    run: ([x]) => tf.avgPool(images(x!), 2, 2, 'same'),
    shapes: [[2, 6, 5, 3]],
  },
};

/** Output and all input gradients of Σ output ⊙ weights, on the device that is open. */
export async function evaluate({ run, shapes }: Operation, device: Device): Promise<Results> {
  const random = randomArray(11);
  const kept = tf.tidy(() => {
    const inputs = shapes.map((shape) =>
      tf.tensor(Float32Array.from(random(shape.reduce((a, b) => a * b))), shape),
    );
    const output = run(inputs, device);
    const weights = tf.tensor(Float32Array.from(random(output.size)), output.shape);
    const gradients = tf.grads((...given: Tensor[]) => tf.sum(tf.mul(run(given, device), weights)))(
      inputs,
    );
    return [output, ...gradients];
  });
  const values = await Promise.all(kept.map((one) => one.data()));
  tf.dispose(kept);
  return Object.fromEntries(
    values.map((array, i) => [i === 0 ? 'output' : `gradient ${i}`, array]),
  );
}
