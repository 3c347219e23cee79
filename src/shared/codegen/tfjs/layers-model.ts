/**
 * `model.json`: the topology of a `tf.LayersModel` in TF.js' own layers wherever they compute our numbers,
 * and in custom layers where they don't. Masks come from the embedding (id 0 is padding) and go along.
 *
 * What TF.js 4.22 gets wrong, and what stands in for it here:
 * - `gru` refuses reset-after: `ResetAfterGRU`.
 * - An initial state of one recurrent layer is handed on to the next ones where there are masks (its
 *   executor passes one `kwargs` object to all layers): `WithInitialState`.
 * - `add` gives the mask of its sum a leading axis: `AddSequences`.
 * - One tensor that is fed to a layer twice is disposed too early: its second use goes through an identity.
 *   So does a join with one input, which `add` and `concatenate` refuse.
 * - Pooling ignores masks: `PoolOverTime`.
 */
import type { IrOp, IrValueRef } from '../../ir/types.js';
import { readsOf } from '../../ir/verify.js';
import { modulesOf, nameOf } from '../modules.js';
import type { CodeModule, RecurrentLayer, RecurrentModule, RecurrentOp } from '../modules.js';
import { Identifiers, snakeCase } from '../names.js';
import type { CodegenInput, TargetTensor } from '../types.js';
import { asIs, parameterOf } from '../weights.js';

type Operation<K extends IrOp['op']> = Extract<IrOp, { op: K }>;
type Config = Record<string, unknown>;
/** One output of a layer: its name and which of its outputs. */
type Source = readonly [layer: string, output: number];

export interface LayersModel {
  topology: Config;
  /** In the order of weights.bin. */
  tensors: TargetTensor[];
  /** Custom layers that the topology uses. */
  customLayers: ReadonlySet<string>;
}

const identity = { activation: 'linear' };

/** Keras' names of merge modes. */
const mergeModes = { concat: 'concat', sum: 'sum', mul: 'mul', average: 'ave' } as const;

const stock: ReadonlySet<string> = new Set(
  (
    'InputLayer Embedding Dense Dropout LayerNormalization Concatenate Add Activation SimpleRNN LSTM GRU ' +
    'Bidirectional GlobalAveragePooling1D GlobalMaxPooling1D'
  ).split(' '),
);

export function layersModel(input: CodegenInput): LayersModel {
  return new ModelBuilder(input).build();
}

class ModelBuilder {
  /** TF.js keeps layers by name in plain objects, which have a constructor already. */
  private readonly names = new Identifiers(snakeCase, ['constructor']);
  private readonly layers: Config[] = [];
  private readonly inputs: Source[] = [];
  private readonly sources = new Map<IrValueRef, Source>();
  private readonly tensors: TargetTensor[] = [];
  private readonly customLayers = new Set<string>();
  private readonly read: ReadonlySet<IrValueRef>;

  constructor(private readonly input: CodegenInput) {
    const { ops, head } = input.program;
    this.read = new Set([head.logits, ...ops.flatMap(readsOf)]);
  }

  build(): LayersModel {
    const { document, program } = this.input;
    for (const module of modulesOf(program)) this.module(module);
    const [name, output] = this.source(program.head.logits);
    const topology = {
      class_name: 'Model',
      config: {
        name: snakeCase(document.name).slice(0, 100) || 'network',
        layers: this.layers,
        input_layers: this.inputs.map(([layer]) => [layer, 0, 0]),
        output_layers: [[name, 0, output]],
      },
      keras_version: 'tfjs-layers 4.22.0',
      backend: 'tensor_flow.js',
    };
    return { topology, tensors: this.tensors, customLayers: this.customLayers };
  }

  private module(op: CodeModule): void {
    if (op.op === 'recurrent') return this.recurrent(op);
    const { node } = op;
    const name = this.name(node);
    switch (op.op) {
      case 'input':
        return this.inputLayer(op, name);
      case 'embedding': {
        const [tokens, units] = this.weights(name, { embeddings: op.table });
        const config = {
          input_dim: tokens,
          output_dim: units,
          mask_zero: this.isMasked(op.output),
        };
        return this.add('Embedding', name, config, [op.input], [op.output]);
      }
      case 'dense': {
        const [, units] = this.weights(name, { kernel: op.kernel, bias: op.bias });
        const config = { units, activation: op.activation, use_bias: op.bias !== null };
        return this.add('Dense', name, config, [op.input], [op.output]);
      }
      case 'dropout':
        return this.add('Dropout', name, { rate: op.rate }, [op.input], [op.output]);
      case 'layer-norm':
        this.weights(name, { gamma: op.gamma, beta: op.beta });
        return this.add(
          'LayerNormalization',
          name,
          { axis: -1, epsilon: op.epsilon },
          [op.input],
          [op.output],
        );
      case 'last-step':
        return this.add('LastStep', name, {}, [op.input], [op.output]);
      case 'pool-over-time':
        return this.pool(op, name);
      case 'concat':
        return this.join('Concatenate', name, { axis: -1 }, op);
      case 'add':
        return this.join(this.isMasked(op.output) ? 'AddSequences' : 'Add', name, {}, op);
      case 'attention':
        return this.attention(op, name);
    }
  }

  private inputLayer({ feed, output }: Operation<'input'>, name: string): void {
    const tokens = feed === 'tokens';
    const features = this.input.program.values[output]?.shape.at(-1);
    const shape = tokens ? [null, null] : [null, null, features];
    const dtype = tokens ? 'int32' : 'float32';
    this.add('InputLayer', name, { batch_input_shape: shape, dtype, sparse: false }, [], [output]);
    this.inputs.push([name, 0]);
  }

  private pool({ mode, input, output }: Operation<'pool-over-time'>, name: string): void {
    if (mode === 'sum' || this.isMasked(input))
      return this.add('PoolOverTime', name, { mode }, [input], [output]);
    const className = mode === 'mean' ? 'GlobalAveragePooling1D' : 'GlobalMaxPooling1D';
    this.add(className, name, {}, [input], [output]);
  }

  private join(
    className: string,
    name: string,
    config: Config,
    { inputs, output }: Operation<'concat' | 'add'>,
  ): void {
    if (inputs.length > 1) this.add(className, name, config, inputs, [output]);
    else this.add('Activation', name, identity, inputs, [output]);
  }

  private attention(op: Operation<'attention'>, name: string): void {
    const inputs = op.query === null ? [op.memory] : [op.memory, op.query];
    if (op.score === 'dot') {
      this.weights(name, { vector: op.vector });
      return this.add('DotAttention', name, { scaled: op.scaled }, inputs, [op.output]);
    }
    this.weights(name, {
      query_kernel: op.queryKernel,
      memory_kernel: op.memoryKernel,
      bias: op.bias,
      vector: op.vector,
    });
    const [units] = op.vector === null ? [] : parameterOf(this.input.program, op.vector).shape;
    this.add('AdditiveAttention', name, { units }, inputs, [op.output]);
  }

  private recurrent(module: RecurrentModule): void {
    const { node, layers } = module;
    for (const [index, layer] of layers.entries()) {
      const op = layer.forward ?? layer.backward;
      if (op === null) throw new Error(`${node}: a layer without a direction`);
      const part = layers.length > 1 ? `layer ${index + 1}` : '';
      this.dropoutBelow(op, `${part} dropout`);
      if (layer.forward !== null && layer.backward !== null) this.bidirectional(module, layer);
      else this.oneDirection(op, this.name(node, part));
    }
  }

  /** In a stack, between this layer and the one below. */
  private dropoutBelow({ node, input }: RecurrentOp, part: string): void {
    const op = this.input.program.ops.find(
      (one) => one.op === 'dropout' && one.node === node && one.output === input,
    );
    if (op?.op === 'dropout')
      this.add('Dropout', this.name(node, part), { rate: op.rate }, [op.input], [op.output]);
  }

  private oneDirection(op: RecurrentOp, name: string): void {
    const sequences = this.read.has(op.sequence);
    const state = op.finalState.some((ref) => this.read.has(ref));
    const { className, config } = cell(op, sequences, state);
    this.cellWeights(name, op);
    const reversed = op.reverse && sequences;
    const output = sequences ? op.sequence : op.last;
    // Read backwards, a sequence comes out with its last time step first.
    const first = reversed ? `${output} reversed` : output;
    const outputs = [first, ...(state ? op.finalState : [])];
    this.recurrentLayer(className, name, config, op, outputs);
    // Without masks the last output and h are one tensor, which TF.js would dispose after h's last use.
    if (state && !sequences) this.sources.set(op.last, [name, 1]);
    if (reversed) this.add('ReverseTime', this.name(op.node, 'reversed'), {}, [first], [output]);
  }

  private bidirectional({ node, merge }: RecurrentModule, layer: RecurrentLayer): void {
    const { forward, backward } = layer;
    const op = this.input.program.ops.find((one) => one.op === 'merge' && one.node === node);
    if (forward === null || backward === null || op?.op !== 'merge' || merge === null)
      throw new Error(`${node}: two directions and their merge expected`);
    const states = [...forward.finalState, ...backward.finalState];
    const state = states.some((ref) => this.read.has(ref));
    const sequences = op.forward === forward.sequence;
    const { className, config } = cell(forward, sequences, state);
    const name = this.name(node);
    const inner = `${name}_cell`;
    this.cellWeights(`${name}/forward_${inner}`, forward);
    this.cellWeights(`${name}/backward_${inner}`, backward);
    const both: RecurrentOp = {
      ...forward,
      initialState:
        forward.initialState === null || backward.initialState === null
          ? null
          : [...forward.initialState, ...backward.initialState],
    };
    const layerConfig = { class_name: className, config: { name: inner, ...config } };
    this.use(className);
    this.recurrentLayer(
      'Bidirectional',
      name,
      { merge_mode: mergeModes[merge], layer: layerConfig },
      both,
      [op.output, ...(state ? states : [])],
    );
  }

  /** With an initial state, inside the wrapper that hands it in. */
  private recurrentLayer(
    className: string,
    name: string,
    config: Config,
    { input, initialState }: RecurrentOp,
    outputs: readonly IrValueRef[],
  ): void {
    if (initialState === null) return this.add(className, name, config, [input], outputs);
    this.use(className);
    const layer = { class_name: className, config: { name: `${name}_recurrence`, ...config } };
    this.add('WithInitialState', name, { layer }, [input, ...initialState], outputs);
  }

  private cellWeights(name: string, { kernel, recurrentKernel, bias }: RecurrentOp): void {
    this.weights(name, { kernel, recurrent_kernel: recurrentKernel, bias });
  }

  /** @param outputs the values that it gives, in the order of its outputs. */
  private add(
    className: string,
    name: string,
    config: Config,
    inputs: readonly IrValueRef[],
    outputs: readonly IrValueRef[],
  ): void {
    const given = inputs.map((ref) => this.source(ref));
    const isFirst = ([layer, output]: Source, i: number): boolean =>
      given.findIndex((one) => one[0] === layer && one[1] === output) === i;
    const sources = given.map((source, i) =>
      isFirst(source, i) ? source : this.copy(inputs[i] ?? '', name, i),
    );
    this.use(className);
    this.layers.push({
      name,
      class_name: className,
      config: { name, ...config },
      inbound_nodes:
        sources.length === 0 ? [] : [sources.map(([layer, output]) => [layer, 0, output, {}])],
    });
    outputs.forEach((ref, output) => this.sources.set(ref, [name, output]));
  }

  /** The same values as another tensor. */
  private copy(ref: IrValueRef, layer: string, input: number): Source {
    const name = this.names.for(`${layer} copy ${input}`, `${layer} copy ${input}`, 'copy');
    const kept = this.source(ref);
    this.add('Activation', name, identity, [ref], [ref]);
    this.sources.set(ref, kept);
    return [name, 0];
  }

  private use(className: string): void {
    if (!stock.has(className)) this.customLayers.add(className);
  }

  /** Adds the layer's weights, in the order of its variables. @returns the first one's shape. */
  private weights(layer: string, ids: Readonly<Record<string, string | null>>): number[] {
    const { program } = this.input;
    const given = Object.entries(ids).flatMap(([name, id]) =>
      id === null ? [] : [asIs(program, id, `${layer}/${name}`)],
    );
    this.tensors.push(...given);
    return given[0]?.shape ?? [];
  }

  private source(ref: IrValueRef): Source {
    const source = this.sources.get(ref);
    if (source === undefined) throw new Error(`${ref} is read before it is computed`);
    return source;
  }

  private isMasked(ref: IrValueRef): boolean {
    return (this.input.program.values[ref]?.lengths ?? null) !== null;
  }

  private name(node: string, part = ''): string {
    const wanted = nameOf(this.input.document, node).slice(0, 40);
    return this.names.for(`${node} ${part}`, `${wanted} ${part}`, `layer ${part}`);
  }
}

/** The layer of one direction. TF.js' default of `recurrent_activation` is a hard sigmoid, ours is not. */
function cell(
  op: RecurrentOp,
  sequences: boolean,
  state: boolean,
): { className: string; config: Config } {
  const config = {
    units: op.units,
    return_sequences: sequences,
    return_state: state,
    go_backwards: op.reverse,
  };
  switch (op.cell) {
    case 'rnn':
      return { className: 'SimpleRNN', config: { ...config, activation: op.activation } };
    case 'lstm':
      return { className: 'LSTM', config: { ...config, recurrent_activation: 'sigmoid' } };
    case 'gru':
      return op.resetAfter
        ? { className: 'ResetAfterGRU', config }
        : { className: 'GRU', config: { ...config, recurrent_activation: 'sigmoid' } };
  }
}
