/** Files and TensorFlow under Node. */
import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs';

/** This folder; compiled programs lie one below it. */
const root = new URL(import.meta.url.endsWith('.ts') ? '.' : '..', import.meta.url);

export const fileUrl = (name: string): URL => new URL(name, root);

export const read = (name: string): Promise<Uint8Array> => readFile(fileUrl(name));

/** TensorFlow's C library where `@tensorflow/tfjs-node` is installed: many times as fast. */
export async function chooseBackend(): Promise<string> {
  const fast = '@tensorflow/tfjs-node';
  await import(fast).catch(() => tf.setBackend('cpu'));
  await tf.ready();
  return tf.getBackend();
}
