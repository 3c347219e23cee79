/** The body of `build_model` while it is written: its statements, its variables, and its layers. */
import type { IrOp, IrProgram, IrValueRef } from '../../ir/types.js';
import { readsOf } from '../../ir/verify.js';
import { nameOf } from '../modules.js';
import { pythonString, snakeCase } from '../names.js';
import { pythonNames } from '../python/format.js';
import type { CodegenInput, TargetTensor } from '../types.js';
import { parameterOf, valuesOf } from '../weights.js';
import { keyword, layOut } from './calls.js';
import type { Argument, Expression } from './calls.js';
import type { CustomLayer } from './custom-layers.js';
import { weightGroups } from './layer-order.js';
import type { KerasLayer } from './layer-order.js';

/** A value of the program as the function's body knows it. */
export interface KerasValue {
  variable: string;
  layer: KerasLayer;
}

/** A parameter as a variable of a layer. */
export interface LayerWeight {
  /** Below the layer's HDF5 group, e.g. `cell/vars/0`. */
  path: string;
  parameter: string;
  /** Where it is not the parameter's own. */
  shape?: number[];
}

export interface LayerCall {
  node: string;
  /** Null where only the layer's final state is used. */
  variable: string | null;
  /** Name of the list of final states, where they are used. */
  state?: string | null;
  /** `layers.LSTM`, or the name of a layer of the file's own. */
  callee: string;
  /** Of the constructor; the name is added. */
  options: Argument[];
  layerName: string;
  /** What the layer is called on. */
  inputs: Argument[];
  /** The layers that these come from, positional ones first, then keywords by name. */
  parents: readonly KerasLayer[];
  weights?: readonly LayerWeight[];
}

const reserved = 'keras layers ops ids features lengths mask logits build_model load_model FOLDER';

export class ModelBody {
  readonly statements: { node: string; lines: string[] }[] = [];
  /** Each with the block that needs it first. */
  readonly customLayers = new Map<CustomLayer, string>();
  readonly feed: 'ids' | 'features';
  /** Some layer over time reads a padded sequence. */
  readonly usesMask: boolean;
  private readonly consumed: ReadonlySet<IrValueRef>;
  private readonly values = new Map<IrValueRef, KerasValue>();
  private readonly states = new Map<string, KerasValue>();
  private readonly layers: { layer: KerasLayer; weights: readonly LayerWeight[] }[] = [];
  private readonly names = pythonNames(reserved.split(' '));
  readonly program: IrProgram;

  constructor(private readonly input: CodegenInput) {
    this.program = input.program;
    const { ops, head } = this.program;
    this.feed = ops.some((op) => op.op === 'input' && op.feed === 'features') ? 'features' : 'ids';
    this.usesMask = ops.some((op) => this.needsMask(op));
    this.consumed = new Set([head.logits, ...ops.flatMap(readsOf)]);
  }

  private needsMask(op: IrOp): boolean {
    switch (op.op) {
      case 'recurrent':
      case 'last-step':
      case 'pool-over-time':
        return this.isPadded(op.input);
      case 'attention':
        return this.isPadded(op.memory);
      default:
        return false;
    }
  }

  isPadded(ref: IrValueRef): boolean {
    return (this.program.values[ref]?.lengths ?? null) !== null;
  }

  isConsumed(ref: IrValueRef): boolean {
    return this.consumed.has(ref);
  }

  /** `mask=mask` for a layer that reads a padded sequence. */
  mask(ref: IrValueRef): Argument[] {
    return this.isPadded(ref) ? [keyword('mask', 'mask')] : [];
  }

  /** An identifier after the block's name, the same for the same block and part. */
  name(node: string, part = ''): string {
    const block = snakeCase(nameOf(this.input.document, node)) || 'block';
    // The part stands at the end, where a long name is cut.
    const wanted = part === '' ? block : `${block.slice(0, 12)} ${part}`;
    return this.names.for(`${node}/${part}`, wanted, 'block');
  }

  /** The variable of a value that `node` makes; the logits are called so. */
  variableOf(ref: IrValueRef, node: string): string {
    return ref === this.program.head.logits ? 'logits' : this.name(node);
  }

  value(ref: IrValueRef): KerasValue {
    const value = this.values.get(ref);
    if (value === undefined) throw new Error(`${ref} is read before it is made`);
    return value;
  }

  setValue(ref: IrValueRef, value: KerasValue): void {
    this.values.set(ref, value);
  }

  /** The list of these states. */
  state(refs: readonly IrValueRef[]): KerasValue {
    const state = this.states.get(refs.join());
    if (state === undefined) throw new Error(`state ${refs.join()} is read before it is made`);
    return state;
  }

  setState(refs: readonly IrValueRef[], state: KerasValue): void {
    this.states.set(refs.join(), state);
  }

  /** The file needs this layer. @returns its name. */
  custom(name: CustomLayer, node: string): CustomLayer {
    if (!this.customLayers.has(name)) this.customLayers.set(name, node);
    return name;
  }

  assign(node: string, target: string, expression: Expression): void {
    this.statements.push({ node, lines: layOut(`${target} = `, expression, '', 1) });
  }

  /** `variable = layers.ClassName(…, name="…")(inputs)`. */
  call(call: LayerCall): KerasLayer {
    const { node, variable, state = null, callee, options, layerName, inputs, parents } = call;
    const target = [variable ?? '_', ...(state === null ? [] : [`*${state}`])].join(', ');
    this.assign(node, target, {
      callee,
      arguments: [...options, keyword('name', pythonString(layerName))],
      then: inputs,
    });
    const layer = { className: callee.replace(/^layers\./, ''), parents };
    this.layers.push({ layer, weights: call.weights ?? [] });
    return layer;
  }

  /** All weights, named as Keras names them in a `.weights.h5` file. */
  tensors(): TargetTensor[] {
    const groups = weightGroups(this.value(this.program.head.logits).layer);
    return this.layers.flatMap(({ layer, weights }) =>
      weights.map(({ path, parameter, shape }): TargetTensor => {
        const group = groups.get(layer);
        if (group === undefined) throw new Error(`${parameter} does not lead to the output`);
        return {
          name: `${group}/${path}`,
          shape: shape ?? parameterOf(this.program, parameter).shape,
          values: (all) => valuesOf(all, parameter),
        };
      }),
    );
  }
}
