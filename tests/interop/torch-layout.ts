/**
 * Weights between Keras' layout, which our kernels use, and PyTorch's.
 *
 *                 Keras / ours                    PyTorch
 *   input         kernel [I, G·H]                 weight_ih [G·H, I]   (transposed)
 *   recurrent     recurrentKernel [H, G·H]        weight_hh [G·H, H]   (transposed)
 *   LSTM gates    i f c o                         i f g o              (same order, g is c)
 *   GRU gates     z r h                           r z n                (first two swapped)
 *   bias          one [G·H]                       bias_ih + bias_hh: ours is bias_ih, bias_hh is 0
 *   GRU after     [2, G·H] (input, recurrent)     bias_ih, bias_hh
 *
 * The map is linear and merely moves numbers, so gradients convert back by its inverse.
 */
import type { CellKind } from '#shared/graph/values';

/** For each of PyTorch's gate blocks, which of ours it is. Its own inverse. */
const gateOrder: Record<CellKind, number[]> = { rnn: [0], lstm: [0, 1, 2, 3], gru: [1, 0, 2] };

/** [rows, G·H] → [G·H, rows] in PyTorch's gate order. */
export function kernelToTorch(cell: CellKind, kernel: ArrayLike<number>, units: number): number[] {
  const width = gateOrder[cell].length * units;
  const rows = kernel.length / width;
  return gateOrder[cell].flatMap((gate) =>
    Array.from({ length: units * rows }, (_, at) => {
      const column = gate * units + Math.floor(at / rows);
      return kernel[(at % rows) * width + column]!;
    }),
  );
}

/** [G·H, rows] in PyTorch's gate order → [rows, G·H]. */
export function kernelFromTorch(
  cell: CellKind,
  weight: ArrayLike<number>,
  units: number,
): number[] {
  const width = gateOrder[cell].length * units;
  const rows = weight.length / width;
  return Array.from({ length: rows }, (_, row) =>
    gateOrder[cell].flatMap((block) =>
      Array.from({ length: units }, (_, j) => weight[(block * units + j) * rows + row]!),
    ),
  ).flat();
}

/** [G·H] in our gate order ↔ PyTorch's. */
export function biasAcross(cell: CellKind, bias: ArrayLike<number>, units: number): number[] {
  return gateOrder[cell].flatMap((gate) =>
    Array.from({ length: units }, (_, j) => bias[gate * units + j]!),
  );
}
