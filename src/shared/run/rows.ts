/** The run list as rows of plain values, so that sorting and showing agree. */
import type { DeviceId } from '../ipc/devices.js';
import type { RunEntry } from '../ipc/studio.js';
import type { RunParent } from './branch.js';
import type { Scores } from './events.js';
import type { RunState } from './state.js';
import { simpleName } from '../graph/cell-swap.js';
import type { Annotations } from './annotations.js';
import { formatPercent, formatScore, missing } from '../format.js';
import { runTitle, stateText } from './names.js';

export interface RunRow {
  id: string;
  title: string;
  project: string;
  phase: RunState['phase'];
  state: string;
  /** Ended by itself: nothing is left to do. */
  finished: boolean;
  device: string | null;
  created: string;
  /** Epochs done. */
  epochs: number | null;
  bestEpoch: number | null;
  validation: Scores | null;
  test: Scores | null;
  seconds: number | null;
  /** Of one optimizer step, with its share of validating. */
  millisecondsPerStep: number | null;
  parameters: number | null;
  /** Bytes that the tensors held at most. */
  memory: number | null;
  seed: number | null;
  tags: readonly string[];
  note: string;
  /** The run that it branched off. */
  parent: RunParent | null;
}

const deviceNames: Record<DeviceId, string> = {
  'tensorflow-gpu': 'TensorFlow CUDA',
  webgpu: 'WebGPU',
  tensorflow: 'TensorFlow CPU',
  wasm: 'WebAssembly',
  cpu: 'CPU reference',
};

const perStep = (seconds: number, steps: number): number | null =>
  steps > 0 ? (1000 * seconds) / steps : null;

/** @param draft what is written on it and not in its record yet. */
export function rowOf(run: RunEntry, draft: Annotations = {}): RunRow {
  const { state } = run;
  const base = {
    id: run.id,
    title: runTitle(run.id),
    project: simpleName(run.projectName),
    phase: state.phase,
    state: stateText(state),
    finished: state.phase === 'done' && state.summary.reason !== 'stopped',
    created: run.created,
    tags: draft.tags ?? run.tags,
    note: draft.note ?? run.note,
    parent: run.parent,
    seed: run.seed,
  };
  if (state.phase === 'done') {
    const { summary } = state;
    return {
      ...base,
      device: deviceNames[summary.device],
      epochs: summary.epochs,
      bestEpoch: summary.bestEpoch,
      validation: summary.validation,
      test: summary.test,
      seconds: summary.seconds,
      millisecondsPerStep: perStep(summary.seconds, summary.step),
      parameters: summary.parameters,
      memory: summary.peakTensorBytes,
    };
  }
  if (state.phase === 'training' || state.phase === 'paused')
    return {
      ...base,
      device: state.deviceName,
      epochs: state.lastEpoch?.epoch ?? 0,
      bestEpoch: state.lastEpoch?.bestEpoch ?? null,
      validation: state.lastEpoch?.validation ?? null,
      test: null,
      seconds: state.lastBatch?.elapsed ?? null,
      millisecondsPerStep:
        state.lastBatch === null ? null : perStep(state.lastBatch.elapsed, state.lastBatch.step),
      parameters: state.parameters,
      memory: state.lastEpoch?.memory.tensorBytes ?? null,
      seed: state.seed,
    };
  return {
    ...base,
    device: null,
    epochs: null,
    bestEpoch: null,
    validation: null,
    test: null,
    seconds: null,
    millisecondsPerStep: null,
    parameters: null,
    memory: null,
  };
}

/** `branch of Run a1b2 at epoch 3.5`; null where it began by itself. */
export const branchText = ({ parent }: Pick<RunRow, 'parent'>): string | null =>
  parent === null
    ? null
    : `branch of ${runTitle(parent.runId)} at epoch ${Number(parent.epoch.toFixed(2))}`;

/** Rows that stay the same objects as long as nothing of their run changes, so that only others are drawn. */
export function createRowMemory(): typeof rowOf {
  const known = new Map<string, { from: readonly unknown[]; row: RunRow }>();
  return (run, draft) => {
    const from = [run, draft];
    const earlier = known.get(run.id);
    if (earlier?.from.every((value, index) => value === from[index]) === true) return earlier.row;
    const row = rowOf(run, draft);
    known.set(run.id, { from, row });
    return row;
  };
}

/** Whether every word stands somewhere in the row, and it has all the tags. */
export function matchesFilter(row: RunRow, text: string, tags: readonly string[]): boolean {
  if (!tags.every((tag) => row.tags.includes(tag))) return false;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const { title, id, project, device, state, note } = row;
  const all = [title, id, project, device, state, note, branchText(row) ?? '', ...row.tags]
    .join('\n')
    .toLowerCase();
  return words.every((word) => all.includes(word));
}

/** Every tag with how many rows have it; the most used first. */
export function tagCounts(rows: readonly { tags: readonly string[] }[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { tags } of rows) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
}

/** What runs are called beside each other: by their first tags where these tell them apart. */
export function namesOf(rows: readonly RunRow[]): string[] {
  const tags = rows.map((row) => row.tags[0]);
  const distinct = new Set(tags).size === rows.length && !tags.includes(undefined);
  return rows.map((row, index) => (distinct ? (tags[index] ?? row.title) : row.title));
}

/** The score that a task is judged by; losses of one task compare, scores of two tasks don't. */
export function mainScore(scores: Scores | null): number | null {
  if (scores === null) return null;
  return scores.meanAbsoluteError ?? scores.perplexity ?? scores.accuracy;
}

/** Then more is better; of perplexity and errors, less. */
export const judgedByAccuracy = (scores: Scores | null): boolean =>
  scores !== null && scores.accuracy !== null && mainScore(scores) === scores.accuracy;

/** `83.8 %`, `MAE 2.014`, `perplexity 4.20`. */
export function scoreText(scores: Scores | null): string {
  if (scores === null) return missing;
  if (scores.meanAbsoluteError !== null) return `MAE ${formatScore(scores.meanAbsoluteError)}`;
  if (scores.perplexity !== null) return `perplexity ${formatScore(scores.perplexity)}`;
  return formatPercent(scores.accuracy);
}

/** The run's name stands first always, its project where there are several. */
export const columnKeys = [
  'tags',
  'state',
  'device',
  'created',
  'epochs',
  'loss',
  'validation',
  'test',
  'seconds',
  'millisecondsPerStep',
  'parameters',
  'memory',
  'seed',
  'note',
] as const;
export type ColumnKey = (typeof columnKeys)[number];

export const sortKeys = ['title', 'project', ...columnKeys] as const;
export type SortKey = (typeof sortKeys)[number];

export interface Sorting {
  key: SortKey;
  descending: boolean;
}

function valueOf(row: RunRow, key: SortKey): string | number | null {
  switch (key) {
    case 'loss':
      return row.validation?.loss ?? null;
    case 'validation':
      return mainScore(row.validation);
    case 'test':
      return mainScore(row.test);
    case 'tags':
      return row.tags.length === 0 ? null : row.tags.join(', ');
    case 'note':
      return row.note === '' ? null : row.note;
    default:
      return row[key];
  }
}

/** Sorted by one column; what is not known stands last in both directions, ties keep the newest first. */
export function sortRows(rows: readonly RunRow[], { key, descending }: Sorting): RunRow[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const left = valueOf(a, key);
    const right = valueOf(b, key);
    if (left === null || right === null) {
      if (left !== right) return left === null ? 1 : -1;
    } else if (left !== right) {
      const order =
        typeof left === 'string' && typeof right === 'string'
          ? left.localeCompare(right)
          : left < right
            ? -1
            : 1;
      return sign * order;
    }
    return b.created.localeCompare(a.created);
  });
}
