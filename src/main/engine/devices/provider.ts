/** What each device file brings: a look at the device without using it, and the device itself. */
import * as tf from '@tensorflow/tfjs-core';
import type { DeviceId } from '#shared/ipc/devices';
import type { RecurrentLayer } from '#shared/run/fallbacks';
import type { CrossEntropyKernel } from '../kernels/cross-entropy.js';
import type { LayerNormKernel } from '../kernels/layer-norm.js';
import type { RecurrentKernel } from '../kernels/recurrent.js';

export type Probe =
  | { available: true; name: string; software: boolean }
  /** `reason`: why not, as a sentence that says what to do. */
  | { available: false; name: string; reason: string };

export interface OpenedBackend {
  name: string;
  recurrent: RecurrentKernel;
  /** What this machine adds to `recurrentFallback`. Left out: nothing. */
  fallback?(layer: RecurrentLayer): string | null;
  /** Left out: TF.js' ops. */
  crossEntropy?: CrossEntropyKernel;
  /** Left out: TF.js' ops. */
  layerNorm?: LayerNormKernel;
  /** Left out: nothing beside TF.js' tensors. */
  held?(): Record<string, number>;
  check(): Promise<void>;
  dispose(): Promise<void>;
}

export interface OpenOptions {
  /** Threads that a person asked for; null leaves the number to the device. */
  threads: number | null;
}

export interface DeviceProvider {
  id: DeviceId;
  /** Why `auto` takes another although it is available. Left out: that one is faster. */
  passedOver?: string;
  /** Never throws, never hangs; may be called often. */
  probe(): Promise<Probe>;
  /** Makes it TF.js' backend, with our kernels registered. Called after a probe that said `available`. */
  open(options: OpenOptions): Promise<OpenedBackend>;
}

/** Makes `backend` the current one; throws when TF.js could not initialise it. */
export async function useBackend(backend: string): Promise<void> {
  if (!(await tf.setBackend(backend))) {
    throw new Error(`TF.js could not initialise its ${backend} backend`);
  }
  await tf.ready();
}

/** The first line of what was thrown, for a reason that fits on one line. */
export function firstLine(thrown: unknown): string {
  const text =
    typeof thrown === 'object' && thrown !== null && 'message' in thrown
      ? String(thrown.message)
      : String(thrown);
  return (text.split('\n')[0] ?? '').trim();
}

/** The promise, or an error where it takes longer: a probe must never hang. */
export async function within<T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what} did not answer within ${milliseconds / 1000} s.`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
