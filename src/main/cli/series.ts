/** The input of a forecast from a CSV file: the run's input columns, in its order. */
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { StudioError } from '#shared/errors';
import type { ForecastRecipe } from '#shared/data/recipe';
import { readText } from '../files.js';

/** What csv-parse gives with `info`; its types do not say so. */
const recordsSchema = z.array(
  z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }),
);

/** @returns [time][feature] in the data's own units. Throws with line and column of what is wrong. */
export async function readSeries(path: string, recipe: ForecastRecipe): Promise<number[][]> {
  const text = await readText(path);
  let records: z.infer<typeof recordsSchema>;
  try {
    const parsed: unknown = parse(text, {
      bom: true,
      info: true,
      skip_empty_lines: true,
      trim: true,
      delimiter: path.toLowerCase().endsWith('.tsv') ? '\t' : ',',
    });
    records = recordsSchema.parse(parsed);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new StudioError('csv-syntax', error.message, '', { file: path });
  }
  const [header, ...rows] = records;
  if (header === undefined)
    throw new StudioError('empty-file', 'The file has no rows.', '', { file: path });
  const columns = recipe.inputColumns.map((name) => {
    const index = header.record.indexOf(name);
    if (index >= 0) return { name, index };
    throw new StudioError(
      'missing-column',
      `There is no column "${name}".`,
      `The run needs the columns ${recipe.inputColumns.join(', ')}; the file has ${header.record.join(', ')}.`,
      { file: path, line: 1, column: name },
    );
  });
  if (rows.length < recipe.window) {
    throw new StudioError(
      'series-too-short',
      `The file has ${rows.length} rows; the run looks at ${recipe.window}.`,
      'Give more rows, the newest last.',
      { file: path },
    );
  }
  return rows.map(({ record, info }) =>
    columns.map(({ name, index }) => {
      const cell = record[index] ?? '';
      const value = cell === '' ? NaN : Number(cell);
      if (Number.isFinite(value)) return value;
      throw new StudioError('non-numeric-cell', `"${cell}" is not a number.`, 'Mend this cell.', {
        file: path,
        line: info.lines,
        column: name,
      });
    }),
  );
}
