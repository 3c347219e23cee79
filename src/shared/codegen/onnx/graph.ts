/** Builds an ONNX graph node by node, with names that say which block a node belongs to. */
import type { TargetTensor } from '../types.js';
import type { OnnxAttribute, OnnxConstant, OnnxNode } from './model.js';

type Attributes = Record<string, OnnxAttribute>;

export const int = (value: number): OnnxAttribute => ({ kind: 'int', value });
export const ints = (...value: number[]): OnnxAttribute => ({ kind: 'ints', value });
export const float = (value: number): OnnxAttribute => ({ kind: 'float', value });
export const string = (value: string): OnnxAttribute => ({ kind: 'string', value });
export const strings = (...value: string[]): OnnxAttribute => ({ kind: 'strings', value });

/** A block's place in the graph. */
export interface Scope {
  /** Begins the names of its nodes and weights; an identifier. */
  prefix: string;
  /** The user's name for it. */
  note: string;
}

const shared: Scope = { prefix: 'mask', note: '' };

export class OnnxGraph {
  readonly nodes: OnnxNode[] = [];
  readonly weights: TargetTensor[] = [];
  readonly constants: OnnxConstant[] = [];
  private readonly names = new Set<string>();
  private scope = shared;

  /** What `body` adds belongs to the scope; without one, to what blocks share. */
  within<T>(scope: Scope | null, body: () => T): T {
    const outer = this.scope;
    this.scope = scope ?? shared;
    const result = body();
    this.scope = outer;
    return result;
  }

  get currentScope(): Scope {
    return this.scope;
  }

  /** A node with one output. @returns the output's name. */
  add(op: string, inputs: string[], attributes: Attributes = {}): string {
    const name = this.fresh(op);
    this.push({ name, op, inputs, outputs: [name], attributes });
    return name;
  }

  /** A node with one output of this name. */
  addNamed(output: string, op: string, inputs: string[], attributes: Attributes = {}): void {
    this.push({ name: this.fresh(op), op, inputs, outputs: [output], attributes });
  }

  /** A node with several outputs. @param outputs null leaves one out. @returns their names, or ''. */
  addMany(
    op: string,
    inputs: string[],
    outputs: readonly (string | null)[],
    attributes: Attributes,
  ): string[] {
    const name = this.fresh(op);
    const names = outputs.map((output) => (output === null ? '' : `${name}/${output}`));
    this.push({ name, op, inputs: trimmed(inputs), outputs: trimmed(names), attributes });
    return names;
  }

  /** A weight of the block in scope. */
  weight(name: string, shape: number[], values: TargetTensor['values']): string {
    const full = this.fresh(name);
    this.weights.push({ name: full, shape, values });
    return full;
  }

  /** A scalar, or a vector; equal ones are shared. */
  constant(type: OnnxConstant['type'], value: number | number[]): string {
    const shape = typeof value === 'number' ? [] : [value.length];
    const values = typeof value === 'number' ? [value] : value;
    const same = this.constants.find(
      (one) =>
        one.type === type && one.shape.length === shape.length && `${one.values}` === `${values}`,
    );
    if (same !== undefined) return same.name;
    const name = `constant_${this.constants.length + 1}`;
    this.constants.push({ name, type, shape, values });
    return name;
  }

  squeeze(value: string, axis: number): string {
    return this.add('Squeeze', [value, this.constant('int64', [axis])]);
  }

  unsqueeze(value: string, axis: number): string {
    return this.add('Unsqueeze', [value, this.constant('int64', [axis])]);
  }

  transpose(value: string, ...order: number[]): string {
    return this.add('Transpose', [value], { perm: ints(...order) });
  }

  private push(node: Omit<OnnxNode, 'note'>): void {
    this.nodes.push({ ...node, note: this.scope.note });
  }

  private fresh(name: string): string {
    const base = `${this.scope.prefix}/${name}`;
    let full = base;
    for (let count = 2; this.names.has(full); count++) full = `${base}_${count}`;
    this.names.add(full);
    return full;
  }
}

function trimmed(names: readonly string[]): string[] {
  const last = names.findLastIndex((name) => name !== '');
  return names.slice(0, last + 1);
}
