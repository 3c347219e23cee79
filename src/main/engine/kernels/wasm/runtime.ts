/** The compiled kernels with their memory and threads. */
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { maximumThreads } from '#shared/settings';
import { Arena } from './arena.js';
import { binaries } from './binaries.js';
import { manyThreads, oneThread, phases } from './threads.js';
import type { Phase, PhaseFunction, Team } from './threads.js';

const maximumPages = 32768;
/** Set to a number to use that many threads, whatever the settings say. */
const threadsVariable = 'UNROLL_THREADS';

export interface KernelRuntime {
  memory: WebAssembly.Memory;
  arena: Arena;
  team: Team;
  /** Rows of a product's tile, the faster of 4 and 6 here. No result depends on it. */
  tileRows: 4 | 6;
  /** Bytes of scratch that a share of the `weights` phase needs. */
  transposedScratch(operandRows: number, gateRows: number): number;
  /** Bytes of scratch that a share of `matMul` needs. */
  matMulScratch(): number;
  /** Partial sums, two float64 each, that `squares` makes of so many values. */
  squareChunks(size: number): number;
  dispose(): Promise<void>;
}

type Exports = Record<Phase, PhaseFunction> & {
  transposedScratch(operandRows: number, gateRows: number): number;
  matMulScratch(): number;
  squareChunks(size: number): number;
  probe(tileRows: number, at: number): void;
};

const bytesOf = (name: keyof typeof binaries): Uint8Array =>
  Uint8Array.from(Buffer.from(binaries[name], 'base64'));

/** The best build that this V8 accepts; null where it has no SIMD. */
function chooseBuild(): { bytes: Uint8Array; shared: boolean } | null {
  if (!('SharedArrayBuffer' in globalThis)) {
    const bytes = bytesOf('unshared');
    return WebAssembly.validate(bytes) ? { bytes, shared: false } : null;
  }
  const relaxed = bytesOf('relaxed');
  // Off by default before V8 11.4 (Node 20); an unknown flag would only print a line.
  if (!WebAssembly.validate(relaxed)) setFlagsFromString('--experimental-wasm-relaxed-simd');
  if (WebAssembly.validate(relaxed)) return { bytes: relaxed, shared: true };
  const portable = bytesOf('portable');
  return WebAssembly.validate(portable) ? { bytes: portable, shared: true } : null;
}

function hasKernels(exports: WebAssembly.Exports): exports is Exports & WebAssembly.Exports {
  return [...phases, 'transposedScratch', 'matMulScratch', 'squareChunks', 'probe'].every(
    (name) => typeof exports[name] === 'function',
  );
}

function threadsWanted(setting: number | null): number {
  const asked = Number(process.env[threadsVariable]);
  if (Number.isInteger(asked) && asked >= 1) return Math.min(asked, maximumThreads);
  return Math.min(setting ?? availableParallelism(), maximumThreads);
}

/** Null where this runtime has no WebAssembly SIMD. `setting`: threads that a person asked for. */
export async function openKernelRuntime(
  setting: number | null = null,
): Promise<KernelRuntime | null> {
  const build = chooseBuild();
  if (build === null) return null;
  const module = await WebAssembly.compile(build.bytes);
  const memory = new WebAssembly.Memory({
    initial: 16,
    maximum: maximumPages,
    shared: build.shared,
  });
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  if (!hasKernels(exports)) throw new Error('the WebAssembly kernels lack an export');
  const arena = new Arena(memory);
  const threads = threadsWanted(setting);
  const team =
    build.shared && threads > 1
      ? manyThreads(threads, exports, module, memory)
      : oneThread(exports);
  return {
    memory,
    arena,
    team,
    tileRows: fasterTile(exports, arena),
    transposedScratch: exports.transposedScratch,
    matMulScratch: exports.matMulScratch,
    squareChunks: exports.squareChunks,
    dispose: () => team.dispose(),
  };
}

/** V8's register allocation decides; a millisecond or two. */
function fasterTile({ probe }: Exports, arena: Arena): 4 | 6 {
  const block = arena.allocate(2 ** 18);
  const time = (tileRows: number): number => {
    let best = Infinity;
    for (let i = 0; i < 12; i++) {
      const start = performance.now();
      probe(tileRows, block.at);
      best = Math.min(best, performance.now() - start);
    }
    return best;
  };
  // Twice, since V8 first compiles quickly and then well.
  time(4);
  time(6);
  const [four, six] = [time(4), time(6)];
  arena.release(block);
  return four <= six ? 4 : 6;
}
