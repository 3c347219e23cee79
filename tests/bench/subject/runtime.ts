/** What a TypeScript subject brings: cases made ready on a device. */
import type { Arrays } from '../arrays.js';
import type { Spec } from '../cases.js';

export interface Prepared {
  /** What came out of one computation, in our layout, for the check. */
  results: Arrays;
  /** One iteration. It may return while the device still works. */
  run(): Promise<void>;
  dispose(): void;
}

export interface Runtime {
  /** The device, e.g. `WebAssembly · SIMD`. */
  name: string;
  version: string;
  prepare(spec: Spec, inputs: Arrays): Promise<Prepared>;
  /** Waits for queued work and reports what went wrong in it. */
  drain(): Promise<void>;
}

/** A case that a subject can't do, with why. */
export class Unsupported extends Error {}
