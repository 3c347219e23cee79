/** Attention over the real steps of a memory; see the IR's `attention` op for the variants. */
import * as tf from '@tensorflow/tfjs-core';
import type { IrOp } from '#shared/ir/types';
import { stepMask } from './masks.js';
import type { Evaluation } from './ops.js';
import { as3D, projectLast } from './rank.js';

type AttentionOp = Extract<IrOp, { op: 'attention' }>;

/** Added to the score of a padded step: e^-1e9 is exactly 0 in float32, and no row becomes NaN. */
const excluded = -1e9;

/**
 * @returns context [B,F] and weights [B,T]; for a query [B,Tq,F] context [B,Tq,F], weights [B,Tq,T].
 * The weights of a row sum to 1 over its real steps; a row without any has weights and context 0.
 */
export function attend(op: AttentionOp, e: Evaluation): { context: tf.Tensor; weights: tf.Tensor } {
  const memory = as3D(e.get(op.memory));
  const [batch, timeSteps, features] = memory.shape;
  const query = op.query === null ? null : e.get(op.query);
  const queries = query?.rank === 3 ? (query.shape[1] ?? 1) : 1;
  // One query for the whole sequence is a query sequence of length 1.
  const scores = tf.reshape<tf.Rank.R3>(
    op.score === 'additive' ? additive(op, e, memory, query) : dot(op, e, memory, query),
    [batch, queries, timeSteps],
  );

  const lengths = e.lengths(op.memory);
  const mask =
    lengths === null ? null : tf.tensor3d(stepMask(lengths, timeSteps), [batch, 1, timeSteps]);
  const { context, weights } = weigh(scores, memory, mask);
  if (query?.rank === 3) return { context, weights };
  return {
    context: tf.reshape(context, [batch, features]),
    weights: tf.reshape(weights, [batch, timeSteps]),
  };
}

/** @param mask [B,1,T], 1 at real steps; null: all are. */
function weigh(scores: tf.Tensor3D, memory: tf.Tensor3D, mask: tf.Tensor3D | null) {
  const weights: tf.Tensor3D =
    mask === null
      ? tf.softmax(scores)
      : tf.mul<tf.Tensor3D>(tf.softmax(tf.add(scores, tf.mul(tf.sub(1, mask), excluded))), mask);
  return { context: tf.matMul(weights, memory), weights };
}

/** Scaled dot attention of queries [B,Tq,F] over keys [B,T,F] and values [B,T,V]. */
export function dotAttention(
  queries: tf.Tensor3D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  mask: tf.Tensor3D | null,
) {
  return weigh(dotScores(queries, keys, 1 / Math.sqrt(keys.shape[2])), values, mask);
}

function dotScores(queries: tf.Tensor3D, keys: tf.Tensor3D, scale: number): tf.Tensor3D {
  const scores = tf.matMul<tf.Tensor3D>(queries, keys, false, true);
  return scale === 1 ? scores : tf.mul<tf.Tensor3D>(scores, scale);
}

/** e = v · tanh(Wq q + Wm m + b). */
function additive(
  op: AttentionOp,
  e: Evaluation,
  memory: tf.Tensor3D,
  query: tf.Tensor | null,
): tf.Tensor {
  const [batch, timeSteps] = memory.shape;
  if (op.memoryKernel === null || op.vector === null)
    throw new Error(`${op.node}: additive attention needs a memory kernel and a vector`);
  const projected = projectLast(memory, e.parameter(op.memoryKernel));
  const width = projected.shape.at(-1) ?? 1;
  let sum = tf.reshape(projected, [batch, 1, timeSteps, width]);
  if (query !== null) {
    if (op.queryKernel === null)
      throw new Error(`${op.node}: additive attention needs a query kernel`);
    const projectedQuery = projectLast(query, e.parameter(op.queryKernel));
    sum = tf.add(sum, tf.reshape(projectedQuery, [batch, -1, 1, width]));
  }
  if (op.bias !== null) sum = tf.add(sum, e.parameter(op.bias));
  return projectLast(tf.tanh(sum), tf.reshape(e.parameter(op.vector), [width, 1]));
}

/** e = q · m, over √F when scaled; without a query q is a learned vector. */
function dot(
  op: AttentionOp,
  e: Evaluation,
  memory: tf.Tensor3D,
  query: tf.Tensor | null,
): tf.Tensor {
  const keys =
    op.memoryKernel === null ? memory : as3D(projectLast(memory, e.parameter(op.memoryKernel)));
  const [batch, , width] = keys.shape;
  const scale = op.scaled ? 1 / Math.sqrt(width) : 1;
  if (query === null) {
    if (op.vector === null) throw new Error(`${op.node}: pooling dot attention needs a vector`);
    const scores = projectLast(keys, tf.reshape(e.parameter(op.vector), [width, 1]));
    return scale === 1 ? scores : tf.mul(scores, scale);
  }
  const projected =
    op.queryKernel === null ? query : projectLast(query, e.parameter(op.queryKernel));
  const queries = tf.reshape<tf.Rank.R3>(projected, [batch, -1, width]);
  return dotScores(queries, keys, scale);
}
