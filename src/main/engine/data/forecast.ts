/** Forecast data: windows over the rows of a table, whose targets are the rows that follow. */
import type { DataPreview } from '#shared/data/facts';
import type { ForecastRecipe } from '#shared/data/recipe';
import { noEvidence } from '#shared/data/evidence';
import { StudioError } from '#shared/errors';
import { numberColumn } from './numbers.js';
import { findCopies, overlapOfRandom } from './evidence.js';
import { grouped, previewTable, shorten, windowLengths, type Prepared } from './report.js';
import { fitScaler, type ColumnScaler } from './scaler.js';
import type { Source } from './source.js';
import { cutsInOrder, requireFilled, splitWindows, type Parts } from './split.js';
import { readTable, type Table } from './table.js';
import { sortedByTime, timeColumn } from './times.js';
import type { Batch, Dataset } from './types.js';

interface Series {
  columns: { name: string; raw: Float64Array; scaled: Float32Array; scaler: ColumnScaler }[];
  inputs: number[];
  targets: number[];
  times: string[] | null;
}

/**
 * `in order` cuts the rows into three regions, and a window belongs to the region in which all of its
 * target rows lie. Its input may begin in an earlier region: at that time those rows are known, so that
 * nothing leaks. `random` deals out windows of the whole series, which does leak, and says so.
 *
 * @throws StudioError as `readTable`, and `missing-column`, `non-numeric-cell`, `unknown-time`,
 * `time-not-increasing`, `time-repeated`, `series-too-short`, `too-few-rows`, `split-without-classes`.
 */
export function prepareForecast(recipe: ForecastRecipe, source: Source): Prepared {
  const table = seriesTable(recipe, source);
  const names = [...new Set([...recipe.inputColumns, ...recipe.targetColumns])];
  const raw = names.map((name) => {
    const isInput = recipe.inputColumns.includes(name);
    return numberColumn(table, name, isInput ? 'data.inputColumns' : 'data.targetColumns');
  });
  const times =
    recipe.timeColumn === null ? null : timeColumn(table, recipe.timeColumn, 'data.timeColumn');
  const starts = windowStarts(recipe, source, table.rows.length);
  requireFilled(starts, recipe.split, 'windows', source.file);

  const training = trainingRows(recipe, starts.train, table.rows.length);
  const columns = names.map((name, index) => {
    const values = raw[index] ?? new Float64Array();
    const scaler = fitScaler(recipe.scaler, values, training);
    const scaled = Float32Array.from(values, (value) => (value - scaler.offset) / scaler.scale);
    return { name, raw: values, scaled, scaler };
  });
  const position = (name: string): number => names.indexOf(name);
  const series: Series = {
    columns,
    inputs: recipe.inputColumns.map(position),
    targets: recipe.targetColumns.map(position),
    times,
  };

  const part = (name: keyof Parts): Dataset => forecastDataset(series, starts[name], recipe);
  const parts = { train: part('train'), validation: part('validation'), test: part('test') };
  const examples = {
    train: parts.train.size,
    validation: parts.validation.size,
    test: parts.test.size,
  };
  return {
    data: {
      facts: {
        task: 'forecast',
        input: {
          kind: 'sequence',
          features: recipe.inputColumns.length,
          timeSteps: recipe.window,
          names: recipe.inputColumns,
        },
        output: { size: recipe.horizon * recipe.targetColumns.length, labels: null },
        examples,
        meanTimeSteps: recipe.window,
      },
      preprocessing: {
        recipe,
        vocabulary: null,
        labels: null,
        scaler: {
          columns: columns.map(({ name, scaler }) => ({
            name,
            offset: scaler.offset,
            scale: scaler.scale,
          })),
        },
      },
      ...parts,
      raw: {
        kind: 'series',
        columns: columns.map((column) => ({ name: column.name, values: column.raw })),
        starts,
      },
    },
    report: {
      source,
      size: table.rows.length,
      unit: 'rows',
      periods: periodsOf(recipe, series, table.rows.length),
      table: previewTable(table.columns, table.rows),
      tokenized: null,
      vocabulary: null,
      classes: [],
      ...windowLengths(examples, recipe.window),
      evidence: {
        ...noEvidence,
        overlap: overlapOfRandom(recipe.split, starts, recipe.window + recipe.horizon),
        copies: findCopies(columns, {
          inputs: recipe.inputColumns,
          targets: recipe.targetColumns,
          horizon: recipe.horizon,
        }),
        constantColumns: columns.filter(({ scaler }) => scaler.constant).map(({ name }) => name),
      },
    },
  };
}

function seriesTable(recipe: ForecastRecipe, source: Source): Table {
  const table = readTable(source, recipe.format);
  return recipe.sortByTime && recipe.timeColumn !== null
    ? sortedByTime(table, recipe.timeColumn, 'data.timeColumn')
    : table;
}

/** First row of each window, by part. */
function windowStarts(recipe: ForecastRecipe, source: Source, size: number): Parts {
  const { window, horizon, stride, split } = recipe;
  const span = window + horizon;
  if (size < span) {
    throw new StudioError(
      'series-too-short',
      `The series has ${grouped(size)} rows; a window of ${window} and a horizon of ${horizon} need at least ${span}.`,
      'Choose a shorter window or horizon, or a longer series.',
      { file: source.file, field: 'data.window' },
    );
  }
  // A window may look back over the cut; its targets may not.
  return splitWindows(split, size, { span, stride, reach: window });
}

/** 1 for each row that any training window holds as input or target. */
function trainingRows(
  { window, horizon, split }: ForecastRecipe,
  starts: Int32Array,
  size: number,
): Uint8Array {
  const rows = new Uint8Array(size);
  if (split.method === 'in order') return rows.fill(1, 0, cutsInOrder(split, size).validation);
  for (const start of starts) rows.fill(1, start, start + window + horizon);
  return rows;
}

/** Rows where there is no time column. */
function periodsOf(
  { split }: ForecastRecipe,
  { times }: Series,
  size: number,
): DataPreview['periods'] {
  if (split.method !== 'in order') return null;
  const cuts = cutsInOrder(split, size);
  const name = (row: number): string => times?.[row] ?? `row ${grouped(row + 1)}`;
  const period = (from: number, to: number): [string, string] | null =>
    to > from ? [name(from), name(to - 1)] : null;
  return {
    train: period(0, cuts.validation),
    validation: period(cuts.validation, cuts.test),
    test: period(cuts.test, size),
  };
}

function forecastDataset(series: Series, starts: Int32Array, recipe: ForecastRecipe): Dataset {
  const { window, horizon } = recipe;
  const features = series.inputs.length;
  const targets = series.targets.length;
  const scaled = (column: number | undefined, row: number): number =>
    series.columns[column ?? -1]?.scaled[row] ?? Number.NaN;
  return {
    size: starts.length,
    lengths: new Int32Array(starts.length).fill(window),
    batch(indices): Batch {
      const input = new Float32Array(indices.length * window * features);
      const values = new Float32Array(indices.length * horizon * targets);
      const persistence = new Float32Array(values.length);
      let inputAt = 0;
      let targetAt = 0;
      for (const example of indices) {
        const start = startOf(starts, example);
        for (let row = start; row < start + window; row++) {
          for (const column of series.inputs) input[inputAt++] = scaled(column, row);
        }
        const last = start + window - 1;
        for (let step = 1; step <= horizon; step++) {
          for (const column of series.targets) {
            persistence[targetAt] = scaled(column, last);
            values[targetAt++] = scaled(column, last + step);
          }
        }
      }
      return {
        size: indices.length,
        timeSteps: window,
        input: { kind: 'features', values: input, features },
        lengths: null,
        targets: { kind: 'values', values, persistence },
      };
    },
    describe(example) {
      const start = startOf(starts, example);
      return {
        input: describeRows(series, series.inputs, start, start + window),
        target: describeRows(series, series.targets, start + window, start + window + horizon),
      };
    },
  };
}

function startOf(starts: Int32Array, example: number): number {
  const start = starts[example];
  if (start === undefined) throw new RangeError(`example ${example} of ${starts.length}`);
  return start;
}

/** `2012-01-01 to 2012-01-14 · temp_max 12.8, 10.6, 11.7`, in the data's own units. */
function describeRows(series: Series, columns: number[], from: number, to: number): string {
  const name = (row: number): string => series.times?.[row] ?? `row ${row + 1}`;
  const span = to - from === 1 ? name(from) : `${name(from)} to ${name(to - 1)}`;
  const values = columns.map((index) => {
    const column = series.columns[index];
    return `${column?.name ?? ''} ${column?.raw.subarray(from, to).join(', ') ?? ''}`;
  });
  return shorten([span, ...values].join(' · '), 300);
}
