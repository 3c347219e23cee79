/** The network's raw outputs, and probabilities from them. */
import * as tf from '@tensorflow/tfjs';

/** Row major; [B,C] or [B,T,C]. */
export async function logitsOf({ forward }, input) {
  const logits = tf.tidy(() => forward(input));
  const values = await logits.data();
  logits.dispose();
  return Float32Array.from(values);
}

export function softmax(logits) {
  const maximum = logits.reduce((a, b) => Math.max(a, b));
  const powers = Array.from(logits, (logit) => Math.exp(logit - maximum));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}
