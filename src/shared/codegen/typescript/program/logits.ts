/** The network's raw outputs, and probabilities from them. */
import * as tf from '@tensorflow/tfjs';
import type { Network } from './load.ts';
import type { ModelInput } from './preprocessing.ts';

/** Row major; [B,C] or [B,T,C]. */
export async function logitsOf({ forward }: Network, input: ModelInput): Promise<Float32Array> {
  const logits = tf.tidy(() => forward(input));
  const values = await logits.data();
  logits.dispose();
  return Float32Array.from(values);
}

export function softmax(logits: Float32Array): number[] {
  const maximum = logits.reduce((a, b) => Math.max(a, b));
  const powers = Array.from(logits, (logit) => Math.exp(logit - maximum));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}
