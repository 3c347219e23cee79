import type { Point } from './curves.js';

/**
 * Exponential moving average with bias correction (Kingma & Ba 2015, section 3), so that the first
 * points aren't pulled towards zero. Missing values (null) stay gaps and don't move the average.
 */
class MovingAverage {
  private average = 0;
  private correction = 1;

  /** @param weight 0 gives the values as they are; towards 1 it gets smoother. */
  constructor(readonly weight: number) {
    if (weight < 0 || weight >= 1) throw new Error(`smoothing weight ${weight} is not in [0, 1)`);
  }

  next(value: number | null): number | null {
    if (value === null) return null;
    this.average = this.weight * this.average + (1 - this.weight) * value;
    this.correction *= this.weight;
    return this.average / (1 - this.correction);
  }
}

/** What was smoothed last of each curve. */
const smoothed = new WeakMap<readonly Point[], { average: MovingAverage; points: Point[] }>();

/**
 * The smoothed curve. It is the same array while the weight stays and grows with `points`, so that one
 * more point costs one more step of the average.
 * @param points grows at its end only.
 */
export function smoothPoints(points: readonly Point[], weight: number): Point[] {
  let known = smoothed.get(points);
  if (known?.average.weight !== weight) {
    known = { average: new MovingAverage(weight), points: [] };
    smoothed.set(points, known);
  }
  for (const [x, y] of points.slice(known.points.length))
    known.points.push([x, known.average.next(y)]);
  return known.points;
}
