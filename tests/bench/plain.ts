/**
 * A training case as tf.layers can take it: its GRU is reset-before, it doesn't clip by the global norm,
 * and its bidirectional layer knows no padding. The arithmetic is about the same.
 */
import type { IrProgram } from '#shared/ir/types';
import { initialWeights } from '../../src/main/engine/compile/model.js';
import type { Arrays } from './arrays.js';
import type { TrainingSpec } from './cases.js';

export function plainCase(
  spec: TrainingSpec,
  inputs: Arrays,
): { spec: TrainingSpec; inputs: Arrays } {
  const program = resetBefore(spec.program);
  return {
    spec: {
      ...spec,
      program,
      recipe: { ...spec.recipe, clip: { norm: null, value: null } },
      batches: spec.batches.map((batch) => ({ ...batch, masked: false })),
    },
    inputs: { ...inputs, weights: initialWeights(program, 1) },
  };
}

function resetBefore(program: IrProgram): IrProgram {
  const biases = program.ops.flatMap((op) =>
    op.op === 'recurrent' && op.cell === 'gru' && op.bias !== null ? [op.bias] : [],
  );
  return {
    ...program,
    ops: program.ops.map((op) => (op.op === 'recurrent' ? { ...op, resetAfter: false } : op)),
    parameters: program.parameters.map((parameter) =>
      biases.includes(parameter.id)
        ? { ...parameter, shape: parameter.shape.slice(-1) }
        : parameter,
    ),
  };
}
