/** IR → an ONNX model of opset 22 (onnxruntime 1.21 and later), and the programs that check and use it. */
import { readsOf } from '../../ir/verify.js';
import type { IrProgram, IrValueRef } from '../../ir/types.js';
import { isPadded, modulesOf, nameOf } from '../modules.js';
import { Identifiers, plainText, snakeCase } from '../names.js';
import { generatePreprocessing, preprocessingRequirements } from '../python/preprocessing.js';
import type { CodegenInput, GeneratedExport } from '../types.js';
import { int, OnnxGraph } from './graph.js';
import type { OnnxModel, OnnxValue } from './model.js';
import { nodePackage, nodeVerifyProgram } from './node.js';
import { emitOperation } from './operations.js';
import { predictProgram, verifyProgram } from './python.js';
import { readme } from './readme.js';
import { emitRecurrent } from './recurrent.js';
import { inputNames, lengthsName, OnnxValues } from './values.js';

export function generateOnnx(input: CodegenInput): GeneratedExport {
  const { document, program } = input;
  const { data } = document;
  const model = onnxModel(input);
  const requirements = ['numpy', 'onnxruntime>=1.21', 'safetensors'];
  return {
    files: [
      readme(input, model),
      predictProgram(program),
      generatePreprocessing(data),
      verifyProgram(program),
      nodeVerifyProgram(program, data.task === 'next-token' ? data.window : null),
      nodePackage(),
      {
        path: 'requirements.txt',
        language: 'text',
        text: `${[...requirements, ...preprocessingRequirements(data)].join('\n')}\n`,
        spans: [],
      },
    ],
    weights: [],
    models: [{ path: 'model.onnx', model }],
  };
}

/**
 * Inputs: `ids` int64 [batch, time] or `features` float32 [batch, time, F], and where rows are padded
 * `lengths` int32 [batch]. Outputs: `logits` [batch, C] or [batch, time, C], `probabilities` where they are
 * classes, and each attention's weights.
 */
export function onnxModel({ document, program, facts }: CodegenInput): OnnxModel {
  const graph = new OnnxGraph();
  const values = new OnnxValues(program, graph);
  const prefixes = new Identifiers(snakeCase, reserved);
  const scopeOf = (node: string) => {
    const note = nameOf(document, node);
    return { prefix: prefixes.for(node, note, node), note };
  };
  const consumed = new Set<IrValueRef>([program.head.logits, ...program.ops.flatMap(readsOf)]);
  for (const module of modulesOf(program)) {
    graph.within(scopeOf(module.node), () => {
      if (module.op === 'recurrent') emitRecurrent(module, values, consumed);
      else emitOperation(module, values);
    });
  }

  const outputs: OnnxValue[] = [];
  const output = (name: string, value: string, shape: OnnxValue['shape']): void => {
    graph.addNamed(name, 'Identity', [value]);
    outputs.push({ name, type: 'float32', shape });
  };
  const { head } = program;
  graph.within(scopeOf(head.node), () => {
    const shape = head.perStep ? [batch, time, head.outputs] : [batch, head.outputs];
    output('logits', values.get(head.logits), shape);
    if (head.loss !== 'cross-entropy') return;
    graph.addNamed('probabilities', 'Softmax', ['logits'], { axis: int(-1) });
    outputs.push({ name: 'probabilities', type: 'float32', shape });
  });
  for (const op of program.ops) {
    if (op.op !== 'attention') continue;
    const scope = scopeOf(op.node);
    const rank = program.values[op.weights]?.shape.length;
    graph.within(scope, () =>
      output(
        `${scope.prefix}_weights`,
        values.get(op.weights),
        rank === 3 ? [batch, time, time] : [batch, time],
      ),
    );
  }

  return {
    irVersion: 10,
    opset: 22,
    graphName: snakeCase(document.name) || 'network',
    note: plainText(document.description),
    inputs: inputsOf(program),
    outputs,
    nodes: graph.nodes,
    weights: graph.weights,
    constants: graph.constants,
    metadata: {
      name: document.name,
      task: head.task,
      ...(facts.output.labels === null ? {} : { labels: JSON.stringify(facts.output.labels) }),
    },
  };
}

const batch = 'batch';
const time = 'time';
const reserved = ['mask', 'constant', 'logits', 'probabilities', 'ids', 'features', lengthsName];

function inputsOf(program: IrProgram): OnnxValue[] {
  const feed = program.ops.find((op) => op.op === 'input');
  if (feed === undefined) throw new Error('a program has an input');
  const shape = program.values[feed.output]?.shape ?? [];
  const [, , features] = shape;
  const input: OnnxValue =
    feed.feed === 'tokens'
      ? { name: inputNames.tokens, type: 'int64', shape: [batch, time] }
      : { name: inputNames.features, type: 'float32', shape: [batch, time, Number(features)] };
  const padded = isPadded(program);
  return padded ? [input, { name: lengthsName, type: 'int32', shape: [batch] }] : [input];
}
