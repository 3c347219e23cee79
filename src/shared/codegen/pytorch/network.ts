/** What the writers of a network's parts know of it: names, values, who reads what. */
import type { ProjectDocument } from '../../graph/document.js';
import type { IrDimension, IrProgram, IrValueRef } from '../../ir/types.js';
import { readsOf } from '../../ir/verify.js';
import { isPadded, modulesOf, nameOf, type CodeModule, type RecurrentModule } from '../modules.js';
import { pascalCase, type Identifiers } from '../names.js';
import { pythonNames, shortName } from '../python/format.js';
import type { CodeWriter } from '../writer.js';
import { helperNames } from './layers.js';
import { formOf, type RecurrentNames } from './recurrent.js';

/** Attributes of nn.Module and of the class, and variables of its methods. */
const reservedNames = (
  'x tokens features lengths logits state states layer layers index forward backward ' +
  'forward_state backward_state h_n ' +
  'torch nn F Tensor Path load_file load_model WEIGHTS ' +
  'add_module apply bfloat16 buffers children compile cpu cuda double dump_patches eval extra_repr ' +
  'float half get_buffer get_parameter get_submodule get_extra_state ipu load_state_dict modules mtia ' +
  'named_buffers named_children named_modules named_parameters parameters register_buffer ' +
  'register_module register_parameter requires_grad share_memory state_dict to to_empty train ' +
  'training type weight_penalty xpu zero_grad reset_parameters call_super_init'
).split(' ');

/** Names that the other files import with the class. */
const reservedClasses = (
  'Tensor Path Batch Examples Optimizer LRScheduler Module None True False Exception ' +
  'ValueError RuntimeError DistributedDataParallel'
).split(' ');

export class Network {
  readonly modules: readonly CodeModule[];
  readonly className: string;
  /** Rows are padded: the network takes their lengths too. */
  readonly padded: boolean;
  /** Name of the network's first argument. */
  readonly input: 'tokens' | 'features';
  private readonly names: Identifiers;
  /** Modules that read a value, by their position; the head comes after the last one. */
  private readonly readers = new Map<IrValueRef, Set<number>>();

  constructor(
    document: ProjectDocument,
    readonly program: IrProgram,
  ) {
    this.modules = modulesOf(program);
    this.names = pythonNames([...reservedNames, ...helperNames], 40);
    for (const { node, op } of this.modules)
      this.names.for(nodeKey(node), shortName(nameOf(document, node)), op.replaceAll('-', '_'));
    const name = pascalCase(document.name).slice(0, 40);
    const usable = /^[A-Z]/.test(name) && ![...reservedClasses, ...helperNames].includes(name);
    this.className = usable ? name : `Network${name}`.slice(0, 40);
    this.padded = isPadded(program);
    this.input = this.modules.some((one) => one.op === 'input' && one.feed === 'features')
      ? 'features'
      : 'tokens';
    const positions = new Map(this.modules.map(({ node }, position) => [node, position]));
    for (const op of program.ops)
      for (const ref of readsOf(op)) this.addReader(ref, positions.get(op.node) ?? 0);
    this.addReader(program.head.logits, this.modules.length);
  }

  private addReader(ref: IrValueRef, position: number): void {
    const readers = this.readers.get(ref) ?? new Set();
    this.readers.set(ref, readers.add(position));
  }

  /** A block's attribute and variable. */
  nameOf(node: string): string {
    return this.names.for(nodeKey(node), '', '');
  }

  /** A variable or attribute beside a block's own. */
  extra(node: string, suffix: string): string {
    return this.names.for(`extra:${suffix}:${node}`, `${this.nameOf(node)} ${suffix}`, suffix);
  }

  /** Attributes of a block that has a module for each direction. */
  directionNames({ node }: RecurrentModule): [forward: string, backward: string] {
    return [this.extra(node, 'forward'), this.extra(node, 'backward')];
  }

  /** The paths below which a recurrent block's tensors lie. */
  pathsOf(module: RecurrentModule): RecurrentNames {
    const block = this.nameOf(module.node);
    if (formOf(module) !== 'directions') return { block, forward: block, backward: block };
    const [forward, backward] = this.directionNames(module);
    return { block, forward, backward };
  }

  /** Calls back with each module of a recurrent block, inside a loop where they are a list. */
  forEachLayer(w: CodeWriter, module: RecurrentModule, body: (layer: string) => void): void {
    const self = `self.${this.nameOf(module.node)}`;
    switch (formOf(module)) {
      case 'fused':
      case 'stepwise':
        return body(self);
      case 'directions':
        return this.directionNames(module).forEach((attribute) => body(`self.${attribute}`));
      case 'stack':
        w.line(`for layer in ${self}:`).indent(() => body('layer'));
    }
  }

  /** e.g. `[batch, time, 64]`. */
  shapeOf(ref: IrValueRef): string {
    const axis = (size: IrDimension): string =>
      size === 'B' ? 'batch' : size === 'T' ? 'time' : String(size);
    return `[${(this.program.values[ref]?.shape ?? []).map(axis).join(', ')}]`;
  }

  lastSize(ref: IrValueRef): number {
    const size = this.program.values[ref]?.shape.at(-1);
    if (typeof size !== 'number') throw new Error(`${ref} has no size`);
    return size;
  }

  isPadded(ref: IrValueRef): boolean {
    return (this.program.values[ref]?.lengths ?? null) !== null;
  }

  isRead(ref: IrValueRef): boolean {
    return this.readers.has(ref);
  }

  /** Whether the module at this position, and no other, reads the value. */
  isReadOnlyAt(ref: IrValueRef, position: number): boolean {
    const readers = this.readers.get(ref);
    return readers?.size === 1 && readers.has(position);
  }
}

const nodeKey = (node: string): string => `node:${node}`;
