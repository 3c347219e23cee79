/**
 * Recorded inputs with our outputs, the proof that an export carries: `recorded.safetensors` and
 * `recorded.json`. What verifies an export reads these two and nothing else of ours.
 */
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { Model, ModelInput } from '../compile/model.js';
import type { SampleInput } from '../data/samples.js';
import { writeJson, writeWhole } from '../train/files.js';
import { encodeSafetensors } from './safetensors.js';
import type { Tensor } from './safetensors.js';

export interface Generated {
  prompt_ids: number[];
  /** The tokens that follow when the most probable one is always taken. */
  ids: number[];
  prompt: string;
  text: string;
}

export interface RunOrigin {
  id: string;
  device: string;
  /** ISO 8601. */
  created: string;
  studio_version: string;
}

export interface Recording {
  input: ModelInput;
  /** One for each row of `input`. */
  inputs: SampleInput[];
  outputs: Tensor;
  /** Of a next-token network; null otherwise. */
  generated: Generated | null;
  run: RunOrigin;
}

/** Largest difference over largest magnitude that an export may show. */
export const tolerance = 1e-5;

/** Greedy steps that a language model's export must repeat. */
export const generatedTokens = 50;

/** Our logits [N,C] or [N,T,C], without dropout. */
export async function outputsOf(model: Model, input: ModelInput): Promise<Tensor> {
  const logits = tf.tidy(() => tf.clone(model.forward(input, null).logits));
  const values = Float32Array.from(await logits.data());
  logits.dispose();
  return { shape: logits.shape, values };
}

/** Rows as tensors: `ids` [N,T] or `features` [N,T,F], and `lengths` [N]. */
export function inputTensors({ size, timeSteps, input, lengths }: ModelInput): [string, Tensor][] {
  return [
    input.kind === 'tokens'
      ? ['ids', { shape: [size, timeSteps], values: input.ids }]
      : ['features', { shape: [size, timeSteps, input.features], values: input.values }],
    ['lengths', { shape: [size], values: lengths ?? new Int32Array(size).fill(timeSteps) }],
  ];
}

export async function writeRecording(folder: string, recording: Recording): Promise<void> {
  const { input, inputs, outputs, generated, run } = recording;
  await writeWhole(
    join(folder, 'recorded.safetensors'),
    encodeSafetensors([...inputTensors(input), ['outputs', outputs]]),
  );
  const rows = input.size;
  await writeJson(join(folder, 'recorded.json'), { rows, tolerance, inputs, generated, run });
}
