/**
 * TF.js' customGrad returns one tensor, so a layer's outputs are rows of one: B·T of the sequence where
 * it is needed, then B of h and, for an LSTM, B of c.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { RecurrentOutputs } from '../recurrent.js';

export interface OutputRows {
  batch: number;
  timeSteps: number;
  units: number;
  /** T, or 0 where nobody needs the sequence. */
  sequenceSteps: number;
  /** 2 for an LSTM, else 1. */
  states: number;
}

export function rows(tensor: Tensor2D, from: number, count: number): Tensor2D {
  return tf.slice(tensor, [from, 0], [count, tensor.shape[1]]);
}

export function splitRows(outputs: Tensor2D, layout: OutputRows): RecurrentOutputs {
  const { batch, timeSteps, units, sequenceSteps, states } = layout;
  const sequenceRows = batch * sequenceSteps;
  const finalState = Array.from({ length: states }, (_, state) =>
    rows(outputs, sequenceRows + state * batch, batch),
  );
  const sequence =
    sequenceSteps > 0 ? rows(outputs, 0, sequenceRows) : tf.zeros([batch * timeSteps, units]);
  return {
    sequence: tf.reshape<tf.Rank.R3>(sequence, [batch, timeSteps, units]),
    last: finalState[0]!,
    finalState,
  };
}
