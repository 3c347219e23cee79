/** The crosshair that the keyboard moves, from point to point. Pure. */
import type { Point } from '#shared/run/curves';
import type { LaneModel } from './lanes.js';
import { indexFrom } from './sampling.js';
import type { Span } from './view.js';

/** Those of the line that has the most. Ghosts are left out: a parent's stands where the run itself has no values. */
function densest({ lanes }: LaneModel): readonly Point[] {
  let most: readonly Point[] = [];
  for (const { series } of lanes)
    for (const { points, style } of series)
      if (style !== 'ghost' && points.length > most.length) most = points;
  return most;
}

/**
 * x of the next point in view, to the right (1) or to the left (−1), at least a pixel away; the outermost
 * one where there is no further. Null without points in view.
 *
 * @param from where the crosshair is; null starts at the edge of the view, coming in.
 * @param pixel what a pixel is in x.
 */
export function nextPoint(
  model: LaneModel,
  from: number | null,
  direction: 1 | -1,
  shown: Span,
  pixel: number,
): number | null {
  const points = densest(model);
  const first = indexFrom(points, shown.from);
  const last = indexFrom(points, shown.to + pixel / 2) - 1;
  if (last < first) return null;
  if (from === null || from < shown.from || from > shown.to)
    return points[direction > 0 ? first : last]?.[0] ?? null;
  // The margin is for x that are not exact in binary.
  const next = from + direction * pixel * (1 - 1e-6);
  const index =
    direction > 0 ? indexFrom(points, next) : indexFrom(points, next + pixel * 1e-6) - 1;
  return points[Math.min(last, Math.max(first, index))]?.[0] ?? null;
}
