/** Scaling of numeric columns: x' = (x − offset) / scale. */
import type { ForecastRecipe } from '#shared/data/recipe';

export interface ColumnScaler {
  offset: number;
  scale: number;
  /** The column has one value only in the rows that were fitted; its scale is 1. */
  constant: boolean;
}

/**
 * `standard`: mean and population standard deviation. `minmax`: to [0, 1]. `none`: 0 and 1.
 *
 * @param rows 1 where a row may be fitted: training rows only, else the test rows would leak.
 */
export function fitScaler(
  kind: ForecastRecipe['scaler'],
  values: Float64Array,
  rows: Uint8Array,
): ColumnScaler {
  const fitted = values.filter((_, row) => rows[row] === 1);
  let minimum = Infinity;
  let maximum = -Infinity;
  let mean = 0;
  let squares = 0;
  // Welford 1962: one pass, and stable for large offsets such as years.
  for (const [index, value] of fitted.entries()) {
    const change = value - mean;
    mean += change / (index + 1);
    squares += change * (value - mean);
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
  }
  const constant = minimum === maximum;
  if (kind === 'none') return { offset: 0, scale: 1, constant };
  const spread = kind === 'minmax' ? maximum - minimum : Math.sqrt(squares / fitted.length);
  return { offset: kind === 'minmax' ? minimum : mean, scale: constant ? 1 : spread, constant };
}
