/**
 * What a case must give. Nothing is timed that was not compared with one of these:
 *   the reference   kernels/reference.ts in float64, all rows, where that takes seconds
 *   PyTorch         in float64, after it agreed with the reference on a small layer of the same kind
 *   sampled rows    the reference for a few rows; the others get no gradient, so that the gradients of
 *                   the weights are those rows' too
 */
import { attributesOf, largestDifference } from '../../src/main/engine/kernels/recurrent-cases.js';
import { referenceBackward, referenceForward } from '../../src/main/engine/kernels/reference.js';
import type { ReferenceInputs } from '../../src/main/engine/kernels/reference.js';
import type { Arrays } from './arrays.js';
import { flopsOf } from './cases.js';
import type { RecurrentSpec } from './cases.js';
import { recurrentInputs } from './inputs.js';
import { stateNames } from './subject/state-names.js';

export interface Expected {
  /** For people: what it was compared with. */
  by: string;
  inputs: Arrays;
  results: Arrays;
  /** Rows of the batch that `results` has; null is all. */
  rows: number[] | null;
}

/** The reference makes about one GFLOP a second. */
const referenceGflop = 3;
const sampledGflop = 2;

export const referenceIsQuick = (spec: RecurrentSpec): boolean =>
  flopsOf(spec) / 1e9 <= referenceGflop;

/** Rows far apart, as many as take a few seconds. */
function sampleRows(spec: RecurrentSpec): number[] {
  const { batch } = spec;
  const each = flopsOf(spec) / 1e9 / batch;
  const count = Math.max(2, Math.min(batch, Math.floor(sampledGflop / each)));
  const rows = Array.from({ length: count }, (_, i) => Math.round((i * (batch - 1)) / (count - 1)));
  return [...new Set(rows)];
}

export function expectFromReference(spec: RecurrentSpec): Expected {
  const rows = referenceIsQuick(spec) ? null : sampleRows(spec);
  const inputs = recurrentInputs(spec, rows);
  return {
    by: rows === null ? 'the float64 reference' : `the float64 reference on ${rows.length} rows`,
    inputs,
    results: reference(spec, inputs, rows),
    rows,
  };
}

function reference(spec: RecurrentSpec, given: Arrays, rows: number[] | null): Arrays {
  const { timeSteps, features, units, pass } = spec;
  const attributes = attributesOf(spec.variant, units, false);
  const double = (name: string): Float64Array => Float64Array.from(given[name] ?? []);
  const some = (name: string, width: number): Float64Array => gather(double(name), rows, width);
  const lengths = spec.lengths && Int32Array.from(spec.lengths);
  const inputs: ReferenceInputs = {
    batch: rows?.length ?? spec.batch,
    timeSteps,
    features,
    input: some('input', timeSteps * features),
    lengths: lengths && rows ? Int32Array.from(rows, (b) => lengths[b]!) : lengths,
    kernel: double('kernel'),
    recurrentKernel: double('recurrentKernel'),
    bias: double('bias'),
    initialState:
      pass === 'step' ? stateNames(spec).map((name) => some(`initial ${name}`, units)) : null,
    inputMask: null,
    recurrentMask: null,
  };
  const single = (values: Float64Array): Float32Array => Float32Array.from(values);
  const { sequence, finalState } = referenceForward(attributes, inputs);
  const states = stateNames(spec).map((name, i) => [name, single(finalState[i]!)] as const);
  if (pass === 'step') return Object.fromEntries(states);
  if (pass === 'forward') return { sequence: single(sequence), ...Object.fromEntries(states) };
  const upstream = { sequence: some('upstream', timeSteps * units), finalState: [] };
  const gradients = referenceBackward(attributes, inputs, upstream);
  return {
    sequence: single(sequence),
    'd input': single(gradients.input),
    'd kernel': single(gradients.kernel),
    'd recurrentKernel': single(gradients.recurrentKernel),
    'd bias': single(gradients.bias),
  };
}

function gather<A extends Float32Array | Float64Array>(
  values: A,
  rows: readonly number[] | null,
  width: number,
): A;
function gather(
  values: Float32Array | Float64Array,
  rows: readonly number[] | null,
  width: number,
): Float32Array | Float64Array {
  if (rows === null) return values;
  const kept = values.slice(0, rows.length * width);
  rows.forEach((b, i) => kept.set(values.subarray(b * width, (b + 1) * width), i * width));
  return kept;
}

/** Arrays that have a row for each sequence of the batch. */
const perRow = new Set(['sequence', 'h', 'c', 'd input']);

/** The largest difference, relative to the largest value of its array, and that array's name. */
export function compare(
  actual: Arrays,
  { results, rows }: Expected,
  batch: number,
): [number, string] {
  const missing = Object.keys(results).filter((name) => !(name in actual));
  if (missing.length > 0) return [Infinity, `${missing.join(', ')} (missing)`];
  const named = Object.entries(results).map(([name]) => {
    const values = actual[name]!;
    if (rows === null || !perRow.has(name) || !(values instanceof Float32Array))
      return [name, values] as const;
    return [name, gather(values, rows, values.length / batch)] as const;
  });
  // Sums that cancel leave rounding: below this, differences count as absolute.
  return largestDifference(Object.fromEntries(named), results, 1e-6);
}
