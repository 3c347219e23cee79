import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IrHead } from '#shared/ir/types';
import type { Batch } from '../data/types.js';
import { openDevice } from '../devices/index.js';
import { Random } from './random.js';
import type { Device } from '../devices/types.js';
import { judge, lossTargets } from './loss.js';
import type { LossTargets } from './loss.js';
import { addBatch, emptyTally, scoresOf } from './metrics.js';

let device: Device;

const head = (over: Partial<IrHead>): IrHead => ({
  node: 'head',
  kind: 'next-token',
  task: 'next-token',
  logits: 'v',
  perStep: true,
  loss: 'cross-entropy',
  outputs: 3,
  ...over,
});

const stepsBatch: Batch = {
  size: 2,
  timeSteps: 2,
  input: { kind: 'tokens', ids: new Int32Array(4) },
  lengths: Int32Array.from([2, 1]),
  targets: { kind: 'steps', ids: Int32Array.from([2, 1, 0, 0]) },
};

const value = (of: IrHead, logits: tf.Tensor, targets: LossTargets): number =>
  tf.tidy(() => judge(device, of, logits, targets).loss.dataSync()[0] ?? NaN);

describe.each(['cpu', 'wasm'] as const)('on %s', (id) => {
  beforeAll(async () => {
    device = await openDevice(id);
  });
  afterAll(() => device.dispose());

  describe('the loss', () => {
    test('is the mean cross-entropy over real steps only', () => {
      const logits = tf.tensor3d([0, 0, 0, 1, 3, 1, 2, 1, 0, 9, 9, 9], [2, 2, 3]);
      const nll = (z: number[], target: number): number =>
        Math.log(z.reduce((sum, x) => sum + Math.exp(x), 0)) - (z[target] ?? 0);
      const wanted = (nll([0, 0, 0], 2) + nll([1, 3, 1], 1) + nll([2, 1, 0], 0)) / 3;
      const targets = lossTargets(head({}), stepsBatch);
      expect(targets.count).toBe(3);
      expect(value(head({}), logits, targets)).toBeCloseTo(wanted, 6);
      logits.dispose();
    });

    test('with class weights is Σ w[class]·loss over the number of real predictions, and so is its gradient', () => {
      const [rows, classes] = [5, 3];
      const random = new Random(4, 'logits');
      const z = Array.from({ length: rows * classes }, () => 3 * random.normal());
      const ids = Int32Array.from([2, 0, 1, 2, 0]);
      const mask = Float32Array.from([1, 1, 0, 1, 1]);
      const weights = [0.4, 7, 2.5];
      const count = 4;
      let wanted = 0;
      const slopes = Array.from(ids).flatMap((id, row) => {
        const scores = z.slice(row * classes, (row + 1) * classes);
        const sum = scores.reduce((all, score) => all + Math.exp(score), 0);
        const weight = ((mask[row] ?? 0) * (weights[id] ?? 0)) / count;
        wanted -= weight * Math.log(Math.exp(scores[id] ?? 0) / sum);
        return scores.map((score, k) => weight * (Math.exp(score) / sum - Number(k === id)));
      });
      const targets: LossTargets = { kind: 'ids', ids, mask, count };
      const logits = tf.tensor2d(z, [rows, classes]);
      const { value: loss, grad } = tf.tidy(() => {
        const of = (x: tf.Tensor): tf.Scalar => judge(device, head({}), x, targets, weights).loss;
        const computed = tf.valueAndGrad(of)(logits);
        return { value: computed.value.dataSync()[0] ?? NaN, grad: computed.grad.dataSync() };
      });
      logits.dispose();
      expect(loss).toBeCloseTo(wanted, 5);
      slopes.forEach((slope, i) => expect(grad[i]).toBeCloseTo(slope, 6));
    });

    test('of a next-token head on the last step takes the last real target of each row', () => {
      const targets = lossTargets(head({ perStep: false }), stepsBatch);
      expect(targets).toMatchObject({ ids: Int32Array.from([1, 0]), count: 2 });
    });

    test('stays finite and right for logits of ±1000', () => {
      const logits = tf.tensor2d([1000, -1000, 0, -1000, 1000, 0], [2, 3]);
      const targets: LossTargets = {
        kind: 'ids',
        ids: Int32Array.from([0, 0]),
        mask: Float32Array.from([1, 1]),
        count: 2,
      };
      expect(value(head({}), logits, targets)).toBeCloseTo(1000, 2);
      const gradient = tf.tidy(() =>
        Array.from(
          tf
            .grad((z: tf.Tensor) => judge(device, head({}), z, targets).loss)(logits)
            .dataSync(),
        ),
      );
      [0, 0, 0, -0.5, 0.5, 0].forEach((wanted, i) => expect(gradient[i]).toBeCloseTo(wanted, 6));
      logits.dispose();
    });

    test.each([
      ['mean-squared-error', (0.25 + 9) / 2],
      ['mean-absolute-error', (0.5 + 3) / 2],
      ['huber', (0.125 + 2.5) / 2],
    ] as const)('%s of errors 0.5 and −3 is %d', (loss, wanted) => {
      const logits = tf.tensor2d([1.5, -2], [1, 2]);
      const targets: LossTargets = {
        kind: 'values',
        values: Float32Array.from([1, 1]),
        persistence: new Float32Array(2),
        count: 1,
      };
      expect(value(head({ kind: 'regress', loss }), logits, targets)).toBeCloseTo(wanted, 6);
      logits.dispose();
    });

    test('of a batch in which nothing counts is 0, and so is its gradient', () => {
      const batch = { ...stepsBatch, lengths: Int32Array.from([0, 0]) };
      const targets = lossTargets(head({}), batch);
      const logits = tf.zeros([2, 2, 3]);
      expect(Math.abs(value(head({}), logits, targets))).toBe(0);
      logits.dispose();
    });
  });

  describe('scores', () => {
    test('count padding neither as right nor as wrong, and weigh batches by their size', () => {
      const targets = lossTargets(head({}), stepsBatch);
      const logits = tf.tensor3d([0, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 0], [2, 2, 3]);
      const predicted = tf.tidy(() => {
        const ids = judge(device, head({}), logits, targets).predicted;
        return ids instanceof tf.Tensor ? ids.dataSync() : ids;
      });
      logits.dispose();
      let tally = addBatch(emptyTally(), 1, predicted, targets, []);
      expect(scoresOf(tally, head({})).accuracy).toBeCloseTo(2 / 3);
      const one: LossTargets = {
        kind: 'ids',
        ids: Int32Array.from([1]),
        mask: Float32Array.from([1]),
        count: 1,
      };
      tally = addBatch(tally, 5, [1], one, []);
      expect(scoresOf(tally, head({}))).toMatchObject({
        loss: 2,
        accuracy: 3 / 4,
        perplexity: Math.exp(2),
      });
    });

    test('of nothing are null, not NaN', () => {
      expect(scoresOf(emptyTally(), head({}))).toEqual({
        loss: null,
        accuracy: null,
        perplexity: null,
        meanAbsoluteError: null,
        rootMeanSquaredError: null,
        persistenceMeanAbsoluteError: null,
      });
    });

    test('of a forecast undo the scaler for each target, horizon major', () => {
      const targets: LossTargets = {
        kind: 'values',
        values: Float32Array.from([0, 0, 0, 0]),
        persistence: Float32Array.from([1, 1, 1, 1]),
        count: 1,
      };
      const tally = addBatch(emptyTally(), 1, [1, -1, 2, 0], targets, [10, 100]);
      expect(scoresOf(tally, head({ task: 'forecast', loss: 'huber' }))).toMatchObject({
        meanAbsoluteError: (10 + 100 + 20 + 0) / 4,
        rootMeanSquaredError: Math.sqrt((100 + 10000 + 400) / 4),
        persistenceMeanAbsoluteError: 55,
        perplexity: null,
        accuracy: null,
      });
    });
  });
});
