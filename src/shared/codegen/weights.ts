/**
 * From Keras' layout, in which parameters are kept, to other layouts. Gate orders: Keras and TF.js LSTM
 * i f c o, GRU z r h; PyTorch LSTM i f g o, GRU r z n; ONNX LSTM i o f c, GRU z r h.
 */
import type { CellKind } from '../graph/values.js';
import type { IrParameter, IrProgram } from '../ir/types.js';
import type { ParameterValues, TargetTensor } from './types.js';

export const gateCounts: Readonly<Record<CellKind, number>> = { rnn: 1, lstm: 4, gru: 3 };

/** Position in Keras' order of each gate of the target. */
export const gateOrders = {
  keras: { rnn: [0], lstm: [0, 1, 2, 3], gru: [0, 1, 2] },
  pytorch: { rnn: [0], lstm: [0, 1, 2, 3], gru: [1, 0, 2] },
  onnx: { rnn: [0], lstm: [0, 3, 1, 2], gru: [0, 1, 2] },
} as const satisfies Record<string, Record<CellKind, readonly number[]>>;

export function parameterOf(program: IrProgram, id: string): IrParameter {
  const parameter = program.parameters.find((one) => one.id === id);
  if (parameter === undefined) throw new Error(`the program has no parameter ${id}`);
  return parameter;
}

export function valuesOf(parameters: ParameterValues, id: string): Float32Array {
  const values = parameters.get(id);
  if (values === undefined) throw new Error(`no values for parameter ${id}`);
  return values;
}

/** The parameter as it is. */
export function asIs(program: IrProgram, id: string, name: string): TargetTensor {
  return { name, shape: parameterOf(program, id).shape, values: (all) => valuesOf(all, id) };
}

/** [R, C] → [C, R]. */
export function transposed(program: IrProgram, id: string, name: string): TargetTensor {
  const [rows = 0, columns = 0] = parameterOf(program, id).shape;
  return {
    name,
    shape: [columns, rows],
    values: (all) => transpose(valuesOf(all, id), rows, columns),
  };
}

/** Row-major [rows, columns] → [columns, rows]. */
export function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = values[row * columns + column] ?? 0;
  return result;
}

/** [I, G·H] → [G'·H, I]: transposed, its gates in the target's order. */
export function gateRows(
  kernel: Float32Array,
  inputSize: number,
  units: number,
  order: readonly number[],
): Float32Array {
  const width = order.length * units;
  const result = new Float32Array(width * inputSize);
  order.forEach((gate, position) => {
    for (let unit = 0; unit < units; unit++)
      for (let i = 0; i < inputSize; i++)
        result[(position * units + unit) * inputSize + i] =
          kernel[i * width + gate * units + unit] ?? 0;
  });
  return result;
}

/** [G·H] → [G'·H], its gates in the target's order. */
export function gateBias(
  bias: Float32Array,
  units: number,
  order: readonly number[],
): Float32Array {
  const result = new Float32Array(order.length * units);
  order.forEach((gate, position) =>
    result.set(bias.subarray(gate * units, (gate + 1) * units), position * units),
  );
  return result;
}
