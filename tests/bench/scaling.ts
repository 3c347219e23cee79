/** How time and memory grow with T, B and H: exponents fitted on a log–log scale. */
import { recurrentSpec } from './cases.js';
import type { Variant } from '../../src/main/engine/kernels/recurrent-cases.js';
import type { Session } from './session.js';
import type { SubjectInfo } from './subjects.js';

export interface Fit {
  subject: string;
  label: string;
  axis: 'T' | 'B' | 'H';
  /** Exponents of time and of memory; memory is null where the process hardly grew. */
  time: number;
  memory: number | null;
  points: { value: number; milliseconds: number; bytes: number }[];
}

const base = { batch: 32, timeSteps: 32, features: 128, units: 128 };
const noticeableBytes = 8 * 2 ** 20;

/** E grows with H, so that all of the work is quadratic in it. */
const axes = {
  T: { values: [32, 64, 128, 256], shape: (timeSteps: number) => ({ ...base, timeSteps }) },
  B: { values: [32, 64, 128, 256], shape: (batch: number) => ({ ...base, batch }) },
  H: {
    values: [64, 128, 256, 512],
    shape: (units: number) => ({ ...base, features: units, units }),
  },
} as const;

export async function fitScaling(
  session: Session,
  subject: SubjectInfo,
  variant: Variant,
  quick: boolean,
  say: (line: string) => void,
): Promise<Fit[]> {
  const fits: Fit[] = [];
  for (const axis of ['T', 'B', 'H'] as const) {
    const { values, shape } = axes[axis];
    const points: Fit['points'] = [];
    for (const value of quick ? values.slice(0, 3) : values) {
      const spec = recurrentSpec(variant, 'train', shape(value));
      const probe = await session.probe(subject, spec, quick ? 3 : 9);
      if (probe === null) continue;
      points.push({ value, ...probe });
      const megabytes = (probe.bytes / 2 ** 20).toFixed(0);
      say(
        `  ${subject.label}, ${axis} ${value}: ${probe.milliseconds.toFixed(1)} ms, ${megabytes} MB`,
      );
    }
    if (points.length < 2) continue;
    const large = points.filter(({ bytes }) => bytes > noticeableBytes);
    fits.push({
      subject: subject.id,
      label: subject.label,
      axis,
      time: slope(points.map((p) => [p.value, p.milliseconds])),
      memory: large.length < 2 ? null : slope(large.map((p) => [p.value, p.bytes])),
      points,
    });
  }
  return fits;
}

/** Least squares of log y on log x. */
export function slope(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (i: 0 | 1): number => logs.reduce((sum, p) => sum + p[i], 0) / logs.length;
  const [mx, my] = [mean(0), mean(1)];
  const cross = logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  return cross / logs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}
