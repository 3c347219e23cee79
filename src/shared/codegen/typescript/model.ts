/** `model.ts` of the exported program: the network as a class, one field for each layer. */
import type { Activation, IrOp, IrParameter, IrValueRef } from '../../ir/types.js';
import { modulesOf, nameOf } from '../modules.js';
import type { CodeModule, RecurrentModule, RecurrentOp } from '../modules.js';
import {
  camelCase,
  Identifiers,
  number,
  plainText,
  snakeCase,
  typescriptKeywords,
  typescriptString,
} from '../names.js';
import type { CodeFile, CodegenInput, TargetTensor } from '../types.js';
import { asIs, parameterOf } from '../weights.js';
import { CodeWriter } from '../writer.js';
import { call, type Argument } from './layout.js';

type Operation<K extends IrOp['op']> = Extract<IrOp, { op: K }>;

/** Names that the class or its `forward` uses itself. */
const reserved =
  'tf parameters forward input mask random gelu dropout stepMask ' +
  'lastStep meanOverTime maxOverTime sumOverTime';
/** Of a block's name, so that lines stay readable. */
const longestName = 24;

const activations: Readonly<Record<Exclude<Activation, 'linear'>, string>> = {
  tanh: 'tf.tanh',
  relu: 'tf.relu',
  sigmoid: 'tf.sigmoid',
  softmax: 'tf.softmax',
  gelu: 'gelu',
};

const layerFiles: Readonly<Record<string, string>> = {
  Embedding: 'embedding',
  Dense: 'dense',
  LayerNormalization: 'layer-normalization',
  SimpleRNN: 'simple-rnn',
  LSTM: 'lstm',
  GRU: 'gru',
  ResetBeforeGRU: 'reset-before-gru',
  AdditiveAttention: 'additive-attention',
  DotAttention: 'dot-attention',
};

const pools = {
  mean: ['meanOverTime', './layers/mean-over-time.ts'],
  max: ['maxOverTime', './layers/max-over-time.ts'],
  sum: ['sumOverTime', './layers/sum-over-time.ts'],
} as const;

export interface GeneratedModel {
  file: CodeFile;
  /** Every weight, as the file names it. */
  tensors: TargetTensor[];
}

export function generateModel(input: CodegenInput): GeneratedModel {
  return new ModelWriter(input).write();
}

class ModelWriter {
  private readonly identifiers = new Identifiers(
    camelCase,
    [...typescriptKeywords, ...reserved.split(' ')],
    '',
  );
  private readonly weightNames = new Identifiers(snakeCase, []);
  /** What stands for a value in `forward`. */
  private readonly expressions = new Map<IrValueRef, string>();
  /** Imported names by file. */
  private readonly imports = new Map<string, Set<string>>();
  private readonly fields: { node: string; text: string }[] = [];
  private readonly statements: { node: string; text: string }[] = [];
  private usesMask = false;
  private usesRandom = false;

  constructor(private readonly input: CodegenInput) {}

  write(): GeneratedModel {
    const { document, program } = this.input;
    for (const module of modulesOf(program)) this.module(module);
    const { logits, node: head } = program.head;
    const writer = new CodeWriter('  ');
    writer.line('/**', ` * ${plainText(document.name) || 'The network'}, in TensorFlow.js.`, ' *');
    writer.line(
      ' * Made by Unroll Studio. B is the number of rows, T the number of time steps.',
      ' */',
    );
    this.writeImports(writer);
    writer
      .blank()
      .line('export class Model {')
      .indent(() => {
        writer.line('readonly parameters = new Parameters();');
        for (const { node, text } of this.fields) writer.from(node, () => writer.line(text));
        const shape = program.values[logits]?.shape ?? [];
        const random = this.usesRandom ? ', random: Random | null = null' : '';
        writer.blank().line('/**');
        writer.line(` * Logits [${shape.join(',')}], never probabilities.`);
        if (this.usesRandom) writer.line(' * @param random source of dropout; null for inference.');
        writer.line(' */');
        const type = shape.length === 3 ? 'tf.Tensor3D' : 'tf.Tensor2D';
        writer.line(`forward(input: ModelInput${random}): ${type} {`).indent(() => {
          if (this.usesMask) writer.line('const mask = stepMask(input.lengths, input.shape[1]);');
          for (const { node, text } of this.statements) writer.from(node, () => writer.line(text));
          writer.from(head, () => writer.line(`return ${this.value(logits)};`));
        });
        writer.line('}');
      });
    writer.line('}');
    return { file: writer.file('model.ts', 'typescript'), tensors: this.tensors() };
  }

  private tensors(): TargetTensor[] {
    const { program } = this.input;
    return program.parameters.map((parameter) =>
      asIs(program, parameter.id, `${this.weightName(parameter.node)}/${parameter.name}`),
    );
  }

  private writeImports(writer: CodeWriter): void {
    if (this.usesMask) this.import('./layers/mask.ts', 'stepMask');
    this.import('./layers/parameters.ts', 'Parameters');
    const types = new Map([['./preprocessing.ts', 'ModelInput']]);
    if (this.usesRandom) types.set('./layers/random.ts', 'Random');
    writer.line("import * as tf from '@tensorflow/tfjs';");
    const files = [...this.imports.keys(), ...types.keys()].sort();
    for (const file of files) {
      const names = [...(this.imports.get(file) ?? [])].sort();
      if (names.length > 0) writer.line(`import { ${names.join(', ')} } from '${file}';`);
      const type = types.get(file);
      if (type !== undefined) writer.line(`import type { ${type} } from '${file}';`);
    }
  }

  private module(op: CodeModule): void {
    const { node } = op;
    if (op.op === 'recurrent') return this.recurrent(op);
    switch (op.op) {
      case 'input':
        return this.inputTensor(op);
      case 'embedding': {
        const { shape } = this.parameter(op.table);
        const [tokens = 0, units = 0] = shape;
        this.layer(node, 'Embedding', [`tokens: ${tokens}`, `units: ${units}`]);
        return this.assign(node, op.output, `this.${this.name(node)}.apply`, [
          this.value(op.input),
        ]);
      }
      case 'dense':
        return this.dense(op);
      case 'dropout':
        return this.dropout(op);
      case 'layer-norm': {
        const [features = 0] = this.parameter(op.gamma).shape;
        const epsilon = number(op.epsilon);
        this.layer(node, 'LayerNormalization', [`features: ${features}`, `epsilon: ${epsilon}`]);
        return this.assign(node, op.output, `this.${this.name(node)}.apply`, [
          this.value(op.input),
        ]);
      }
      case 'last-step':
        this.import('./layers/last-step.ts', 'lastStep');
        return this.assign(node, op.output, 'lastStep', this.withMask(op.input));
      case 'pool-over-time': {
        const [pool, file] = pools[op.mode];
        this.import(file, pool);
        return this.assign(node, op.output, pool, this.withMask(op.input));
      }
      case 'concat':
        return this.assign(node, op.output, 'tf.concat', [{ array: this.all(op.inputs) }, '-1']);
      case 'add':
        return this.assign(node, op.output, 'tf.addN', [{ array: this.all(op.inputs) }]);
      case 'attention':
        return this.attention(op);
    }
  }

  private inputTensor({ node, feed, output }: Operation<'input'>): void {
    if (feed === 'tokens')
      this.assign(node, output, 'tf.tensor2d', ['input.ids', 'input.shape', "'int32'"]);
    else this.assign(node, output, 'tf.tensor3d', ['input.values', 'input.shape']);
  }

  private dense(op: Operation<'dense'>): void {
    const { node, activation } = op;
    const { shape, l2 } = this.parameter(op.kernel);
    const [inputs = 0, units = 0] = shape;
    const options = [`inputs: ${inputs}`, `units: ${units}`];
    if (op.bias === null) options.push('bias: false');
    if (activation !== 'linear') options.push(`activation: ${activations[activation]}`);
    if (activation === 'gelu') this.import('./layers/gelu.ts', 'gelu');
    if (l2 > 0) options.push(`l2: ${number(l2)}`);
    this.layer(node, 'Dense', options);
    const method = this.isSequence(op.input) ? 'perStep' : 'apply';
    this.assign(node, op.output, `this.${this.name(node)}.${method}`, [this.value(op.input)]);
  }

  private dropout({ node, rate, input, output }: Operation<'dropout'>, name?: string): void {
    if (rate === 0) {
      this.expressions.set(output, this.value(input));
      return;
    }
    this.import('./layers/dropout.ts', 'dropout');
    this.usesRandom = true;
    this.assign(node, output, 'dropout', [this.value(input), number(rate), 'random'], name);
  }

  private attention(op: Operation<'attention'>): void {
    const { node, query, memory } = op;
    const features = this.features(memory);
    if (op.score === 'additive') {
      const options = [`memory: ${features}`];
      if (query !== null) options.push(`query: ${this.features(query)}`);
      options.push(`units: ${this.parameter(op.vector).shape[0] ?? 0}`);
      this.layer(node, 'AdditiveAttention', options);
    } else {
      const options = [`features: ${features}`, `scaled: ${op.scaled}`];
      if (query === null) options.push('learnedQuery: true');
      this.layer(node, 'DotAttention', options);
    }
    const perStep = query !== null && this.isSequence(query);
    const given = [this.value(memory), query === null ? 'null' : this.value(query)];
    if (this.isMasked(memory)) given.push('mask');
    const method = perStep ? 'perStep' : 'apply';
    this.assign(node, op.output, `this.${this.name(node)}.${method}`, given);
  }

  private recurrent(module: RecurrentModule): void {
    const { node, layers } = module;
    for (const [index, { forward, backward }] of layers.entries()) {
      const op = forward ?? backward;
      if (op === null) throw new Error(`${node}: a layer without a direction`);
      const part = layers.length > 1 ? `layer ${index + 1}` : '';
      const below = this.input.program.ops.find(
        (one) => one.op === 'dropout' && one.node === node && one.output === op.input,
      );
      if (below?.op === 'dropout') this.dropout(below, this.name(node, `dropout ${index}`));
      if (forward !== null && backward !== null) {
        this.direction(module, forward, `${part} forward`);
        this.direction(module, backward, `${part} backward`);
      } else {
        this.direction(module, op, part);
      }
    }
    if (module.merge !== null) this.merge(module);
  }

  private direction(module: RecurrentModule, op: RecurrentOp, part: string): void {
    const { node } = module;
    const { cell, units } = op;
    const kernel = this.parameter(op.kernel);
    const options = [`inputs: ${kernel.shape[0] ?? 0}`, `units: ${units}`];
    if (op.reverse) options.push('reverse: true');
    if (op.dropout > 0) options.push(`dropout: ${number(op.dropout)}`);
    if (op.recurrentDropout > 0) options.push(`recurrentDropout: ${number(op.recurrentDropout)}`);
    if (kernel.l2 > 0) options.push(`l2: ${number(kernel.l2)}`);
    if (cell === 'rnn' && op.activation !== 'tanh')
      options.push(`activation: ${activations[op.activation]}`);
    const gru = module.resetAfter ? 'GRU' : 'ResetBeforeGRU';
    const className = { rnn: 'SimpleRNN', lstm: 'LSTM', gru }[cell];
    const [folder] = kernel.name.split('/').slice(0, -1);
    const weights = [this.weightName(node), ...(folder === undefined ? [] : [folder])].join('/');
    const name = this.name(node, part);
    this.layer(node, className, options, { name, weights });

    const context: string[] = [];
    if (this.isMasked(op.input)) context.push('mask');
    if (op.dropout > 0 || op.recurrentDropout > 0) {
      this.usesRandom = true;
      context.push('random');
    }
    if (op.initialState !== null)
      context.push(`initialState: [${this.all(op.initialState).join(', ')}]`);
    const given: Argument[] = [this.value(op.input)];
    if (context.length > 0) given.push({ object: context });
    this.statement(node, `const ${name} = this.${name}.apply`, given);
    this.expressions.set(op.sequence, `${name}.sequence`);
    this.expressions.set(op.last, `${name}.last`);
    op.finalState.forEach((ref, i) => this.expressions.set(ref, `${name}.state[${i}]`));
  }

  private merge({ node }: RecurrentModule): void {
    const op = this.input.program.ops.find((one) => one.op === 'merge' && one.node === node);
    if (op?.op !== 'merge') throw new Error(`${node} has no merge`);
    const both = this.all([op.forward, op.backward]);
    switch (op.mode) {
      case 'concat':
        return this.assign(node, op.output, 'tf.concat', [{ array: both }, '-1']);
      case 'sum':
        return this.assign(node, op.output, 'tf.add', both);
      case 'mul':
        return this.assign(node, op.output, 'tf.mul', both);
      case 'average':
        return this.assign(node, op.output, 'tf.mul', [`tf.add(${both.join(', ')})`, '0.5']);
    }
  }

  /** A field: `readonly dense = new Dense(this.parameters, 'dense', { … });` */
  private layer(
    node: string,
    className: string,
    options: string[],
    { name = this.name(node), weights = this.weightName(node) } = {},
  ): void {
    this.import(`./layers/${layerFiles[className] ?? ''}.ts`, className);
    const given: Argument[] = ['this.parameters', typescriptString(weights), { object: options }];
    const text = call(`readonly ${name} = new ${className}`, given, ';', 2);
    this.fields.push({ node, text });
  }

  /** A constant that stands for the value from now on. */
  private assign(
    node: string,
    output: IrValueRef,
    head: string,
    given: readonly Argument[],
    name = this.name(node),
  ): void {
    const type = this.isSequence(output) ? 'tf.Tensor3D' : 'tf.Tensor2D';
    // Of these TypeScript doesn't find the rank.
    const annotation = head.startsWith('tf.') && !head.startsWith('tf.tensor') ? `: ${type}` : '';
    this.statement(node, `const ${name}${annotation} = ${head}`, given, this.shape(output));
    this.expressions.set(output, name);
  }

  private statement(node: string, head: string, given: readonly Argument[], comment = ''): void {
    // Prettier doesn't count a comment's width.
    this.statements.push({ node, text: call(head, given, ';', 4) + comment });
  }

  private withMask(ref: IrValueRef): string[] {
    return this.isMasked(ref) ? [this.value(ref), 'mask'] : [this.value(ref)];
  }

  private isMasked(ref: IrValueRef): boolean {
    const masked = (this.input.program.values[ref]?.lengths ?? null) !== null;
    this.usesMask ||= masked;
    return masked;
  }

  private name(node: string, part = ''): string {
    const wanted = nameOf(this.input.document, node).slice(0, longestName);
    return this.identifiers.for(`${node} ${part}`, `${wanted} ${part}`, `layer ${part}`);
  }

  private weightName(node: string): string {
    const wanted = nameOf(this.input.document, node).slice(0, longestName);
    return this.weightNames.for(node, wanted, 'layer');
  }

  private import(file: string, name: string): void {
    const names = this.imports.get(file) ?? new Set();
    this.imports.set(file, names.add(name));
  }

  private parameter(id: string | null): IrParameter {
    if (id === null) throw new Error('an op lacks a parameter that its layer needs');
    return parameterOf(this.input.program, id);
  }

  private value(ref: IrValueRef): string {
    const expression = this.expressions.get(ref);
    if (expression === undefined) throw new Error(`${ref} is read before it is computed`);
    return expression;
  }

  private all(refs: readonly IrValueRef[]): string[] {
    return refs.map((ref) => this.value(ref));
  }

  private dimensions(ref: IrValueRef) {
    return this.input.program.values[ref]?.shape ?? [];
  }

  private features(ref: IrValueRef): string {
    return String(this.dimensions(ref).at(-1));
  }

  private isSequence(ref: IrValueRef): boolean {
    return this.dimensions(ref).length === 3;
  }

  private shape(ref: IrValueRef): string {
    return ` // [${this.dimensions(ref).join(', ')}]`;
  }
}
