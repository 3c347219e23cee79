/** How well a language model foresaw the tokens of a text. */

/** e to the mean of −log p, as in training: as if it had so many equally probable choices each time. */
export const perplexity = (foreseen: readonly { probability: number }[]): number =>
  Math.exp(
    foreseen.reduce((sum, { probability }) => sum - Math.log(probability), 0) / foreseen.length,
  );

/** The place that had the smallest probability; null for no places. */
export function worstForeseen(foreseen: readonly { probability: number }[]): number | null {
  let worst: number | null = null;
  for (const [index, { probability }] of foreseen.entries())
    if (worst === null || probability < (foreseen[worst]?.probability ?? 1)) worst = index;
  return worst;
}
