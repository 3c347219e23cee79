/** Windows over a series: data/series.csv, and the first row of each window in data/splits.json. */
import type { Read } from '../load.ts';
import type { ModelInput, Preprocessor } from '../preprocessing.ts';
import { partsOf } from './parts.ts';
import type { Parts } from './parts.ts';

export interface Batch {
  input: ModelInput;
  /** Scaled, [B · horizon · targets]. */
  targets: Float32Array;
  /** Own units for one scaled unit of each target column. */
  scales: number[];
}

export async function readData(preprocessor: Preprocessor, read: Read): Promise<Parts<Batch>> {
  const { window, horizon, inputColumns, targetColumns } = preprocessor.preprocessing.recipe;
  const text = new TextDecoder().decode(await read('data/series.csv'));
  const splits = new TextDecoder().decode(await read('data/splits.json'));
  const starts: Record<'train' | 'validation' | 'test', number[]> = JSON.parse(splits);
  const [header, ...rows] = readCsv(text);
  const columns = (names: string[], row: string[]): number[] =>
    names.map((name) => Number(row[header.indexOf(name)]));
  const inputs = rows.map((row) => columns(inputColumns, row));
  const targets = rows.map((row) =>
    columns(targetColumns, row).map((value, i) => {
      const { offset, scale } = preprocessor.targets[i];
      return (value - offset) / scale;
    }),
  );
  return partsOf(async (part) => ({
    size: starts[part].length,
    lengths: new Int32Array(starts[part].length).fill(window),
    batch(examples) {
      const first = examples.map((i) => starts[part][i]);
      const ahead = first.flatMap((row) =>
        targets.slice(row + window, row + window + horizon).flat(),
      );
      const encoded = first.map((row) =>
        preprocessor.encode({ rows: inputs.slice(row, row + window) }),
      );
      const scales = preprocessor.targets.map(({ scale }) => scale);
      return { input: preprocessor.batch(encoded), targets: Float32Array.from(ahead), scales };
    },
  }));
}

/** Rows of cells; cells in quotes may hold commas, line breaks and doubled quotes (RFC 4180). */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g,
  )) {
    if (end === '' && row.length === 0 && quoted === undefined && plain === '') break;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
