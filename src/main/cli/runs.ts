/** `unroll runs`: the runs of a workspace with the order, filter and CSV of the studio's own list. */
import { existsSync } from 'node:fs';
import { StudioError } from '#shared/errors';
import { formatPlural } from '#shared/format';
import { simpleName } from '#shared/graph/cell-swap';
import type { RunEntry } from '#shared/ipc/studio';
import {
  allColumns,
  columns,
  descendsFirst,
  nameColumn,
  projectColumn,
  type Column,
} from '#shared/run/columns';
import { runsCsv } from '#shared/run/csv';
import {
  matchesFilter,
  rowOf,
  sortRows,
  tagCounts,
  type ColumnKey,
  type RunRow,
  type Sorting,
} from '#shared/run/rows';
import { hasCode } from '../files.js';
import { listRuns } from '../run-folders.js';
import { defaultWorkspace, workspacePath } from '../workspace.js';
import { exitCodes } from './exit-codes.js';
import { CommandEnd, failingAs, note, printJson, printResult, table } from './output.js';
import { loadProject } from './session.js';
import { runFolders } from './train.js';

export interface RunsOptions {
  /** A title of `sortTitles`. */
  sort: string;
  reverse?: boolean;
  /** Runs that have all of them. */
  tag?: readonly string[];
  /** Words that all stand somewhere in the run. */
  filter?: string;
  json?: boolean;
  csv?: boolean;
  workspace?: string;
}

/** They fit a terminal; `--csv` and `--json` have all of them. Texts stand last. */
const shown: readonly ColumnKey[] = [
  'state',
  'created',
  'epochs',
  'loss',
  'test',
  'seconds',
  'seed',
  'tags',
  'note',
];

export async function listCommand(
  project: string | undefined,
  options: RunsOptions,
): Promise<number> {
  const { json = false, csv = false, tag: tags = [], filter = '' } = options;
  const runs = await failingAs('usage', () => runsIn(options.workspace));
  const asked = project === undefined ? runs : await runsOf(project, runs);
  const entries = new Map(asked.map((run) => [run.id, run]));
  const all = asked.map((run) => rowOf(run));
  const rows = sortRows(
    all.filter((row) => matchesFilter(row, filter, tags)),
    sortingOf(all, options),
  );
  if (csv) process.stdout.write(runsCsv(rows));
  else if (json) for (const row of rows) printJson({ ...row, folder: entries.get(row.id)?.folder });
  else if (rows.length > 0) printResult(asTable(rows, project === undefined));
  else note(nothing(all, tags));
  return exitCodes.ok.code;
}

async function runsIn(workspace: string | undefined): Promise<RunEntry[]> {
  const folder = workspacePath(workspace);
  if (!existsSync(folder) && folder !== defaultWorkspace)
    throw new StudioError(
      'workspace-not-found',
      `There is no folder "${folder}".`,
      'Name the folder of projects and runs with --workspace or UNROLL_WORKSPACE.',
    );
  return listRuns(runFolders(workspace).runsFolder, () => null, note);
}

/** @param name a project file, an example, or what the project was called when it trained. */
async function runsOf(name: string, runs: readonly RunEntry[]): Promise<RunEntry[]> {
  const id = await failingAs('badProject', () =>
    loadProject(name).then(
      ({ document }) => document.id,
      (error: unknown) => {
        if (hasCode(error, 'file-not-found')) return null;
        throw error;
      },
    ),
  );
  if (id !== null) return runs.filter(({ projectId }) => projectId === id);
  const found = runs.filter(
    ({ projectName }) => simpleName(projectName).toLowerCase() === name.toLowerCase(),
  );
  if (found.length > 0) return found;
  const names = [...new Set(runs.map(({ projectName }) => simpleName(projectName)))].sort();
  throw new CommandEnd(
    'usage',
    new StudioError(
      'project-not-found',
      `"${name}" is neither a project file nor an example, and no run is of a project with that name.`,
      names.length === 0 ? 'There are no runs yet.' : `There are runs of ${names.join(', ')}.`,
    ),
  );
}

function sortingOf(rows: readonly RunRow[], { sort, reverse = false }: RunsOptions): Sorting {
  const column = allColumns.find(({ title }) => title.toLowerCase() === sort) ?? nameColumn;
  return { key: column.key, descending: descendsFirst(column, rows) !== reverse };
}

/** Characters of a text in the table; a longer one is cut. */
const textLimit = 40;

const cut = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > textLimit ? `${line.slice(0, textLimit - 1)}…` : line;
};

function asTable(rows: readonly RunRow[], withProject: boolean): string {
  const used = shown.map((key) => ({ key, ...columns[key] }));
  const printed: readonly Column[] = [
    // By its whole id, which the other commands take.
    { ...nameColumn, text: ({ id }) => id },
    ...(withProject ? [projectColumn] : []),
    ...used.filter(({ text }) => rows.some((row) => text(row) !== '')),
  ];
  return table(
    [
      printed.map(({ title }) => title.toUpperCase()),
      ...rows.map((row) => printed.map(({ text }) => cut(text(row)))),
    ],
    printed.flatMap(({ number = false }, index) => (number ? [index] : [])),
  );
}

/** Why the table is empty. */
function nothing(all: readonly RunRow[], tags: readonly string[]): string {
  if (all.length === 0) return 'No runs yet.';
  const used = tagCounts(all).map(([tag]) => tag);
  const unknown = tags.filter((tag) => !used.includes(tag));
  if (unknown.length === 0) return `None of ${formatPlural(all.length, 'run')} fits the filter.`;
  const known = used.length === 0 ? 'there are no tags yet' : `tags: ${used.join(', ')}`;
  return `No run has the tag "${unknown.join('", "')}"; ${known}.`;
}
