/**
 * Runs a phase's shares on this thread and on workers over the same memory. Whoever is free claims the
 * next share, so a worker that the system doesn't schedule delays nothing that it hasn't begun. Waiting
 * spins for a bounded while, then sleeps: endless spinning collapses on a busy machine.
 */
import { Worker } from 'node:worker_threads';

export const phases = [
  'prepare',
  'forward',
  'backward',
  'weights',
  'matMul',
  'crossEntropy',
  'layerNorm',
  'layerNormBackward',
  'squares',
  'adam',
] as const;
export type Phase = (typeof phases)[number];

/** Runs one share of a phase: (run, share, shares). */
export type PhaseFunction = (run: number, share: number, shares: number) => void;

export interface Team {
  readonly size: number;
  /** Returns when all shares are done. */
  run(phase: Phase, run: number, shares: number): void;
  dispose(): Promise<void>;
}

/** Slots of the shared control array. */
const slot = { generation: 0, left: 1, done: 2, phase: 3, run: 4, shares: 5, failed: 6, quit: 7 };

/** Some 20 µs. */
const spins = 2000;

// Plain JavaScript in a string: it needs no file that a bundler or a test runner would have to find.
// A share is claimed by counting `left` down, which is the last thing that the owner sets: who gets a
// positive number sees the fields that belong to it.
const workerSource = `
const { workerData } = require('node:worker_threads');
const { module, memory, control, slot, spins, phases } = workerData;
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
let seen = 0;
for (;;) {
  for (let i = 0; i < spins && Atomics.load(control, slot.generation) === seen; i++);
  Atomics.wait(control, slot.generation, seen);
  seen = Atomics.load(control, slot.generation);
  if (Atomics.load(control, slot.quit) === 1) break;
  for (let left = 0; (left = Atomics.sub(control, slot.left, 1)) > 0; ) {
    try {
      exports[phases[control[slot.phase]]](control[slot.run], left - 1, control[slot.shares]);
    } catch {
      Atomics.store(control, slot.failed, 1);
    }
    Atomics.add(control, slot.done, 1);
    Atomics.notify(control, slot.done);
  }
}
`;

export function oneThread(functions: Record<Phase, PhaseFunction>): Team {
  return {
    size: 1,
    run(phase, run, shares) {
      for (let share = 0; share < shares; share++) functions[phase](run, share, shares);
    },
    dispose: async () => {},
  };
}

/** @param size threads in all, this one included; at least 2. The memory is shared. */
export function manyThreads(
  size: number,
  functions: Record<Phase, PhaseFunction>,
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Team {
  const control = new Int32Array(new SharedArrayBuffer(Object.keys(slot).length * 4));
  const workers = Array.from({ length: size - 1 }, () => {
    const worker = new Worker(workerSource, {
      eval: true,
      name: 'kernels',
      workerData: { module, memory, control, slot, spins, phases },
    });
    // The process may end while they wait.
    worker.unref();
    return worker;
  });
  return {
    size,
    run(phase, run, shares) {
      if (shares === 1) {
        functions[phase](run, 0, 1);
        return;
      }
      control[slot.phase] = phases.indexOf(phase);
      control[slot.run] = run;
      control[slot.shares] = shares;
      Atomics.store(control, slot.done, 0);
      Atomics.store(control, slot.left, shares);
      Atomics.add(control, slot.generation, 1);
      Atomics.notify(control, slot.generation);
      for (;;) {
        const left = Atomics.sub(control, slot.left, 1);
        if (left <= 0) break;
        functions[phase](run, left - 1, shares);
        Atomics.add(control, slot.done, 1);
      }
      for (let i = 0; i < spins && Atomics.load(control, slot.done) < shares; i++);
      for (;;) {
        const done = Atomics.load(control, slot.done);
        if (done === shares) break;
        Atomics.wait(control, slot.done, done);
      }
      if (Atomics.exchange(control, slot.failed, 0) === 1) {
        throw new Error(`the kernels' phase "${phase}" failed on a worker thread`);
      }
    },
    async dispose() {
      Atomics.store(control, slot.quit, 1);
      Atomics.add(control, slot.generation, 1);
      Atomics.notify(control, slot.generation);
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
