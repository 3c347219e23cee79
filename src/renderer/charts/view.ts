/** Which part of the x axis a chart shows, and how zooming and panning change it. */

/** A stretch of the x axis. */
export interface Span {
  from: number;
  to: number;
}

/** What the reader zoomed to; null is everything. */
export type View = Span | null;

const width = ({ from, to }: Span): number => to - from;

export const inSpan = (x: number, { from, to }: Span): boolean => x >= from && x <= to;

/** `span` moved into `whole` and cut to it. */
function inside(span: Span, whole: Span): Span {
  const size = Math.min(width(span), width(whole));
  const from = Math.min(Math.max(span.from, whole.from), whole.to - size);
  return { from, to: from + size };
}

/** What the chart shows of `whole`. */
export const shownSpan = (view: View, whole: Span): Span =>
  view === null ? whole : inside(view, whole);

/**
 * @param factor above 1 shows more.
 * @param at stays where it is on the screen.
 * @param closest the least that a view may show.
 */
export function zoomed(view: View, whole: Span, factor: number, at: number, closest: number): View {
  const shown = shownSpan(view, whole);
  const size = Math.max(width(shown) * factor, Math.min(closest, width(shown)));
  if (size >= width(whole)) return null;
  const share = (at - shown.from) / width(shown);
  const from = at - share * size;
  return inside({ from, to: from + size }, whole);
}

/** @param by in parts of what is shown; above 0 goes to later steps. */
export function panned(view: View, whole: Span, by: number): View {
  if (view === null) return null;
  const shown = shownSpan(view, whole);
  const distance = by * width(shown);
  return inside({ from: shown.from + distance, to: shown.to + distance }, whole);
}

/** Part of the view that stays between its edge and what was just brought into it. */
const revealMargin = 0.1;

/** The view moved just as far as it takes to have `x` in it; one far away comes into its middle. */
export function revealed(view: View, whole: Span, x: number): View {
  if (view === null) return null;
  const shown = shownSpan(view, whole);
  const size = width(shown);
  if (inSpan(x, shown)) return view;
  const distance = x > shown.to ? x - shown.to : x - shown.from;
  if (Math.abs(distance) > size) return inside({ from: x - size / 2, to: x + size / 2 }, whole);
  const by = distance + Math.sign(distance) * revealMargin * size;
  return inside({ from: shown.from + by, to: shown.to + by }, whole);
}

/** The stretch between two places, in either order. */
export function between(a: number, b: number, whole: Span, closest: number): View {
  const middle = (a + b) / 2;
  const size = Math.max(Math.abs(a - b), closest);
  if (size >= width(whole)) return null;
  return inside({ from: middle - size / 2, to: middle + size / 2 }, whole);
}

/** The view of a curve that grew from `before` to `whole`: one that showed its end goes with it. */
export function followed(view: View, before: Span, whole: Span): View {
  if (view === null || whole.to <= before.to) return view;
  // Sums of fractions do not meet the end exactly.
  if (before.to - view.to > 1e-9 * width(before)) return view;
  const grown = whole.to - before.to;
  return { from: view.from + grown, to: view.to + grown };
}
