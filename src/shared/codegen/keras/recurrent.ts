/** Recurrent blocks: stock layers wherever they give our numbers. */
import { parameterOf } from '../weights.js';
import type { RecurrentLayer, RecurrentModule, RecurrentOp } from '../modules.js';
import { pythonString } from '../names.js';
import { pythonFloat } from '../python/format.js';
import type { KerasValue, LayerWeight, ModelBody } from './body.js';
import { keyword, positional } from './calls.js';
import type { Argument, Call } from './calls.js';

const classNames = { rnn: 'SimpleRNN', lstm: 'LSTM', gru: 'GRU' } as const;
const mergeModes = { concat: 'concat', sum: 'sum', mul: 'mul', average: 'ave' } as const;

const flag = (name: string, value: boolean): Argument[] => (value ? [keyword(name, 'True')] : []);
const rate = (name: string, value: number): Argument[] =>
  value > 0 ? [keyword(name, pythonFloat(value))] : [];

export function writeRecurrent(body: ModelBody, module: RecurrentModule): void {
  const { node, layers } = module;
  let input = body.value(module.input);
  layers.forEach((layer, index) => {
    const top = index === layers.length - 1;
    const part = layers.length === 1 ? '' : String(index + 1);
    if (layer.dropoutBefore > 0) input = dropoutBetween(body, node, input, layer, part);
    input = writeLayer(body, module, layer, { input, top, part });
  });
}

function dropoutBetween(
  body: ModelBody,
  node: string,
  input: KerasValue,
  { dropoutBefore }: RecurrentLayer,
  part: string,
): KerasValue {
  const variable = body.name(node, `dropout ${part}`);
  const layer = body.call({
    node,
    variable,
    callee: 'layers.Dropout',
    options: [positional(pythonFloat(dropoutBefore))],
    layerName: variable,
    inputs: [positional(input.variable)],
    parents: [input.layer],
  });
  return { variable, layer };
}

interface Place {
  input: KerasValue;
  /** The layer whose output leads on. */
  top: boolean;
  /** Of the names: the layer's number in a stack. */
  part: string;
}

/** @returns the layer's sequence for a layer above it; the top layer's output is put into the body. */
function writeLayer(
  body: ModelBody,
  module: RecurrentModule,
  layer: RecurrentLayer,
  { input, top, part }: Place,
): KerasValue {
  const { node } = module;
  const directions = [layer.forward, layer.backward].filter((op) => op !== null);
  const used = top ? module.output.find(({ ref }) => body.isConsumed(ref)) : null;
  const sequence = used === null || used?.steps === 'all';
  const finalState = directions.flatMap((op) => op.finalState);
  const state = finalState.some((ref) => body.isConsumed(ref))
    ? body.name(node, `${part} state`)
    : null;

  const layerName = body.name(node, part);
  const variable =
    used === undefined ? null : used === null ? layerName : body.variableOf(used.ref, node);
  const backwards = layer.forward === null;
  // Keras gives the outputs of such a layer in the order in which it made them: last step first.
  const flipped = backwards && sequence;
  // Without a mask JAX on a GPU gives them in the input's order: there the layer reads a flipped input.
  const masked = body.isPadded(module.input);
  const flippedInput = flipped && !masked;

  const initialState = directions.flatMap((op) => op.initialState ?? []);
  const from = initialState.length === 0 ? null : body.state(initialState);
  const cell = cellCall(body, module, layer, [
    ...flag('return_sequences', sequence),
    ...flag('return_state', state !== null),
    ...flag('go_backwards', backwards && !flippedInput),
  ]);
  const bidirectional = directions.length === 2;
  const flip = (text: string): Call => ({
    callee: 'ops.flip',
    arguments: [positional(text), keyword('axis', '1')],
  });
  let made = body.call({
    node,
    variable,
    state,
    callee: bidirectional ? 'layers.Bidirectional' : cell.callee,
    options: bidirectional
      ? [
          positional(cell),
          keyword('merge_mode', pythonString(mergeModes[module.merge ?? 'concat'])),
        ]
      : cell.arguments,
    layerName,
    inputs: [
      positional(flippedInput ? flip(input.variable) : input.variable),
      ...(masked ? [keyword('mask', 'mask')] : []),
      ...(from === null ? [] : [keyword('initial_state', from.variable)]),
    ],
    parents: [
      flippedInput ? { className: 'Flip', parents: [input.layer] } : input.layer,
      ...(from === null ? [] : [from.layer]),
    ],
    weights: weightsOf(layer),
  });
  if (state !== null) body.setState(finalState, { variable: state, layer: made });
  if (flipped && variable !== null) {
    body.assign(node, variable, flip(variable));
    made = { className: 'Flip', parents: [made] };
  }
  const value = { variable: variable ?? layerName, layer: made };
  if (used) body.setValue(used.ref, value);
  return value;
}

/** `layers.LSTM(64, return_sequences=True)`. */
function cellCall(
  body: ModelBody,
  module: RecurrentModule,
  layer: RecurrentLayer,
  sequenceOptions: Argument[],
): Call {
  const { cell, node } = module;
  const op = layer.forward ?? layer.backward;
  if (op === null) throw new Error(`${node} has a layer without a direction`);
  const options = [
    positional(String(layer.units)),
    ...(cell === 'rnn' && module.activation !== 'tanh'
      ? [keyword('activation', pythonString(module.activation))]
      : []),
    ...(cell === 'gru' && !module.resetAfter ? [keyword('reset_after', 'False')] : []),
    ...(op.bias === null ? [keyword('use_bias', 'False')] : []),
    ...rate('dropout', module.dropout),
    ...rate('recurrent_dropout', module.recurrentDropout),
    ...penalty(body, 'kernel_regularizer', op.kernel),
    ...penalty(body, 'recurrent_regularizer', op.recurrentKernel),
  ];
  if (module.recurrentDropout === 0 || cell === 'rnn')
    return { callee: `layers.${classNames[cell]}`, arguments: [...options, ...sequenceOptions] };
  const shared = body.custom(cell === 'lstm' ? 'SharedMaskLSTMCell' : 'SharedMaskGRUCell', node);
  return {
    callee: 'layers.RNN',
    arguments: [positional({ callee: shared, arguments: options }), ...sequenceOptions],
  };
}

/** The penalty l2·Σw² on a parameter, if it has one. */
export function penalty(body: ModelBody, name: string, parameter: string): Argument[] {
  const { l2 } = parameterOf(body.program, parameter);
  return l2 === 0 ? [] : [keyword(name, `keras.regularizers.L2(${pythonFloat(l2)})`)];
}

function weightsOf({ forward, backward }: RecurrentLayer): LayerWeight[] {
  const cell = (op: RecurrentOp, prefix: string): LayerWeight[] =>
    [op.kernel, op.recurrentKernel, op.bias]
      .filter((id) => id !== null)
      .map((parameter, index) => ({ path: `${prefix}cell/vars/${index}`, parameter }));
  if (forward !== null && backward !== null)
    return [...cell(forward, 'forward_layer/'), ...cell(backward, 'backward_layer/')];
  const op = forward ?? backward;
  return op === null ? [] : cell(op, '');
}
