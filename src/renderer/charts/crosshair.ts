/** The crosshair that the keyboard moves, from point to point. Pure. */
import type { Point } from '#shared/run/curves';
import type { LaneModel } from './lanes.js';
import { indexFrom } from './sampling.js';
import { inSpan, type Span } from './view.js';

/** Those of the line that has the most. Ghosts are left out: a parent's stands where the run itself has no values. */
function densest({ lanes }: LaneModel): readonly Point[] {
  let most: readonly Point[] = [];
  for (const { series } of lanes)
    for (const { points, style } of series)
      if (style !== 'ghost' && points.length > most.length) most = points;
  return most;
}

/**
 * x of the next point to the right (1) or to the left (−1), at least a pixel away; the outermost one where
 * there is no further. Null without points.
 *
 * @param from where the crosshair is; null, or out of view, comes in from the edge of the view.
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
  const at = (index: number): number | null =>
    points[Math.min(points.length - 1, Math.max(0, index))]?.[0] ?? null;
  if (from === null || !inSpan(from, shown))
    return at(
      direction > 0 ? indexFrom(points, shown.from) : indexFrom(points, shown.to + pixel / 2) - 1,
    );
  // The margin is for x that are not exact in binary.
  const next = from + direction * pixel * (1 - 1e-6);
  return at(direction > 0 ? indexFrom(points, next) : indexFrom(points, next + pixel * 1e-6) - 1);
}
