/** As many points of a curve as a screen can show, of the stretch that it shows. */
import type { Point } from '#shared/run/curves';
import type { Span } from './view.js';

/** The first index whose x is not below `x`, in ascending points. */
export function indexFrom(points: readonly Point[], x: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const point = points[middle];
    if (point !== undefined && point[0] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** On the straight line, on the screen, between the points left and right of x; null where one is missing. */
function onLine(
  left: Point | undefined,
  right: Point | undefined,
  x: number,
  logarithmic: boolean,
): Point | null {
  const [before, after] = [left?.[1] ?? null, right?.[1] ?? null];
  if (left === undefined || right === undefined || before === null || after === null) return null;
  const share = (x - left[0]) / (right[0] - left[0]);
  if (logarithmic && before > 0 && after > 0) return [x, before * (after / before) ** share];
  return [x, before + (after - before) * share];
}

/**
 * Largest triangle three buckets (Steinarsson 2013, "Downsampling time series for visual representation",
 * section 4.2): from each bucket the point that makes the largest triangle with the point chosen before it
 * and the mean of the next bucket. First and last point stay.
 * @param from, end the part of `points` that is sampled; it has no gaps.
 */
function largestTriangles(
  points: readonly Point[],
  from: number,
  end: number,
  most: number,
  into: Point[],
): void {
  const count = end - from;
  const first = points[from];
  const last = points[end - 1];
  if (count <= most || most < 3 || first === undefined || last === undefined) {
    for (let index = from; index < end; index++) into.push(points[index] ?? [0, null]);
    return;
  }
  const every = (count - 2) / (most - 2);
  let [chosenX, chosenY] = [first[0], first[1] ?? 0];
  into.push(first);
  for (let bucket = 0; bucket < most - 2; bucket++) {
    const start = from + 1 + Math.floor(bucket * every);
    const next = from + 1 + Math.floor((bucket + 1) * every);
    const nextEnd = Math.min(end, from + 1 + Math.floor((bucket + 2) * every));
    let meanX = 0;
    let meanY = 0;
    for (let index = next; index < nextEnd; index++) {
      const point = points[index];
      meanX += point?.[0] ?? 0;
      meanY += point?.[1] ?? 0;
    }
    meanX /= nextEnd - next;
    meanY /= nextEnd - next;
    let largest = -1;
    let best = first;
    for (let index = start; index < next; index++) {
      const point = points[index];
      if (point === undefined) continue;
      const area = Math.abs(
        (chosenX - meanX) * ((point[1] ?? 0) - chosenY) - (chosenX - point[0]) * (meanY - chosenY),
      );
      if (area <= largest) continue;
      largest = area;
      best = point;
    }
    into.push(best);
    [chosenX, chosenY] = [best[0], best[1] ?? 0];
  }
  into.push(last);
}

/**
 * The points between the ends of `span`, and where the line crosses them, thinned to about `most`. Gaps
 * (null) stay gaps unless there are too many to be seen.
 */
export function pointsInView(
  points: readonly Point[],
  span: Span,
  most: number,
  logarithmic: boolean,
): Point[] {
  const from = indexFrom(points, span.from);
  let end = indexFrom(points, span.to);
  if (points[end]?.[0] === span.to) end += 1;
  const shown: Point[] = [];
  const entry = onLine(points[from - 1], points[from], span.from, logarithmic);
  if (entry !== null && points[from]?.[0] !== span.from) shown.push(entry);
  const starts: number[] = [];
  const ends: number[] = [];
  for (let index = from, open = false; index <= end; index++) {
    const known = index < end && points[index]?.[1] !== null;
    if (known && !open) starts.push(index);
    if (!known && open) ends.push(index);
    open = known;
  }
  if (starts.length > most / 4) {
    const known = points.slice(from, end).filter(([, y]) => y !== null);
    largestTriangles(known, 0, known.length, most, shown);
  } else
    starts.forEach((start, run) => {
      const stop = ends[run] ?? end;
      const before = points[start - 1];
      if (start > from && before !== undefined) shown.push(before);
      const share = Math.max(3, Math.round((most * (stop - start)) / (end - from)));
      largestTriangles(points, start, stop, share, shown);
    });
  const exit = onLine(points[end - 1], points[end], span.to, logarithmic);
  if (exit !== null && points[end - 1]?.[0] !== span.to) shown.push(exit);
  return shown;
}
