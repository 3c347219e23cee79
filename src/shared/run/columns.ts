/** The columns of the list of runs, in their order. */
import {
  formatBytes,
  formatClock,
  formatCount,
  formatMoment,
  formatScore,
  missing,
} from '../format.js';
import { columnKeys, judgedByAccuracy, scoreText, type ColumnKey, type RunRow } from './rows.js';

/** They fit a window of 1280 pixels. */
export const defaultColumns: readonly ColumnKey[] = columnKeys.filter(
  (key) => !['epochs', 'validation', 'millisecondsPerStep'].includes(key),
);

export interface Column {
  key: ColumnKey | 'title' | 'project';
  title: string;
  /** What the title leaves out. */
  explained?: string;
  text: (row: RunRow) => string;
  number?: boolean;
}

const count = (value: number | null): string => (value === null ? missing : formatCount(value));

export const nameColumn: Column = { key: 'title', title: 'Run', text: (row) => row.title };
export const projectColumn: Column = {
  key: 'project',
  title: 'Project',
  text: (row) => row.project,
};

export const columns: Readonly<Record<ColumnKey, Omit<Column, 'key'>>> = {
  tags: { title: 'Tags', text: (row) => row.tags.join(', ') },
  state: { title: 'State', text: (row) => row.state },
  device: { title: 'Device', text: (row) => row.device ?? missing },
  created: {
    title: 'Created',
    text: (row) => formatMoment(row.created),
    number: true,
  },
  epochs: {
    title: 'Epochs',
    explained: 'Epochs done',
    text: (row) => count(row.epochs),
    number: true,
  },
  loss: {
    title: 'Loss',
    explained: 'Loss on the validation part',
    text: (row) => formatScore(row.validation?.loss ?? null),
    number: true,
  },
  validation: {
    title: 'Validation',
    explained: 'Score on the validation part: accuracy, perplexity or mean absolute error (MAE)',
    text: (row) => scoreText(row.validation),
    number: true,
  },
  test: {
    title: 'Test',
    explained: 'Score on the test part: accuracy, perplexity or mean absolute error (MAE)',
    text: (row) => scoreText(row.test),
    number: true,
  },
  seconds: {
    title: 'Time',
    explained: 'Time of training, pauses not counted',
    text: (row) => formatClock(row.seconds),
    number: true,
  },
  millisecondsPerStep: {
    title: 'ms/step',
    explained: 'Milliseconds of one optimizer step, with its share of validating',
    text: (row) => formatScore(row.millisecondsPerStep),
    number: true,
  },
  parameters: {
    title: 'Parameters',
    explained: 'Numbers that are learned',
    text: (row) => count(row.parameters),
    number: true,
  },
  memory: {
    title: 'Memory',
    explained: 'What the tensors took at most while training',
    text: (row) => (row.memory === null ? missing : formatBytes(row.memory)),
    number: true,
  },
  seed: {
    title: 'Seed',
    explained: 'What first weights, order of the rows and dropout are drawn from',
    text: (row) => (row.seed === null ? missing : String(row.seed)),
    number: true,
  },
  note: { title: 'Note', text: (row) => row.note },
};

export const columnsOf = (shown: readonly ColumnKey[], withProject: boolean): Column[] => [
  ...(withProject ? [projectColumn] : []),
  ...columnKeys.filter((key) => shown.includes(key)).map((key) => ({ key, ...columns[key] })),
];

/** Which way a column is sorted at first: the newest runs and the best scores stand at the top. */
export const descendsFirst = ({ key }: Column, rows: readonly RunRow[]): boolean =>
  key === 'created' ||
  ((key === 'validation' || key === 'test') && rows.some((row) => judgedByAccuracy(row[key])));

export const allColumns: readonly Column[] = [nameColumn, ...columnsOf(columnKeys, true)];

/** What the command line sorts by: the titles, in lower case. */
export const sortTitles = allColumns.map(({ title }) => title.toLowerCase());
