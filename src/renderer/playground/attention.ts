/** What an attention block looked at, for the eye and in words. */
import type { AttentionMap } from '#shared/run/prediction';

/** The colour of a weight, given as a share of the largest one that is shown with it. */
const tint = (percent: number): string =>
  `color-mix(in srgb, var(--accent) ${Math.round(percent)}%, var(--bg-inset))`;

/** Behind the text of a token: light enough to read it. */
export const shade = (share: number): string => tint(share * 45);

/** The weights of one query: the only one of a block that looks once, else that of the chosen step. */
export function weightsAt(map: AttentionMap, place: number | null): readonly number[] | null {
  if (!map.perStep) return map.weights[0] ?? null;
  return place === null ? null : (map.weights[place] ?? null);
}

/** The steps with the largest weights, largest first. */
export const strongest = (weights: readonly number[], count: number): number[] =>
  weights
    .map((weight, step) => ({ weight, step }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, count)
    .map(({ step }) => step);

/** Three digits that can be compared with each other. */
export const formatWeight = (weight: number): string =>
  weight > 0 && weight < 0.0005 ? '<0.001' : weight.toFixed(3);

/** One row of the map as hard steps of colour: as many cells as there are steps, in one element. */
export function rowGradient(weights: readonly number[], most: number): string {
  const width = 100 / weights.length;
  const stops = weights.map(
    (weight, step) => `${tint((100 * weight) / most)} ${step * width}% ${(step + 1) * width}%`,
  );
  return `linear-gradient(to right, ${stops.join(', ')})`;
}
