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
export async function measurePeaks(
  session: Session,
  subjects: readonly SubjectInfo[],
): Promise<Yardstick[]> {
  const yardsticks: Yardstick[] = [];
  for (const processor of ['cpu', 'gpu'] as const) {
    const here = subjects.filter((one) => one.processor === processor && !one.slow);
    const torch = here.filter((one) => one.family === 'torch' && !one.id.endsWith('tf32'));
    const able = torch.length > 0 ? torch : here.filter(({ family }) => family === 'ours');
    const n = processor === 'gpu' ? gpuSize : size;
    for (const subject of able) {
      const gflops = await session.matmul(subject, n);
      const how = `${n}³ float32 matrix product, ${subject.label}`;
      if (gflops !== null) yardsticks.push({ processor, gflops, how });
    }
  }
  return yardsticks;
}

/** @param measured any number of times: of each processor the best counts. */
export function machineOf(measured: readonly Yardstick[]): Machine {
  const sorted = [...measured].sort((a, b) => b.gflops - a.gflops);
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    yardsticks: (['cpu', 'gpu'] as const).flatMap(
      (processor) => sorted.find((one) => one.processor === processor) ?? [],
    ),
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
