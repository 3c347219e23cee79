/**
 * What the benchmark asks a subject (a child process, in TypeScript or Python): one JSON object a line on
 * standard input, one answer a line on standard output.
 */
import { z } from 'zod';
import type { Spec } from '../cases.js';

export type Request =
  /** Answered with `opened`; `subject` says what to run, e.g. `ours:wasm`. */
  | { ask: 'open'; subject: string; threads: number }
  /** Reads the inputs, computes once, and writes what came out; answered with `done`. */
  | { ask: 'prepare'; spec: Spec; inputs: string; outputs: string; double: boolean }
  /** Answered with `timed`: mean milliseconds of an iteration, the queue drained at the end. */
  | { ask: 'time'; iterations: number }
  /** Square matrix product; answered with `speed`. */
  | { ask: 'matmul'; size: number }
  /** Answered with `bytes`: the most memory that the process has held. */
  | { ask: 'memory' }
  /** Lets go of the prepared case; answered with `done`. */
  | { ask: 'release' };

export const answerSchema = z.discriminatedUnion('answer', [
  z.object({ answer: z.literal('opened'), name: z.string(), version: z.string() }),
  z.object({ answer: z.literal('done') }),
  z.object({ answer: z.literal('timed'), milliseconds: z.number() }),
  z.object({ answer: z.literal('speed'), gflops: z.number() }),
  z.object({ answer: z.literal('bytes'), bytes: z.number() }),
  /** The subject can't do this case: no defect. */
  z.object({ answer: z.literal('unsupported'), reason: z.string() }),
  z.object({ answer: z.literal('failed'), message: z.string() }),
]);
export type Answer = z.infer<typeof answerSchema>;
