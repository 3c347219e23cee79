/** Who takes part, and how each is started. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listDevices } from '../../src/main/engine/devices/index.js';
import type { Command } from './child.js';
import kerasProgram from './python/keras_subject.py?raw';
import pytorchProgram from './python/pytorch_subject.py?raw';

export interface SubjectInfo {
  /** As `--subject` takes it: `ours:wasm`, `ours:wasm@2`, `torch:cpu@1`. The part behind @ is threads. */
  id: string;
  threads: number;
  label: string;
  family: 'ours' | 'stock' | 'torch' | 'keras';
  /** What its speed is a share of. */
  processor: 'cpu' | 'gpu';
  /** Plain JavaScript, or a GPU imitated in software: gets small cases only, unless asked for. */
  slow: boolean;
  /** Largest difference that passes, of the largest value of an array. */
  tolerance: number;
  command: Command;
}

export interface FindOptions {
  folder: string;
  /** Node that runs the TypeScript subjects. */
  node: string;
}

const tolerance = 1e-4;
/** TF32 has 10 bits of mantissa. */
const tf32Tolerance = 2e-2;

export async function findSubjects(options: FindOptions): Promise<SubjectInfo[]> {
  const cores = availableParallelism();
  const threadCounts = cores > 1 ? [1, 2] : [1];
  const found: SubjectInfo[] = [];
  for (const device of (await listDevices()).filter(({ available }) => available)) {
    const processor = /gpu/.test(device.id) && !device.software ? 'gpu' : 'cpu';
    const slow = device.id === 'cpu' || device.software;
    const base = { processor, slow, tolerance } as const;
    const counts = device.id === 'wasm' ? threadCounts : [cores];
    for (const threads of counts) {
      found.push({
        ...base,
        id: device.id === 'wasm' ? `ours:wasm@${threads}` : `ours:${device.id}`,
        label: `ours, ${device.id}${device.id === 'wasm' ? threadsText(threads) : ''}`,
        threads,
        family: 'ours',
        command: typescript(options, threads),
      });
    }
    found.push({
      ...base,
      id: `stock:${device.id}`,
      label: `tf.layers, ${device.id}`,
      threads: cores,
      family: 'stock',
      command: typescript(options, cores),
    });
  }
  found.push(...findPython(options, threadCounts));
  const order = ['ours', 'stock', 'torch', 'keras'];
  return found.sort((a, b) => order.indexOf(a.family) - order.indexOf(b.family));
}

const threadsText = (threads: number): string =>
  `, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;

function typescript({ node }: FindOptions, threads: number): Command {
  const program = fileURLToPath(new URL('./subject.mjs', import.meta.url));
  return { program: node, args: [program], env: { UNROLL_THREADS: String(threads) } };
}

const pythons = [process.env['UNROLL_PYTHON'], '/usr/bin/python3', 'python3'];

/** A Python that runs this, and what it printed. */
function pythonThat(code: string): { python: string; output: string } | null {
  for (const python of pythons.filter((path) => path !== undefined && path !== '')) {
    const { status, stdout } = spawnSync(python!, ['-c', code], { encoding: 'utf8' });
    if (status === 0) return { python: python!, output: stdout.trim() };
  }
  return null;
}

// Programs keep the file names of here: a keras.py would be what TensorFlow imports as keras.
function findPython({ folder }: FindOptions, threadCounts: number[]): SubjectInfo[] {
  const found: SubjectInfo[] = [];
  const torch = pythonThat('import torch; print(torch.cuda.is_available())');
  if (torch) {
    const program = join(folder, 'pytorch_subject.py');
    writeFileSync(program, pytorchProgram);
    const common = { family: 'torch', slow: false } as const;
    const run = (threads: number): Command => ({
      program: torch.python,
      args: [program],
      env: { OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) },
    });
    for (const threads of threadCounts) {
      found.push({
        ...common,
        id: `torch:cpu@${threads}`,
        label: `PyTorch${threadsText(threads)}`,
        threads,
        processor: 'cpu',
        tolerance,
        command: run(threads),
      });
    }
    for (const device of torch.output === 'True' ? ['cuda', 'cuda-tf32'] : []) {
      const tf32 = device === 'cuda-tf32';
      found.push({
        ...common,
        id: `torch:${device}`,
        label: `PyTorch, cuDNN${tf32 ? ' with TF32' : ''}`,
        threads: 1,
        processor: 'gpu',
        tolerance: tf32 ? tf32Tolerance : tolerance,
        command: run(1),
      });
    }
  }
  const keras = pythonThat('import tensorflow');
  if (keras) {
    const program = join(folder, 'keras_subject.py');
    writeFileSync(program, kerasProgram);
    for (const threads of threadCounts) {
      found.push({
        id: `keras:cpu@${threads}`,
        label: `Keras${threadsText(threads)}`,
        threads,
        family: 'keras',
        processor: 'cpu',
        slow: false,
        tolerance,
        command: { program: keras.python, args: [program], env: { CUDA_VISIBLE_DEVICES: '' } },
      });
    }
  }
  return found;
}
