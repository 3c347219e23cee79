/** Results as numbers (`--json`) and as a table for people. */
import { describe, flopsOf } from './cases.js';
import type { Spec } from './cases.js';
import type { Machine } from './machine.js';
import type { Fit } from './scaling.js';
import type { CaseOutcome } from './session.js';
import type { SubjectInfo } from './subjects.js';

export interface Row {
  subject: string;
  label: string;
  family: SubjectInfo['family'];
  status: 'timed' | 'wrong' | 'unsupported' | 'failed';
  /** Why it was not timed. */
  reason?: string;
  /** Largest difference from what is expected, relative to the largest value of the array. */
  difference?: number;
  medianMs?: number;
  minMs?: number;
  samples?: number[];
  /** PyTorch's best median on the same kind of processor ÷ this median: above 1 is faster than PyTorch. */
  speedOverTorch?: number;
  gflops?: number;
  /** Of the yardstick in `machine`, by the median. */
  shareOfPeak?: number;
}

export interface CaseReport {
  id: string;
  title: string;
  spec: Spec;
  gflop: number;
  verifiedBy: string;
  rows: Row[];
  /** In what a row's work differs from the others'. */
  notes: string[];
}

export interface Report {
  date: string;
  machine: Machine;
  subjects: Record<string, { name: string; version: string }>;
  cases: CaseReport[];
  scaling: Fit[];
}

const stockNote =
  'tf.layers: GRU reset-before, no mask for padding, no clipping; verified by its losses. Its wasm ' +
  'backend cannot train an embedding and borrows our UnsortedSegmentSum.';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? sorted[Math.floor(middle)]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function caseReport(
  { spec, verifiedBy, outcomes }: CaseOutcome,
  machine: Machine,
): CaseReport {
  const flops = flopsOf(spec);
  const best = (processor: SubjectInfo['processor']): number | undefined => {
    const medians = outcomes.flatMap(([{ family, processor: own, id }, outcome]) =>
      family === 'torch' && own === processor && outcome.status === 'timed' && !id.endsWith('tf32')
        ? [median(outcome.samples)]
        : [],
    );
    return medians.length === 0 ? undefined : Math.min(...medians);
  };
  const torch = { cpu: best('cpu'), gpu: best('gpu') ?? best('cpu') };
  const rows = outcomes.map(([subject, outcome]): Row => {
    const { id, label, family, processor } = subject;
    const common = { subject: id, label, family, status: outcome.status };
    switch (outcome.status) {
      case 'wrong': {
        const { difference, where } = outcome;
        return { ...common, difference, reason: `in ${where}` };
      }
      case 'unsupported':
      case 'failed':
        return { ...common, reason: outcome.reason };
      case 'timed': {
        const { samples, difference } = outcome;
        const medianMs = median(samples);
        const gflops = flops / medianMs / 1e6;
        const peak = machine.yardsticks.find((one) => one.processor === processor)?.gflops;
        const beside = torch[processor];
        return {
          ...common,
          difference,
          medianMs,
          minMs: Math.min(...samples),
          samples,
          ...(beside === undefined ? {} : { speedOverTorch: beside / medianMs }),
          ...(flops === 0 ? {} : { gflops }),
          ...(flops === 0 || peak === undefined ? {} : { shareOfPeak: gflops / peak }),
        };
      }
    }
  });
  const stock = rows.some(({ family, status }) => family === 'stock' && status === 'timed');
  const notes = spec.kind === 'training' && stock ? [stockNote] : [];
  return { id: spec.id, title: describe(spec), spec, gflop: flops / 1e9, verifiedBy, rows, notes };
}

const number = (value: number | undefined, digits = 3): string =>
  value === undefined ? '' : value >= 1000 ? value.toFixed(0) : value.toPrecision(digits);

/** Two decimals, or two digits where that would be 0. */
export const times = (speed: number): string =>
  `${speed < 0.1 ? speed.toPrecision(2) : speed.toFixed(2)}×`;

/** Milliseconds, or microseconds where they are few. */
function duration(value: number | undefined): string {
  if (value === undefined) return '';
  return value < 0.1 ? `${number(value * 1000)} µs` : `${number(value)} ms`;
}

export function table({ id, title, gflop, verifiedBy, rows, notes }: CaseReport): string {
  const head = ['', 'median', 'min', '× PyTorch', 'GFLOP/s', '% of peak', 'difference'];
  const lines = rows.map((row) =>
    row.status === 'timed'
      ? [
          row.label,
          duration(row.medianMs),
          duration(row.minMs),
          row.speedOverTorch === undefined ? '' : times(row.speedOverTorch),
          number(row.gflops),
          row.shareOfPeak === undefined ? '' : (100 * row.shareOfPeak).toFixed(1),
          row.difference?.toExponential(1) ?? '',
        ]
      : [row.label, `${row.status}: ${firstLine(row)}`],
  );
  const timed = lines.filter((line) => line.length === head.length);
  const widths = head.map((text, i) =>
    Math.max(text.length, ...timed.map((line) => line[i]!.length)),
  );
  widths[0] = Math.max(...lines.map(([label]) => label!.length));
  const format = (line: string[]): string =>
    line
      .map((text, i) =>
        i === 0 || line.length < head.length ? text.padEnd(widths[i]!) : text.padStart(widths[i]!),
      )
      .join('  ')
      .trimEnd();
  const size = gflop === 0 ? '' : ` · ${number(gflop)} GFLOP`;
  return [
    `${title}${size}`,
    `${id} · verified with ${verifiedBy}`,
    ...[head, ...lines].map((line) => `  ${format(line)}`),
    ...notes.map((note) => `  ${note}`),
  ].join('\n');
}

function firstLine({ reason = '', difference }: Row): string {
  const by = difference === undefined ? '' : ` by ${difference.toExponential(1)}`;
  // Of a Python traceback the last line says what happened.
  const lines = reason.trim().split('\n');
  const line = lines[0]?.startsWith('Traceback') ? lines.at(-1) : lines[0];
  return `${line ?? ''}${by}`;
}

/** What packing gains: mails with their lengths beside the same rows padded. */
export function packingLines(cases: readonly CaseReport[]): string[] {
  return cases.flatMap((packed) => {
    const name = packed.id.replace(/-packed$/, '-padded');
    const padded = name === packed.id ? undefined : cases.find(({ id }) => id === name);
    if (padded === undefined) return [];
    const lines = packed.rows.flatMap(({ subject, label, medianMs }) => {
      const other = padded.rows.find((row) => row.subject === subject)?.medianMs;
      if (medianMs === undefined || other === undefined) return [];
      return [`  ${label}: ${(other / medianMs).toFixed(2)}×`];
    });
    const possible = (padded.gflop / packed.gflop).toFixed(2);
    return [`Packing against padding, ${packed.id} (${possible}× less arithmetic):`, ...lines];
  });
}

export function scalingLines(fits: readonly Fit[]): string[] {
  if (fits.length === 0) return [];
  return [
    'Growth, as the exponent p of x^p, least squares on a log–log scale (least time; growth of the process):',
    ...fits.map(({ label, axis, time, memory, points }) => {
      const range = `${points[0]!.value}…${points.at(-1)!.value}`;
      const bytes = memory === null ? '—' : memory.toFixed(2);
      return `  ${label}, ${axis} = ${range}: time ${time.toFixed(2)}, memory ${bytes}`;
    }),
  ];
}
