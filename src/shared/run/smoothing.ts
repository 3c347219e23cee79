/**
 * Exponential moving average with bias correction (Kingma & Ba 2015, section 3), so that the first
 * points aren't pulled towards zero. Missing values (null) stay gaps and don't move the average.
 *
 * @param weight 0 returns the values as they are; towards 1 it gets smoother.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  if (weight < 0 || weight >= 1) throw new Error(`smoothing weight ${weight} is not in [0, 1)`);
  let average = 0;
  let correction = 1;
  return values.map((value) => {
    if (value === null) return null;
    average = weight * average + (1 - weight) * value;
    correction *= weight;
    return average / (1 - correction);
  });
}
