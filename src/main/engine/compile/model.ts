/**
 * IR → a TF.js model: parameters as variables and a forward pass that interprets the ops in order. It is
 * differentiable under TF.js' tape; the training loop, prediction and export run the same function.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { IrParameter, IrProgram } from '#shared/ir/types';
import type { Batch } from '../data/types.js';
import type { Device } from '../devices/types.js';
import type { Random } from '../train/random.js';
import { initialValues } from './initialize.js';
import { consumedValues, Evaluation, runOp } from './ops.js';

export type ModelInput = Pick<Batch, 'size' | 'timeSteps' | 'input' | 'lengths'>;

export interface ForwardResult {
  /** [B,C], or [B,T,C] for a head that predicts each step. */
  logits: tf.Tensor;
  /** Weights [B,T] or [B,Tq,T] of every attention op, in the program's order. */
  attention: { node: string; weights: tf.Tensor }[];
}

export interface ModelParameter {
  spec: IrParameter;
  variable: tf.Variable;
  /** Where its values lie in the flat weight vector. */
  offset: number;
  size: number;
}

export interface Model {
  program: IrProgram;
  parameters: readonly ModelParameter[];
  /** Number of trainable values. */
  parameterCount: number;
  /**
   * Run inside `tf.tidy` or a gradient scope: intermediate tensors are left to it.
   * @param dropout source of dropout masks; null computes without dropout.
   */
  forward(input: ModelInput, dropout: Random | null): ForwardResult;
  /** All weights in one vector, in the program's parameter order. */
  read(): Promise<Float32Array>;
  write(weights: Float32Array): void;
  dispose(): void;
}

/** Seeded weights for training, in the program's parameter order. */
export function initialWeights(program: IrProgram, seed: number): Float32Array {
  const parts = program.parameters.map((parameter) => initialValues(parameter, seed));
  const weights = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    weights.set(part, offset);
    offset += part.length;
  }
  return weights;
}

/** A model on the device's (the current) TF.js backend. @param weights in the program's parameter order. */
export function compile(program: IrProgram, device: Device, weights: Float32Array): Model {
  let parameterCount = 0;
  const parameters = program.parameters.map((spec): ModelParameter => {
    const size = spec.shape.reduce((product, d) => product * d, 1);
    // TF.js names variables globally; two models of one program must not collide, so it invents names.
    const variable = tf.tidy(() => tf.variable(tf.zeros(spec.shape)));
    const parameter = { spec, variable, offset: parameterCount, size };
    parameterCount += size;
    return parameter;
  });
  const variables = new Map(parameters.map((p) => [p.spec.id, p.variable]));
  const consumed = consumedValues(program);

  const model: Model = {
    program,
    parameters,
    parameterCount,
    forward(input, dropout) {
      const evaluation = new Evaluation(program, device, variables, consumed, input, dropout);
      for (const op of program.ops) runOp(op, evaluation);
      return { logits: evaluation.get(program.head.logits), attention: evaluation.attention };
    },
    async read() {
      const weights = new Float32Array(parameterCount);
      const values = await Promise.all(parameters.map((p) => p.variable.data()));
      parameters.forEach((p, i) => weights.set(values[i]!, p.offset));
      return weights;
    },
    write(weights) {
      if (weights.length !== parameterCount)
        throw new Error(`${weights.length} weights for ${parameterCount} parameters`);
      for (const { spec, variable, offset, size } of parameters) {
        const value = tf.tensor(weights.slice(offset, offset + size), spec.shape, 'float32');
        variable.assign(value);
        value.dispose();
      }
    },
    dispose() {
      for (const { variable } of parameters) variable.dispose();
    },
  };
  model.write(weights);
  return model;
}
