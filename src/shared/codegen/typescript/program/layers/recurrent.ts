/** What all recurrent layers share: weights, and the walk over time. */
import * as tf from '@tensorflow/tfjs';
import { dropoutMask } from './dropout.ts';
import { glorotUniform } from './initializers.ts';
import type { Parameters } from './parameters.ts';
import type { Random } from './random.ts';
import { orthogonal } from './recurrent-initializers.ts';

export interface RecurrentOptions {
  inputs: number;
  units: number;
  /** Reads each row from its last real step to its first. */
  reverse?: boolean;
  /** Share of the inputs that is dropped, the same at all time steps (Gal & Ghahramani 2016). */
  dropout?: number;
  /** Share of h that is dropped before the recurrent product, the same at all time steps. */
  recurrentDropout?: number;
  /** Penalty on both kernels. */
  l2?: number;
}

export interface RecurrentContext {
  /** [B,T], 1 at real steps; without one all steps are real. */
  mask?: tf.Tensor2D;
  /** What `state` of a layer before it was; zeros without one. */
  initialState?: tf.Tensor2D[];
  /** Source of dropout; null or none for inference. */
  random?: Random | null;
}

export interface RecurrentOutput {
  /** [B,T,units], zero at padding; time steps as in the input, whatever the direction. */
  sequence: tf.Tensor3D;
  /** [B,units] after the last real step that was read. */
  last: tf.Tensor2D;
  /** h, and c for an LSTM, each [B,units]. */
  state: tf.Tensor2D[];
}

export abstract class Recurrent {
  readonly units: number;
  protected readonly kernel: tf.Variable<tf.Rank.R2>;
  protected readonly recurrentKernel: tf.Variable<tf.Rank.R2>;
  private readonly options: RecurrentOptions;
  private readonly states: number;

  /** @param states 2 for a cell that has c beside h. */
  constructor(
    parameters: Parameters,
    name: string,
    options: RecurrentOptions,
    { gates, states }: { gates: number; states: number },
  ) {
    const { inputs, units, l2 } = options;
    const width = gates * units;
    this.units = units;
    this.options = options;
    this.states = states;
    this.kernel = parameters.matrix(`${name}/kernel`, [inputs, width], glorotUniform, l2);
    this.recurrentKernel = parameters.matrix(
      `${name}/recurrent_kernel`,
      [units, width],
      orthogonal,
      l2,
    );
  }

  /** The bias that is added to x W. */
  protected abstract inputBias(): tf.Tensor1D;

  /**
   * One time step.
   * @param x this step's x W + b, [B, gates · units].
   * @param hidden h with recurrent dropout: what the recurrent kernel is multiplied with.
   * @returns the next state.
   */
  protected abstract step(x: tf.Tensor2D, hidden: tf.Tensor2D, state: tf.Tensor2D[]): tf.Tensor2D[];

  /** [B,T,inputs] → all outputs. At padding the state stands still. */
  apply(input: tf.Tensor3D, context: RecurrentContext = {}): RecurrentOutput {
    const { mask, initialState, random = null } = context;
    const { units, reverse = false, dropout = 0, recurrentDropout = 0 } = this.options;
    const [batch, steps, features] = input.shape;
    if (random !== null && dropout > 0)
      input = tf.mul(input, dropoutMask([batch, 1, features], dropout, random));
    const hiddenMask =
      random !== null && recurrentDropout > 0
        ? dropoutMask([batch, units], recurrentDropout, random)
        : null;

    const projected = unstack(this.project(input));
    const real = mask === undefined ? null : unstack(tf.expandDims<tf.Tensor3D>(mask, 2));
    const outputs: tf.Tensor2D[] = [];
    let state =
      initialState ??
      Array.from({ length: this.states }, () => tf.zeros<tf.Rank.R2>([batch, units]));
    for (let i = 0; i < steps; i++) {
      const time = reverse ? steps - 1 - i : i;
      const [h] = state;
      const hidden: tf.Tensor2D = hiddenMask === null ? h : tf.mul(h, hiddenMask);
      const next = this.step(projected[time], hidden, state);
      if (real === null) {
        state = next;
        outputs[time] = next[0];
      } else {
        const isReal = real[time];
        state = state.map((old, part) => tf.add(old, tf.mul(isReal, tf.sub(next[part], old))));
        outputs[time] = tf.mul(state[0], isReal);
      }
    }
    const sequence = tf.reshape<tf.Rank.R3>(tf.stack(outputs, 1), [batch, steps, units]);
    return { sequence, last: state[0], state };
  }

  /** x W + b of all time steps in one product: [B,T,inputs] → [B,T, gates · units]. */
  private project(input: tf.Tensor3D): tf.Tensor3D {
    const [batch, steps, inputs] = input.shape;
    const rows = tf.reshape<tf.Rank.R2>(input, [batch * steps, inputs]);
    const product = tf.add(tf.matMul(rows, this.kernel), this.inputBias());
    return tf.reshape<tf.Rank.R3>(product, [batch, steps, this.kernel.shape[1]]);
  }
}

/** [B,T,F] → T matrices [B,F]. `tf.unstack` has no gradient where T is 1. */
function unstack(sequence: tf.Tensor3D): tf.Tensor2D[] {
  const [batch, steps, features] = sequence.shape;
  return tf
    .split(sequence, steps, 1)
    .map((step) => tf.reshape<tf.Rank.R2>(step, [batch, features]));
}
