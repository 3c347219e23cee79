/**
 * Which recurrent layers a device doesn't run on a fused kernel of its own, and why. The engine decides
 * by this, and the canvas and the command line say it. `cpu` has one kernel, for everything. On
 * `tensorflow-gpu` an open device may know more: cuDNN is tried before it is trusted.
 */
import { z } from 'zod';
import type { CellKind } from '../graph/values.js';
import type { DeviceId } from '../ipc/devices.js';
import type { IrProgram } from '../ir/types.js';

export interface RecurrentLayer {
  cell: CellKind;
  /** Simple RNN only. */
  activation: 'tanh' | 'relu';
  /** GRU only. */
  resetAfter: boolean;
  /** Share of h dropped while training; 0 in a prediction. */
  recurrentDropout: number;
}

/** A block, and the sentence that says what its device runs instead of a fused kernel, and why. */
export const fallbackSchema = z.object({ node: z.string(), reason: z.string() });
export type Fallback = z.infer<typeof fallbackSchema>;

/** One sentence, or null where the layer runs on the device's own kernel. */
export function recurrentFallback(device: DeviceId, layer: RecurrentLayer): string | null {
  switch (device) {
    case 'tensorflow-gpu':
      if (layer.cell === 'gru' && !layer.resetAfter)
        return 'Runs step by step on tensorflow-gpu: cuDNN’s GRU resets after the recurrent product only.';
      return layer.recurrentDropout > 0
        ? 'Trains step by step on tensorflow-gpu: recurrent dropout is not covered by cuDNN.'
        : null;
    case 'tensorflow':
      if (layer.cell !== 'lstm')
        return 'Runs step by step on tensorflow: its fused kernel covers the LSTM only.';
      return layer.recurrentDropout > 0
        ? 'Trains step by step on tensorflow: recurrent dropout is not covered by its fused kernel.'
        : null;
    case 'webgpu':
    case 'wasm':
    case 'cpu':
      return null;
  }
}

/** Of all blocks that a program runs. @param reasonOf see `Device.fallback`. */
export function programFallbacks(
  reasonOf: (layer: RecurrentLayer) => string | null,
  { ops }: IrProgram,
): Fallback[] {
  const byNode = new Map<string, string>();
  for (const op of ops) {
    const reason = op.op === 'recurrent' ? reasonOf(op) : null;
    if (reason !== null) byNode.set(op.node, reason);
  }
  return [...byNode].map(([node, reason]) => ({ node, reason }));
}
