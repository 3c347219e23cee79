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

const blockSize = 16;
/** Least and most of each full block of a long curve, two points a block; curves only grow. */
const blocks = new WeakMap<readonly Point[], Point[]>();

function blocksOf(points: readonly Point[]): Point[] {
  const made = blocks.get(points) ?? [];
  blocks.set(points, made);
  for (let start = (made.length / 2) * blockSize; start + blockSize <= points.length;) {
    const block = points.slice(start, start + blockSize);
    let least: Point = block[0] ?? [0, null];
    let most = least;
    for (const point of block) {
      const [, y] = point;
      if (y === null) continue;
      if (least[1] === null || y < least[1]) least = point;
      if (most[1] === null || y > most[1]) most = point;
    }
    made.push(...(least[0] <= most[0] ? [least, most] : [most, least]));
    start += blockSize;
  }
  return made;
}

/**
 * The points to choose from. Of many only the extremes of each block, from which the triangles choose
 * nearly the same in a fraction of the time (Van Der Donckt et al. 2023, "MinMaxLTTB").
 */
function candidates(points: readonly Point[], from: number, end: number, most: number): Point[] {
  if (end - from < 2 * blockSize * most) return points.slice(from, end);
  const first = Math.ceil(from / blockSize);
  const last = Math.floor(end / blockSize);
  return [
    ...points.slice(from, first * blockSize),
    ...blocksOf(points).slice(2 * first, 2 * last),
    ...points.slice(last * blockSize, end),
  ];
}

/** The stretches of points between gaps, as [first, end). */
function stretches(points: readonly Point[]): [first: number, end: number][] {
  const found: [number, number][] = [];
  let start: number | null = null;
  points.forEach(([, y], index) => {
    if (y !== null) start ??= index;
    else if (start !== null) {
      found.push([start, index]);
      start = null;
    }
  });
  if (start !== null) found.push([start, points.length]);
  return found;
}

/**
 * The points between the ends of `span`, and where the line crosses them, thinned to about `most`. Gaps
 * (null) stay gaps unless there are too many to be seen.
 * @param points grow at their end only.
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
  const inside = candidates(points, from, end, most);
  const parts = stretches(inside);
  if (parts.length > most / 4) {
    const known = inside.filter(([, y]) => y !== null);
    largestTriangles(known, 0, known.length, most, shown);
  } else
    for (const [first, stop] of parts) {
      const gap = inside[first - 1];
      if (gap !== undefined) shown.push(gap);
      const share = Math.max(3, Math.round((most * (stop - first)) / inside.length));
      largestTriangles(inside, first, stop, share, shown);
    }
  const exit = onLine(points[end - 1], points[end], span.to, logarithmic);
  if (exit !== null && points[end - 1]?.[0] !== span.to) shown.push(exit);
  return shown;
}
