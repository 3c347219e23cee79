/** How recurrent blocks become IR: one `recurrent` op per layer and direction. */
import type { LowerContext } from './define.js';
import type { CellKind } from '../graph/values.js';
import type { IrBuilder, IrValueRef } from '../ir/types.js';

export interface LayerOptions {
  node: string;
  cell: CellKind;
  units: number;
  activation: 'tanh' | 'relu';
  resetAfter: boolean;
  reverse: boolean;
  dropout: number;
  recurrentDropout: number;
  /** Of the parameter names: `''`, `forward/`, `layer_1/`… */
  prefix: string;
  initialState: IrValueRef[] | null;
}

export interface LayerValues {
  sequence: IrValueRef;
  last: IrValueRef;
  /** h, and c for an LSTM. */
  finalState: IrValueRef[];
}

export function lowerLayer(
  build: IrBuilder,
  input: IrValueRef,
  options: LayerOptions,
): LayerValues {
  const { prefix, ...rest } = options;
  const { lengths } = build.read(input);
  const sequence = build.value(['B', 'T', options.units], 'float32', lengths);
  const last = build.value(['B', options.units]);
  const finalState = Array.from({ length: options.cell === 'lstm' ? 2 : 1 }, () =>
    build.value(['B', options.units]),
  );
  build.emit({
    op: 'recurrent',
    ...rest,
    input,
    kernel: build.parameter(`${prefix}kernel`),
    recurrentKernel: build.parameter(`${prefix}recurrent_kernel`),
    bias: build.parameter(`${prefix}bias`),
    sequence,
    last,
    finalState,
  });
  return { sequence, last, finalState };
}

/** Values of a state port: `size` of them for each layer and direction, in order. */
export function splitState(
  values: readonly IrValueRef[],
  cell: CellKind,
  part: number,
): IrValueRef[] {
  const size = cell === 'lstm' ? 2 : 1;
  return values.slice(part * size, (part + 1) * size);
}

/** The value at a port that takes one edge. Called on checked graphs only. */
export function one(context: Pick<LowerContext<unknown>, 'values'>, port: string): IrValueRef {
  const ref = context.values[port]?.[0]?.[0];
  if (ref === undefined) throw new Error(`no value at port "${port}"`);
  return ref;
}
