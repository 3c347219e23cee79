/** Attention over the real steps of a memory; see the IR's `attention` op for the variants. */
import type { IrOp } from '../../ir/types.js';
import { asIs, parameterOf } from '../weights.js';
import type { OnnxValues } from './values.js';
import { int } from './graph.js';

export type AttentionOp = Extract<IrOp, { op: 'attention' }>;

/** In place of the score of a padded step: its exponential is exactly 0, and no row becomes NaN. */
const excluded = -1e9;

export function emitAttention(op: AttentionOp, values: OnnxValues): void {
  values.set(op.weights, () => attentionWeights(op, values));
  values.set(op.output, () => {
    const { graph } = values;
    const weights = values.get(op.weights);
    const memory = values.get(op.memory);
    if (perStep(op, values)) return graph.add('MatMul', [weights, memory]);
    return graph.squeeze(graph.add('MatMul', [graph.unsqueeze(weights, 1), memory]), 1);
  });
}

const perStep = ({ query }: AttentionOp, values: OnnxValues): boolean =>
  query !== null && values.isSequence(query);

/** [B,T], or [B,Tq,T]. A row without real steps has weights 0. */
function attentionWeights(op: AttentionOp, values: OnnxValues): string {
  const { graph } = values;
  const scores = op.score === 'additive' ? additive(op, values) : dot(op, values);
  if (!values.isPadded(op.memory)) return graph.add('Softmax', [scores], { axis: int(-1) });
  const mask = perStep(op, values) ? graph.unsqueeze(values.stepMask(), 1) : values.stepMask();
  const real = graph.add('Where', [mask, scores, graph.constant('float32', excluded)]);
  const weights = graph.add('Softmax', [real], { axis: int(-1) });
  return graph.add('Where', [mask, weights, graph.constant('float32', 0)]);
}

/** v · tanh(Wq q + Wm m + b). */
function additive(op: AttentionOp, values: OnnxValues): string {
  const { graph } = values;
  let sum = graph.add('MatMul', [values.get(op.memory), weight(op.memoryKernel, 'Wm', values)]);
  if (op.query !== null) {
    const query = graph.add('MatMul', [values.get(op.query), weight(op.queryKernel, 'Wq', values)]);
    sum = perStep(op, values)
      ? graph.add('Add', [graph.unsqueeze(sum, 1), graph.unsqueeze(query, 2)])
      : graph.add('Add', [sum, graph.unsqueeze(query, 1)]);
  }
  if (op.bias !== null) sum = graph.add('Add', [sum, weight(op.bias, 'b', values)]);
  return timesVector(op, graph.add('Tanh', [sum]), values);
}

/** q · m, over √F when scaled; without a query q is a learned vector. */
function dot(op: AttentionOp, values: OnnxValues): string {
  const { graph } = values;
  const memory = values.get(op.memory);
  const scores = (): string => {
    if (op.query === null) return timesVector(op, memory, values);
    const query = values.get(op.query);
    if (perStep(op, values)) {
      return graph.add('MatMul', [query, graph.transpose(memory, 0, 2, 1)]);
    }
    return graph.squeeze(graph.add('MatMul', [memory, graph.unsqueeze(query, 2)]), 2);
  };
  if (!op.scaled) return scores();
  const scale = 1 / Math.sqrt(values.featuresOf(op.memory));
  return graph.add('Mul', [scores(), graph.constant('float32', scale)]);
}

/** [...,U] · v → [...]. */
function timesVector({ vector }: AttentionOp, value: string, { graph, program }: OnnxValues) {
  if (vector === null) throw new Error('pooling and additive attention have a vector');
  const [size = 0] = parameterOf(program, vector).shape;
  const column = graph.weight('v', [size, 1], asIs(program, vector, '').values);
  return graph.squeeze(graph.add('MatMul', [value, column]), -1);
}

function weight(id: string | null, name: string, { graph, program }: OnnxValues): string {
  if (id === null) throw new Error('additive attention has its kernels');
  const { shape, values } = asIs(program, id, name);
  return graph.weight(name, shape, values);
}
