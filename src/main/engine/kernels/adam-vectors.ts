/** What a device that fuses Adam for weights in host memory brings. All vectors are as long as the weights. */
import type { Tensor, Variable } from '@tensorflow/tfjs-core';

export interface AdamVectors {
  /** Views: valid until memory is next allocated. */
  weights(): Float32Array;
  gradient(): Float32Array;
  /** First and second moments, zeros at first. */
  slots(): Float32Array[];
  /** Copies a parameter's gradient to its place. */
  take(gradient: Tensor, offset: number): void;
  /** Copies a parameter's weights from their place into its variable. */
  give(variable: Variable, offset: number): void;
  /** Global norms of the gradient, as it is and clipped by value. */
  norms(clipValue: number | null): { raw: number; clipped: number };
  /**
   * The update, of the gradient clipped by the value that `norms` was given last, times `factor`.
   * @param t 1-based step.
   */
  update(
    recipe: { beta1: number; beta2: number; epsilon: number },
    weightDecay: number,
    factor: number,
    learningRate: number,
    t: number,
  ): void;
  dispose(): void;
}
