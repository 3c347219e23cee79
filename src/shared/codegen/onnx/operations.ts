/** ONNX operators of every IR op but the recurrent ones and attention. */
import type { Activation } from '../../ir/types.js';
import type { Operation, OperationOf } from '../modules.js';
import { asIs } from '../weights.js';
import { emitAttention } from './attention.js';
import { float, int, string } from './graph.js';
import { inputNames, type OnnxValues } from './values.js';

export function emitOperation(op: Operation, values: OnnxValues): void {
  const { graph } = values;
  switch (op.op) {
    case 'input':
      return values.set(op.output, () => inputNames[op.feed]);
    case 'embedding':
      return values.set(op.output, () =>
        graph.add('Gather', [weight(op.table, 'table', values), values.get(op.input)], {
          axis: int(0),
        }),
      );
    case 'dense':
      return values.set(op.output, () => activate(op.activation, affine(op, values), values));
    // Dropout is for training only.
    case 'dropout':
      return values.set(op.output, () => values.get(op.input));
    case 'layer-norm':
      return values.set(op.output, () =>
        graph.add(
          'LayerNormalization',
          [
            values.get(op.input),
            weight(op.gamma, 'gamma', values),
            weight(op.beta, 'beta', values),
          ],
          { axis: int(-1), epsilon: float(op.epsilon) },
        ),
      );
    case 'last-step':
      return values.set(op.output, () => lastStep(op, values));
    case 'pool-over-time':
      return values.set(op.output, () => pool(op, values));
    case 'concat':
      return values.set(op.output, () =>
        graph.add(
          'Concat',
          op.inputs.map((ref) => values.get(ref)),
          { axis: int(-1) },
        ),
      );
    case 'add':
      return values.set(op.output, () =>
        graph.add(
          'Sum',
          op.inputs.map((ref) => values.get(ref)),
        ),
      );
    case 'attention':
      return emitAttention(op, values);
    default:
      op satisfies never;
  }
}

function weight(id: string, name: string, { graph, program }: OnnxValues): string {
  const { shape, values } = asIs(program, id, name);
  return graph.weight(name, shape, values);
}

function affine(op: OperationOf<'dense'>, values: OnnxValues): string {
  const { graph } = values;
  const input = values.get(op.input);
  const kernel = weight(op.kernel, 'kernel', values);
  if (op.bias === null) return graph.add('MatMul', [input, kernel]);
  const bias = weight(op.bias, 'bias', values);
  if (!values.isSequence(op.output)) return graph.add('Gemm', [input, kernel, bias]);
  return graph.add('Add', [graph.add('MatMul', [input, kernel]), bias]);
}

function activate(activation: Activation, value: string, { graph }: OnnxValues): string {
  switch (activation) {
    case 'linear':
      return value;
    case 'tanh':
      return graph.add('Tanh', [value]);
    case 'relu':
      return graph.add('Relu', [value]);
    case 'sigmoid':
      return graph.add('Sigmoid', [value]);
    case 'softmax':
      return graph.add('Softmax', [value], { axis: int(-1) });
    case 'gelu':
      return graph.add('Gelu', [value], { approximate: string('none') });
  }
}

/** [B,T,F] → [B,F] at each row's last real step; zeros for a row without any. */
function lastStep({ input }: OperationOf<'last-step'>, values: OnnxValues): string {
  const { graph } = values;
  const sequence = values.get(input);
  if (!values.isPadded(input))
    return graph.add('Gather', [sequence, graph.constant('int64', -1)], { axis: int(1) });
  const step = graph.add('Sub', [values.positiveLengths(), graph.constant('int64', 1)]);
  const last = graph.add('GatherND', [sequence, graph.unsqueeze(step, 1)], { batch_dims: int(1) });
  return onlyRealRows(last, values);
}

/** [B,T,F] → [B,F] over real steps; zeros for a row without any. */
function pool({ mode, input }: OperationOf<'pool-over-time'>, values: OnnxValues): string {
  const { graph } = values;
  const sequence = values.get(input);
  const over = (op: string, value: string): string =>
    graph.add(op, [value, graph.constant('int64', [1])], { keepdims: int(0) });
  const reductions = { mean: 'ReduceMean', max: 'ReduceMax', sum: 'ReduceSum' };
  if (!values.isPadded(input)) return over(reductions[mode], sequence);

  const mask = graph.unsqueeze(values.stepMask(), 2);
  const real = (other: number): string =>
    graph.add('Where', [mask, sequence, graph.constant('float32', other)]);
  if (mode === 'max') return onlyRealRows(over('ReduceMax', real(lowest)), values);
  const sum = over('ReduceSum', real(0));
  if (mode === 'sum') return sum;
  const counts = graph.unsqueeze(values.positiveLengths(), 1);
  return graph.add('Div', [sum, graph.add('CastLike', [counts, sum])]);
}

/** Below every float32 that a network makes. */
const lowest = -1e30;

const onlyRealRows = (value: string, values: OnnxValues): string =>
  values.graph.add('Where', [values.hasSteps(), value, values.graph.constant('float32', 0)]);
