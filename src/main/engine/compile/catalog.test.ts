import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleGraphs } from '#shared/catalog/example-graphs';
import { sampleFacts } from '#shared/graph/samples';
import type { IrProgram } from '#shared/ir/types';
import { lower } from '#shared/ir/lower';
import { openDevice } from '../devices/index.js';
import type { Device } from '../devices/types.js';
import { Random } from '../train/random.js';
import { compile, initialWeights, type ModelInput } from './model.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice('cpu');
});
afterAll(() => device.dispose());

const rowLengths = [4, 2, 1];

/** The same three rows, padded to `timeSteps` with `padding`; forecasts have full rows of 4 steps. */
function rows(program: IrProgram, timeSteps: number, padding: number): ModelInput {
  const random = new Random(3, 'rows');
  const feed = program.ops.find((op) => op.op === 'input');
  if (feed === undefined) throw new Error('no input');
  const size = rowLengths.length;
  const { shape, lengths } = program.values[feed.output]!;
  const columns = Number(shape[2] ?? 1);
  const values = new Float32Array(size * timeSteps * columns).fill(padding);
  rowLengths.forEach((length, row) => {
    for (let i = 0; i < (lengths === null ? timeSteps : length) * columns; i += 1)
      values[row * timeSteps * columns + i] =
        feed.feed === 'tokens' ? 2 + ((7 * i + row) % 50) : random.normal();
  });
  return {
    size,
    timeSteps,
    input:
      feed.feed === 'tokens'
        ? { kind: 'tokens', ids: Int32Array.from(values) }
        : { kind: 'features', values, features: columns },
    lengths: lengths === null ? null : Int32Array.from(rowLengths),
  };
}

/** Logits of real steps only. */
async function logitsOf(program: IrProgram, input: ModelInput): Promise<number[]> {
  const model = compile(program, device, initialWeights(program, 11));
  const logits = tf.tidy(() => model.forward(input, null).logits);
  const values = await logits.data();
  logits.dispose();
  model.dispose();
  const { perStep, outputs } = program.head;
  return [...values].filter((_, i) => {
    if (!perStep || input.lengths === null) return true;
    const step = Math.floor(i / outputs);
    return step % input.timeSteps < rowLengths[Math.floor(step / input.timeSteps)]!;
  });
}

describe.each(Object.keys(exampleGraphs))('%s', (block) => {
  it('computes finite scores in every example, and padding changes none by more than 1e-6', async () => {
    for (const document of exampleGraphs[block] ?? []) {
      const program = lower(document, sampleFacts(document.data.task));
      const logits = await logitsOf(program, rows(program, 4, 0));
      expect(logits.every(Number.isFinite)).toBe(true);
      expect(new Set(logits).size).toBeGreaterThan(1);
      const masked = rows(program, 4, 0).lengths !== null;
      if (!masked) continue;
      const padded = await logitsOf(program, rows(program, 6, 9));
      expect(padded).toHaveLength(logits.length);
      padded.forEach((value, i) => expect(Math.abs(value - logits[i]!)).toBeLessThan(1e-6));
    }
  });
});
