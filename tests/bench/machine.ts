/** What the benchmark ran on, and the yardstick that shares of its peak refer to. */
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import type { Session } from './session.js';
import type { SubjectInfo } from './subjects.js';

export interface Yardstick {
  processor: 'cpu' | 'gpu';
  gflops: number;
  /** How it was measured. */
  how: string;
}

export interface Machine {
  processor: string;
  cores: number;
  memoryGb: number;
  system: string;
  yardsticks: Yardstick[];
}

const size = 1536;
const gpuSize = 4096;

/** The fastest large float32 matrix product of anybody who takes part, PyTorch first. */
export async function lookAtMachine(
  session: Session,
  subjects: readonly SubjectInfo[],
): Promise<Machine> {
  const yardsticks: Yardstick[] = [];
  for (const processor of ['cpu', 'gpu'] as const) {
    const here = subjects.filter((one) => one.processor === processor && !one.slow);
    const torch = here.filter((one) => one.family === 'torch' && !one.id.endsWith('tf32'));
    const n = processor === 'gpu' ? gpuSize : size;
    let best: Yardstick | null = null;
    for (const subject of torch.length > 0
      ? torch
      : here.filter(({ family }) => family === 'ours')) {
      const gflops = await session.matmul(subject, n);
      if (gflops === null || gflops <= (best?.gflops ?? 0)) continue;
      best = { processor, gflops, how: `${n}³ float32 matrix product, ${subject.label}` };
    }
    if (best) yardsticks.push(best);
  }
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    yardsticks,
  };
}

export function machineLines({
  processor,
  cores,
  memoryGb,
  system,
  yardsticks,
}: Machine): string[] {
  return [
    `${processor}, ${cores} cores, ${memoryGb} GB, ${system}`,
    ...yardsticks.map((y) => `Peak (${y.processor}): ${y.gflops.toFixed(0)} GFLOP/s, ${y.how}`),
  ];
}
