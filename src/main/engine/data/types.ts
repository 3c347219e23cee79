/** What preparing a data recipe yields: facts for shapes, a preprocessing record, and three datasets. */
import type { DataFacts } from '#shared/data/facts';
import type { Preprocessing } from '#shared/data/preprocessing';
import type { PartName, Parts } from './split.js';

export interface Batch {
  /** B. */
  size: number;
  /** T: the longest row of this batch; shorter rows are padded at the end with zeros. */
  timeSteps: number;
  input:
    | { kind: 'tokens'; ids: Int32Array /* [B·T] */ }
    | { kind: 'features'; values: Float32Array /* [B·T·F] */; features: number };
  /** Real length of each row, [B]; null when no row of the dataset is padded. */
  lengths: Int32Array | null;
  targets:
    | { kind: 'class'; ids: Int32Array /* [B] */ }
    /** One target a step, [B·T]; entries beyond a row's length are 0 and must be masked. */
    | { kind: 'steps'; ids: Int32Array }
    /**
     * Forecast, [B·O], O = horizon × targets (horizon major), in scaled units. `persistence` has the
     * same shape: the last seen value of each target, repeated over the horizon, in scaled units.
     */
    | { kind: 'values'; values: Float32Array; persistence: Float32Array };
}

export interface Dataset {
  /** Number of examples. */
  size: number;
  /** Real length of each example after truncation; drives length bucketing. */
  lengths: Int32Array;
  /** A padded batch of these examples, in this order. */
  batch(indices: readonly number[]): Batch;
  /** What the example was, for people: the text or the window, and its target. */
  describe(index: number): { input: string; target: string };
}

export type LabelledRow = { text: string; label: string } | { tokens: string[]; tags: string[] };

/** The examples as the source has them, before tokenizing, cutting and scaling: what an export takes along. */
export type RawData =
  | { kind: 'rows'; row(part: PartName, example: number): LabelledRow }
  /** `starts`: the first token of each example's window. */
  | { kind: 'text'; text: string; starts: Parts; window(start: number): string }
  /** `starts`: the first row of each example's window. */
  | { kind: 'series'; columns: { name: string; values: Float64Array }[]; starts: Parts };

export interface PreparedData {
  facts: DataFacts;
  preprocessing: Preprocessing;
  train: Dataset;
  validation: Dataset;
  test: Dataset;
  raw: RawData;
}
