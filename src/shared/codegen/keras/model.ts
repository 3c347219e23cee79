/** `model.py`: the graph as a functional Keras model, and where its weights stand in `model.weights.h5`. */
import { modulesOf } from '../modules.js';
import type { Operation, OperationOf } from '../modules.js';
import { plainText, pythonString, snakeCase } from '../names.js';
import { pythonFloat } from '../python/format.js';
import type { CodeFile, CodegenInput, WeightFile } from '../types.js';
import { parameterOf } from '../weights.js';
import { CodeWriter } from '../writer.js';
import { ModelBody } from './body.js';
import type { LayerCall, LayerWeight } from './body.js';
import { keyword, layOut, positional } from './calls.js';
import type { Argument } from './calls.js';
import { customLayer } from './custom-layers.js';
import type { CustomLayer } from './custom-layers.js';
import { penalty, writeRecurrent } from './recurrent.js';

export interface KerasModel {
  file: CodeFile;
  weights: WeightFile;
  inputs: ModelInputs;
  /** Layers that Keras does not have. */
  customLayers: CustomLayer[];
}

/** The keys of the model's dict of inputs. */
export interface ModelInputs {
  feed: 'ids' | 'features';
  /** `lengths` too: some layer needs a mask. */
  lengths: boolean;
}

export function generateModel(input: CodegenInput): KerasModel {
  const body = new ModelBody(input);
  for (const module of modulesOf(input.program)) {
    if (module.op === 'recurrent') writeRecurrent(body, module);
    else writeOperation(body, module);
  }
  return {
    file: modelFile(input, body),
    weights: { path: 'model.weights.h5', format: 'h5', tensors: body.tensors() },
    inputs: { feed: body.feed, lengths: body.usesMask },
    customLayers: [...body.customLayers.keys()],
  };
}

function writeOperation(body: ModelBody, op: Operation): void {
  switch (op.op) {
    case 'input':
      // Every input block is fed the same rows.
      return body.setValue(op.output, {
        variable: body.feed,
        layer: { className: 'InputLayer', parents: [] },
      });
    case 'embedding':
      return embedding(body, op);
    case 'dense':
      return dense(body, op);
    case 'dropout':
      return unary(body, op, 'layers.Dropout', [positional(pythonFloat(op.rate))]);
    case 'layer-norm': {
      const options = [keyword('epsilon', pythonFloat(op.epsilon))];
      return unary(body, op, 'layers.LayerNormalization', options, variables(op.gamma, op.beta));
    }
    case 'last-step':
      return unary(body, op, body.custom('LastStep', op.node));
    case 'pool-over-time':
      return unary(body, op, poolingLayer(body, op));
    case 'concat':
      return join(body, op, 'layers.Concatenate');
    case 'add':
      return join(body, op, 'layers.Add');
    case 'attention':
      return attention(body, op);
  }
}

const variables = (...parameters: (string | null)[]): LayerWeight[] =>
  parameters
    .filter((id) => id !== null)
    .map((parameter, index) => ({ path: `vars/${index}`, parameter }));

type Parts = Pick<LayerCall, 'callee' | 'options' | 'inputs' | 'parents' | 'weights'>;

/** One layer that makes the op's output. */
function layerFor(
  body: ModelBody,
  { node, output }: { node: string; output: string },
  parts: Parts,
) {
  const variable = body.variableOf(output, node);
  const layer = body.call({ node, variable, layerName: body.name(node), ...parts });
  body.setValue(output, { variable, layer });
}

function unary(
  body: ModelBody,
  op: OperationOf<
    'embedding' | 'dense' | 'dropout' | 'layer-norm' | 'last-step' | 'pool-over-time'
  >,
  callee: string,
  options: Argument[] = [],
  weights: LayerWeight[] = [],
): void {
  const source = body.value(op.input);
  const overTime = op.op === 'last-step' || op.op === 'pool-over-time';
  layerFor(body, op, {
    callee,
    options,
    inputs: [positional(source.variable), ...(overTime ? body.mask(op.input) : [])],
    parents: [source.layer],
    weights,
  });
}

const shapeOf = (body: ModelBody, parameter: string): number[] =>
  parameterOf(body.program, parameter).shape;

function embedding(body: ModelBody, op: OperationOf<'embedding'>): void {
  const sizes = shapeOf(body, op.table).map((size) => positional(String(size)));
  const options = [...sizes, ...penalty(body, 'embeddings_regularizer', op.table)];
  unary(body, op, 'layers.Embedding', options, variables(op.table));
}

function dense(body: ModelBody, op: OperationOf<'dense'>): void {
  const options = [
    positional(String(shapeOf(body, op.kernel).at(-1))),
    ...(op.activation === 'linear' ? [] : [keyword('activation', pythonString(op.activation))]),
    ...(op.bias === null ? [keyword('use_bias', 'False')] : []),
    ...penalty(body, 'kernel_regularizer', op.kernel),
  ];
  unary(body, op, 'layers.Dense', options, variables(op.kernel, op.bias));
}

function poolingLayer(
  body: ModelBody,
  { mode, input, node }: OperationOf<'pool-over-time'>,
): string {
  if (mode === 'sum') return body.custom('SumOverTime', node);
  // With a mask these two differ: stock layers make a row without steps NaN.
  if (mode === 'mean')
    return body.isPadded(input)
      ? body.custom('MeanOverTime', node)
      : 'layers.GlobalAveragePooling1D';
  return body.isPadded(input) ? body.custom('MaxOverTime', node) : 'layers.GlobalMaxPooling1D';
}

function join(body: ModelBody, op: OperationOf<'concat' | 'add'>, callee: string): void {
  const sources = op.inputs.map((ref) => body.value(ref));
  layerFor(body, op, {
    callee,
    options: [],
    inputs: [positional(sources.map(({ variable }) => variable))],
    parents: sources.map(({ layer }) => layer),
  });
}

function attention(body: ModelBody, op: OperationOf<'attention'>): void {
  const { node, query, memory } = op;
  const sources = (query === null ? [memory] : [query, memory]).map((ref) => body.value(ref));
  const additive = op.score === 'additive';
  const kind = query === null ? 'Pooling' : 'Attention';
  const weights = variables(op.queryKernel, op.memoryKernel, op.bias, op.vector);
  const size = op.vector === null ? null : (shapeOf(body, op.vector)[0] ?? 0);
  layerFor(body, op, {
    callee: body.custom(additive ? `Additive${kind}` : `Dot${kind}`, node),
    options: additive
      ? [positional(String(size))]
      : [keyword('scaled', op.scaled ? 'True' : 'False')],
    inputs: [...sources.map(({ variable }) => positional(variable)), ...body.mask(memory)],
    parents: sources.map(({ layer }) => layer),
    // The vector stands there as a matrix of one row, which Keras' initializer takes as ours does.
    weights: weights.map((weight) =>
      weight.parameter === op.vector && size !== null ? { ...weight, shape: [1, size] } : weight,
    ),
  });
}

function modelFile({ document, program }: CodegenInput, body: ModelBody): CodeFile {
  const { head } = program;
  const writer = new CodeWriter('    ');
  const padded = body.usesMask;
  const sources = [...body.customLayers].map(
    ([name, node]) => [node, customLayer(name, padded)] as const,
  );
  const usesOps =
    padded ||
    sources.some(([, source]) => source.includes('ops.')) ||
    body.statements.some(({ lines }) => lines.some((line) => line.includes('ops.')));
  const title = docstring(document.name) || 'A network';
  writer.line(`"""${title}: a Keras 3 model, exported from Unroll Studio."""`).blank();
  writer.line('from __future__ import annotations').blank();
  writer.line('from pathlib import Path').blank();
  writer.line('import keras', `from keras import layers${usesOps ? ', ops' : ''}`).blank();
  writer.line('FOLDER = Path(__file__).resolve().parent');
  for (const [node, source] of sources) writer.blank(2).from(node, () => writer.line(source));

  writer.blank(2).line('def build_model() -> keras.Model:');
  writer.indent(() => {
    const { inputs, outputs } = shapesOf(body, head.perStep, head.outputs);
    writer.line('"""The network with new weights.', '', `${inputs} to ${outputs}.`, '"""');
    const input = program.ops.find((op) => op.op === 'input');
    if (input?.op !== 'input') throw new Error('the program has no input');
    writer.from(input.node, () => writeInputs(writer, body, input));
    writer.blank();
  });
  // Laid out at depth 1 already.
  for (const { node, lines } of body.statements) writer.from(node, () => writer.line(...lines));
  writer.blank().from(head.node, () => {
    const names = body.usesMask
      ? '{"ids": ids, "lengths": lengths}'
      : `{"${body.feed}": ${body.feed}}`;
    const call = {
      callee: 'keras.Model',
      arguments: [
        keyword('inputs', names),
        keyword('outputs', 'logits'),
        keyword('name', pythonString(snakeCase(document.name).slice(0, 40) || 'network')),
      ],
    };
    writer.line(...layOut('return ', call, '', 1));
  });
  writer.blank(2).line(loadModel);
  return writer.file('model.py', 'python');
}

/** Black wants no quote at a docstring's start. */
const docstring = (text: string): string => plainText(text).replace(/^"+/, "'");

function shapesOf(body: ModelBody, perStep: boolean, outputs: number) {
  const inputs =
    body.feed === 'features'
      ? 'features [batch, time, features]'
      : `ids [batch, time]${body.usesMask ? ' and lengths [batch]' : ''}`;
  return { inputs, outputs: `logits [batch, ${perStep ? 'time, ' : ''}${outputs}]` };
}

function writeInputs(writer: CodeWriter, body: ModelBody, input: OperationOf<'input'>): void {
  if (body.feed === 'features') {
    const size = body.program.values[input.output]?.shape.at(-1);
    writer.line(`features = keras.Input((None, ${size}), name="features")`);
    return;
  }
  writer.line('ids = keras.Input((None,), dtype="int32", name="ids")');
  if (!body.usesMask) return;
  writer.line('lengths = keras.Input((), dtype="int32", name="lengths")');
  writer.line('# True at the steps of a row that are not padding, [batch, time].');
  writer.line('mask = ops.cumsum(ops.ones_like(ids), axis=1) <= ops.expand_dims(lengths, 1)');
}

const loadModel = `\
def load_model(weights: str | Path = FOLDER / "model.weights.h5") -> keras.Model:
    """The network with trained weights."""
    model = build_model()
    model.load_weights(str(weights))
    return model`;
