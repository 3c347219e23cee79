/**
 * The types of the values that travel along edges. `B` is the batch, `T` the time axis, `F` features.
 * A dimension that is not known yet is `null`; nothing here guesses.
 */
import { z } from 'zod';

export const cellKinds = ['rnn', 'lstm', 'gru'] as const;
export const cellKindSchema = z.enum(cellKinds);
export type CellKind = (typeof cellKinds)[number];

export const valueKinds = ['tokens', 'sequence', 'vector', 'state'] as const;
export type ValueKind = (typeof valueKinds)[number];
export type Dimension = number | null;

/** A time axis: the node id of the input that made it, so that two sequences can be compared. */
export type TimeAxis = string;

/** int32 ids [B, T]. */
export interface TokensType {
  kind: 'tokens';
  /** Longest T, or null where it varies with the batch or is not known yet. */
  timeSteps: Dimension;
  vocabularySize: Dimension;
  /** True when rows are padded at the end, so that lengths travel along. */
  masked: boolean;
  axis: TimeAxis;
}

/** float32 [B, T, F]. */
export interface SequenceType {
  kind: 'sequence';
  timeSteps: Dimension;
  features: Dimension;
  masked: boolean;
  axis: TimeAxis;
}

/** float32 [B, F]. */
export interface VectorType {
  kind: 'vector';
  features: Dimension;
}

/**
 * The final or initial state of a recurrent block: for each layer and direction (layer major, forward
 * before backward) h [B, units], and for an LSTM c [B, units] after it.
 */
export interface StateType {
  kind: 'state';
  cell: CellKind;
  /** Units of each layer. */
  units: number[];
  directions: 1 | 2;
}

export type ValueType = TokensType | SequenceType | VectorType | StateType;

const dimension = (d: Dimension, unknown: string): string => (d === null ? unknown : String(d));

/** `B × T × 128` with what is known; `batch` puts a number for B. */
export function formatShape(type: ValueType, batch?: number): string {
  const b = batch === undefined ? 'B' : String(batch);
  switch (type.kind) {
    case 'tokens':
      return `${b} × ${dimension(type.timeSteps, 'T')}`;
    case 'sequence':
      return `${b} × ${dimension(type.timeSteps, 'T')} × ${dimension(type.features, '?')}`;
    case 'vector':
      return `${b} × ${dimension(type.features, '?')}`;
    case 'state': {
      const count = type.units.length * type.directions;
      const units = [...new Set(type.units)].join('/');
      return `${count} × ${b} × ${units}`;
    }
  }
}
