/** What optimizers share: their formulas over each variable, and values that they keep for it. */
import * as tf from '@tensorflow/tfjs';

export interface Optimizer {
  /**
   * One update of all variables.
   * @param gradients in the order of the variables.
   * @param step 1-based.
   */
  apply(gradients: readonly tf.Tensor[], learningRate: number, step: number): void;
}

/** Zeros of each variable's shape. */
export const zerosLike = (variables: readonly tf.Variable[]): tf.Variable[] =>
  variables.map((variable) => tf.tidy(() => tf.variable(tf.zeros(variable.shape))));
