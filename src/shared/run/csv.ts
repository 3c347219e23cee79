/** The list of runs as CSV (RFC 4180): one header with units, numbers in full precision. */
import type { Scores } from './events.js';
import type { RunRow } from './rows.js';

type Value = string | number | null;

const scores = (
  part: string,
  of: (row: RunRow) => Scores | null,
): [string, (row: RunRow) => Value][] => [
  [`${part} loss`, (row) => of(row)?.loss ?? null],
  [`${part} accuracy (share)`, (row) => of(row)?.accuracy ?? null],
  [`${part} perplexity`, (row) => of(row)?.perplexity ?? null],
  [`${part} MAE (units of the target)`, (row) => of(row)?.meanAbsoluteError ?? null],
  [`${part} RMSE (units of the target)`, (row) => of(row)?.rootMeanSquaredError ?? null],
];

const fields: readonly [string, (row: RunRow) => Value][] = [
  ['run', (row) => row.id],
  ['project', (row) => row.project],
  ['tags', (row) => row.tags.join('; ')],
  ['state', (row) => row.state],
  ['device', (row) => row.device],
  ['created (UTC)', (row) => row.created],
  ['epochs', (row) => row.epochs],
  ['best epoch', (row) => row.bestEpoch],
  ...scores('validation', (row) => row.validation),
  ...scores('test', (row) => row.test),
  ['training time (s)', (row) => row.seconds],
  ['time per step (ms)', (row) => row.millisecondsPerStep],
  ['parameters', (row) => row.parameters],
  ['peak tensor memory (bytes)', (row) => row.memory],
  ['seed', (row) => row.seed],
  ['branch of', (row) => row.parent?.runId ?? null],
  ['branched after step', (row) => row.parent?.step ?? null],
  ['note', (row) => row.note],
];

/** What is not known is empty. */
function cell(value: Value): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const runsCsv = (rows: readonly RunRow[]): string =>
  [fields.map(([name]) => name), ...rows.map((row) => fields.map(([, of]) => of(row)))]
    .map((line) => `${line.map(cell).join(',')}\r\n`)
    .join('');
