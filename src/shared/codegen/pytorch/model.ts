/** `model.py`: the network as one nn.Module, block by block. */
import type { ProjectDocument } from '../../graph/document.js';
import type { Initializer } from '../../catalog/define.js';
import type { Activation, IrDimension, IrProgram, IrValueRef } from '../../ir/types.js';
import { readsOf } from '../../ir/verify.js';
import { modulesOf, nameOf, type CodeModule, type RecurrentModule } from '../modules.js';
import { pascalCase, plainText, type Identifiers } from '../names.js';
import {
  bracketed,
  bracketedList,
  importLines,
  operation,
  pythonFloat,
  pythonNames,
} from '../python/format.js';
import type { CodeFile, TargetTensor } from '../types.js';
import { asIs, parameterOf, transposed, valuesOf } from '../weights.js';
import { CodeWriter } from '../writer.js';
import { helperNames, helpersIn, torchImports } from './layers.js';
import {
  betweenDropout,
  formOf,
  fusedArguments,
  hasFrozenBias,
  isReversed,
  layerArguments,
  layerClass,
  merged,
  recurrentTensors,
  reversed,
  runLayer,
} from './recurrent.js';

export interface GeneratedModel {
  file: CodeFile;
  /** The network's class. */
  className: string;
  /** Helpers of layers.py that it imports. */
  helpers: string[];
  tensors: TargetTensor[];
  /** Whether rows are padded: the network then takes their lengths too. */
  padded: boolean;
  /** Name of the network's first argument. */
  input: 'tokens' | 'features';
  hasPenalty: boolean;
}

/** Attributes of nn.Module and of the class, and variables of its methods. */
const reservedNames = (
  'x tokens features lengths logits state states layer layers index forward backward h_n ' +
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

export function generateModel(document: ProjectDocument, program: IrProgram): GeneratedModel {
  return new ModelGenerator(document, program).generate();
}

class ModelGenerator {
  private readonly modules: CodeModule[];
  private readonly names: Identifiers;
  private readonly className: string;
  private readonly padded: boolean;
  /** Modules that read a value, by their position; the head comes after the last one. */
  private readonly readers = new Map<IrValueRef, Set<number>>();
  private readonly variables = new Map<IrValueRef, string>();
  /** Form and variable of a recurrent block's state, by its first value. */
  private readonly stateVariables = new Map<IrValueRef, { name: string; list: boolean }>();

  constructor(
    private readonly document: ProjectDocument,
    private readonly program: IrProgram,
  ) {
    this.modules = modulesOf(program);
    this.names = pythonNames([...reservedNames, ...helperNames]);
    for (const { node, kind } of this.modules)
      this.names.for(node, nameOf(document, node), kind.replaceAll('-', '_'));
    const name = pascalCase(document.name).slice(0, 40);
    const usable = /^[A-Z]/.test(name) && ![...reservedClasses, ...helperNames].includes(name);
    this.className = usable ? name : `Network${name}`;
    this.padded = Object.values(program.values).some(({ lengths }) => lengths !== null);
    const positions = new Map(this.modules.map(({ node }, position) => [node, position]));
    for (const op of program.ops)
      for (const ref of readsOf(op)) this.addReader(ref, positions.get(op.node) ?? 0);
    this.addReader(program.head.logits, this.modules.length);
  }

  private addReader(ref: IrValueRef, position: number): void {
    const readers = this.readers.get(ref) ?? new Set();
    this.readers.set(ref, readers.add(position));
  }

  generate(): GeneratedModel {
    // Imports stand first and follow from the rest.
    const draft = new CodeWriter('    ');
    this.writeClass(draft);
    const { text } = draft.file('', 'python');
    const helpers = helpersIn(text);

    const writer = new CodeWriter('    ');
    const title = plainText(this.document.name);
    writer.line(`"""The network${title === '' ? '' : ` of the project ${title}`}.`, '');
    writer.line('Batch first: shapes are [batch, time, features].', '"""').blank();
    writer.line('from __future__ import annotations').blank();
    writer.line('from pathlib import Path').blank();
    writer.line(...torchImports(`${text} Tensor`, ['from safetensors.torch import load_file']));
    if (helpers.length > 0)
      writer.blank().line(...importLines('layers', [...helpers].sort(byPythonOrder)));
    writer.blank().line('WEIGHTS = Path(__file__).resolve().parent / "model.safetensors"').blank(2);
    this.writeClass(writer);
    writer
      .blank(2)
      .line(
        `def load_model(path: str | Path = WEIGHTS) -> ${this.className}:`,
        '    """The network with the weights of a file, ready to predict."""',
        `    model = ${this.className}()`,
        '    model.load_state_dict(load_file(path))',
        '    return model.eval()',
      );
    return {
      file: writer.file('model.py', 'python'),
      className: this.className,
      helpers,
      tensors: this.modules.flatMap((module) => this.tensorsOf(module)),
      padded: this.padded,
      input: this.input,
      hasPenalty: this.program.parameters.some(({ l2 }) => l2 > 0),
    };
  }

  private get input(): 'tokens' | 'features' {
    return this.modules.some((one) => one.kind === 'input' && one.op.feed === 'features')
      ? 'features'
      : 'tokens';
  }

  private nameOf(node: string): string {
    return this.names.for(node, '', '');
  }

  /** A variable or attribute beside a block's own. */
  private extra(node: string, suffix: string): string {
    return this.names.for(`${node} ${suffix}`, `${this.nameOf(node)} ${suffix}`, suffix);
  }

  private shapeOf(ref: IrValueRef): string {
    const axis = (size: IrDimension): string =>
      size === 'B' ? 'batch' : size === 'T' ? 'time' : String(size);
    return `[${(this.program.values[ref]?.shape ?? []).map(axis).join(', ')}]`;
  }

  private lastSize(ref: IrValueRef): number {
    const size = this.program.values[ref]?.shape.at(-1);
    if (typeof size !== 'number') throw new Error(`${ref} has no size`);
    return size;
  }

  private isRead(ref: IrValueRef): boolean {
    return this.readers.has(ref);
  }

  // The class.

  private writeClass(w: CodeWriter): void {
    const { head } = this.program;
    const { input } = this;
    const inputRef = this.modules.find(({ kind }) => kind === 'input');
    const inputShape = inputRef?.kind === 'input' ? this.shapeOf(inputRef.op.output) : '';
    w.line(`class ${this.className}(nn.Module):`);
    w.indent(() => {
      const made = { classify: 'class', regress: 'value' }[String(head.kind)] ?? 'next-token';
      const scores = head.kind === 'classify-each-step' ? 'tag' : made;
      const answer = head.kind === 'regress' ? 'scaled values' : `${scores} scores (logits)`;
      w.line(`"""From ${input} to ${answer}, ${this.shapeOf(head.logits)}."""`).blank();
      w.line('def __init__(self) -> None:').indent(() => {
        w.line('super().__init__()');
        for (const module of this.modules) w.from(module.node, () => this.writeLayers(w, module));
        w.line('self.reset_parameters()');
      });
      this.writeReset(w);
      w.blank();
      const lengths = this.padded ? ', lengths: Tensor' : '';
      w.from(inputRef?.node ?? head.node, () =>
        w.line(`def forward(self, ${input}: Tensor${lengths}) -> Tensor:`),
      );
      w.indent(() => {
        if (this.padded)
          w.line(
            `"""${input} ${inputShape}, lengths [batch] -> logits ${this.shapeOf(head.logits)}.`,
            '',
            'Rows are padded at the end; lengths are their real numbers of steps.',
            '"""',
          );
        else w.line(`"""${input} ${inputShape} -> logits ${this.shapeOf(head.logits)}."""`);
        this.modules.forEach((module, position) =>
          w.from(module.node, () => this.writeForward(w, module, position)),
        );
        w.from(head.node, () => w.line(`return ${this.variable(head.logits)}`));
      });
      this.writePenalty(w);
    });
  }

  private writeLayers(w: CodeWriter, module: CodeModule): void {
    const self = `self.${this.nameOf(module.node)}`;
    const make = (name: string, callee: string, items: readonly string[]): void =>
      bracketed(w, `${name} = ${callee}(`, items, ')');
    switch (module.kind) {
      case 'embedding': {
        const [size = 0, features = 0] = parameterOf(this.program, module.op.table).shape;
        const padding = this.padded ? ['padding_idx=0'] : [];
        return make(self, 'nn.Embedding', [String(size), String(features), ...padding]);
      }
      case 'recurrent':
        return this.writeRecurrentLayers(w, module, self, make);
      case 'dense': {
        const { input, output, bias } = module.op;
        const sizes = [String(this.lastSize(input)), String(this.lastSize(output))];
        return make(self, 'nn.Linear', [...sizes, ...(bias === null ? ['bias=False'] : [])]);
      }
      case 'dropout':
        return make(self, 'nn.Dropout', [pythonFloat(module.op.rate)]);
      case 'layer-norm':
        return make(self, 'nn.LayerNorm', [
          String(this.lastSize(module.op.input)),
          `eps=${pythonFloat(module.op.epsilon)}`,
        ]);
      case 'attention': {
        const { callee, items } = this.attentionClass(module.op);
        return make(self, callee, items);
      }
      case 'input':
      case 'last-step':
      case 'pool-over-time':
      case 'concat':
      case 'add':
        return;
    }
  }

  private attentionClass(op: AttentionOp): { callee: string; items: string[] } {
    const features = this.lastSize(op.memory);
    const memory = String(features);
    if (op.score === 'dot') {
      const scale = op.scaled ? [`scale=${features}**-0.5`] : [];
      return op.query === null
        ? { callee: 'DotPooling', items: [memory, ...scale] }
        : { callee: 'DotAttention', items: scale };
    }
    if (op.vector === null || op.bias === null)
      throw new Error(`${op.node}: additive attention has a vector and a bias`);
    const [units = 0] = parameterOf(this.program, op.vector).shape;
    return op.query === null
      ? { callee: 'AdditivePooling', items: [memory, String(units)] }
      : {
          callee: 'AdditiveAttention',
          items: [String(this.lastSize(op.query)), memory, String(units)],
        };
  }

  private writeRecurrentLayers(
    w: CodeWriter,
    module: RecurrentModule,
    self: string,
    make: (name: string, callee: string, items: readonly string[]) => void,
  ): void {
    const { layers, dropout, merge } = module;
    const form = formOf(module);
    const callee = layerClass(module);
    const [first] = layers;
    if (first === undefined) throw new Error(`${module.node} has no layer`);
    if (dropout > 0)
      make(`self.${this.extra(module.node, 'dropout')}`, 'LockedDropout', [pythonFloat(dropout)]);
    switch (form) {
      case 'fused':
        make(self, callee, fusedArguments(module));
        break;
      case 'stepwise':
        make(self, callee, layerArguments(module, first));
        break;
      case 'directions':
        for (const attribute of this.directionNames(module))
          make(`self.${attribute}`, callee, layerArguments(module, first));
        break;
      case 'stack': {
        if (betweenDropout(module) > 0)
          make(`self.${this.extra(module.node, 'between')}`, 'nn.Dropout', [
            pythonFloat(betweenDropout(module)),
          ]);
        const items = layers.map(
          (layer) => `${callee}(${layerArguments(module, layer).join(', ')})`,
        );
        bracketedList(w, `${self} = nn.ModuleList(`, items, [], ')');
      }
    }
    if (merge !== null && layers.length > 1)
      throw new Error(`${module.node}: a bidirectional block has one layer`);
    if (!hasFrozenBias(module)) return;
    this.forEachLayer(w, module, (layer) => w.line(`freeze_second_bias(${layer})`));
  }

  /** Attributes of the two directions. */
  private directionNames({ node }: RecurrentModule): string[] {
    return [this.extra(node, 'forward'), this.extra(node, 'backward')];
  }

  /** Calls back with each module of a recurrent block, inside a loop where they are a list. */
  private forEachLayer(
    w: CodeWriter,
    module: RecurrentModule,
    body: (layer: string) => void,
  ): void {
    const form = formOf(module);
    if (form === 'stack') {
      w.line(`for layer in self.${this.nameOf(module.node)}:`).indent(() => body('layer'));
    } else if (form === 'directions') {
      for (const attribute of this.directionNames(module)) body(`self.${attribute}`);
    } else {
      body(`self.${this.nameOf(module.node)}`);
    }
  }

  // Initial weights.

  private writeReset(w: CodeWriter): void {
    w.blank().line('def reset_parameters(self) -> None:');
    w.indent(() => {
      w.line('"""New initial weights, drawn as the studio draws them."""');
      for (const module of this.modules)
        w.from(module.node, () => {
          const name = this.nameOf(module.node);
          if (module.kind === 'recurrent')
            return this.forEachLayer(w, module, (layer) => w.line(`initialize_rnn(${layer})`));
          for (const { id, tensor } of this.plainTensors(module))
            this.writeInitial(w, module, id, `self.${name}.${tensor}`);
        });
    });
  }

  private writeInitial(w: CodeWriter, module: CodeModule, id: string, tensor: string): void {
    // PyTorch begins with ones and zeros as well.
    if (module.kind === 'layer-norm') return;
    const { initializer } = parameterOf(this.program, id);
    const [callee, ...items] = initialCall(initializer);
    bracketed(w, `nn.init.${callee}(`, [tensor, ...items], ')');
  }

  /** Parameters of blocks other than the recurrent ones, and the tensors below the attribute. */
  private plainTensors(module: CodeModule): { id: string; tensor: string; layout: Layout }[] {
    const given = (id: string | null, tensor: string, layout: Layout) =>
      id === null ? [] : [{ id, tensor, layout }];
    switch (module.kind) {
      case 'embedding':
        return given(module.op.table, 'weight', 'as is');
      case 'dense':
        return [
          ...given(module.op.kernel, 'weight', 'transposed'),
          ...given(module.op.bias, 'bias', 'as is'),
        ];
      case 'layer-norm':
        return [
          ...given(module.op.gamma, 'weight', 'as is'),
          ...given(module.op.beta, 'bias', 'as is'),
        ];
      case 'attention':
        return [
          ...given(module.op.queryKernel, 'query.weight', 'transposed'),
          ...given(module.op.memoryKernel, 'memory.weight', 'transposed'),
          ...given(module.op.bias, 'memory.bias', 'as is'),
          ...given(module.op.vector, 'score.weight', 'row'),
        ];
      default:
        return [];
    }
  }

  private tensorsOf(module: CodeModule): TargetTensor[] {
    const attribute = this.nameOf(module.node);
    if (module.kind === 'recurrent') {
      const [forward = '', backward = ''] =
        formOf(module) === 'directions' ? this.directionNames(module) : [];
      return recurrentTensors(module, { block: attribute, forward, backward });
    }
    return this.plainTensors(module).map(({ id, tensor, layout }) => {
      const name = `${attribute}.${tensor}`;
      switch (layout) {
        case 'as is':
          return asIs(this.program, id, name);
        case 'transposed':
          return transposed(this.program, id, name);
        case 'row': {
          const [size = 0] = parameterOf(this.program, id).shape;
          return { name, shape: [1, size], values: (all) => valuesOf(all, id) };
        }
      }
    });
  }

  // The forward pass.

  private variable(ref: IrValueRef): string {
    const name = this.variables.get(ref);
    if (name === undefined) throw new Error(`${ref} is read before it is made`);
    return name;
  }

  /** `x` for what only the next block reads, otherwise the block's name. */
  private declare(ref: IrValueRef, node: string, position: number): string {
    const readers = this.readers.get(ref) ?? new Set();
    const next = readers.size === 1 && readers.has(position + 1);
    const name = ref === this.program.head.logits ? 'logits' : next ? 'x' : this.nameOf(node);
    this.variables.set(ref, name);
    return name;
  }

  private writeForward(w: CodeWriter, module: CodeModule, position: number): void {
    if (module.kind === 'input') {
      this.variables.set(module.op.output, this.input);
      return;
    }
    if (module.kind === 'recurrent') return this.writeRecurrence(w, module, position);
    const self = `self.${this.nameOf(module.node)}`;
    const { op } = module;
    const inputs = readsOf(op).map((ref) => this.variable(ref));
    const [input = ''] = inputs;
    const out = this.declare(op.output, module.node, position);
    const assign = (call: string, items: readonly string[]): void =>
      this.assign(w, `${out} = ${call}(`, items, ')', op.output);
    switch (op.op) {
      case 'embedding':
      case 'dropout':
      case 'layer-norm':
        return assign(self, [input]);
      case 'dense':
        if (op.activation === 'linear') return assign(self, [input]);
        return assign(activations[op.activation].name, [
          `${self}(${input})`,
          ...activations[op.activation].items,
        ]);
      case 'last-step':
        if (this.isPadded(op.input)) return assign('last_step', [input, 'lengths']);
        return this.assign(w, `${out} = ${input}[`, [':', '-1'], ']', op.output);
      case 'pool-over-time':
        if (this.isPadded(op.input)) return assign(`masked_${op.mode}`, [input, 'lengths']);
        if (op.mode !== 'max') return assign(`${input}.${op.mode}`, ['dim=1']);
        return this.assign(w, `${out} = ${input}.max(`, ['dim=1'], ').values', op.output);
      case 'concat':
        return bracketedList(w, `${out} = torch.cat(`, inputs, ['dim=-1'], ')');
      case 'add':
        return operation(w, `${out} = `, inputs, '+');
      case 'attention': {
        const lengths = this.isPadded(op.memory) ? ['lengths'] : [];
        const memory = this.variable(op.memory);
        if (op.query === null)
          return this.assign(w, `${out}, _ = ${self}(`, [memory, ...lengths], ')', op.output);
        const query = this.variable(op.query);
        const whole = this.program.values[op.query]?.shape.length === 3;
        const queries = whole ? query : `${query}[:, None]`;
        const items = [queries, memory, ...lengths];
        this.assign(w, `${out}, _ = ${self}(`, items, ')', whole ? op.output : null);
        if (!whole) this.assign(w, `${out} = ${out}.squeeze(`, ['1'], ')', op.output);
        return;
      }
      default:
        op satisfies never;
    }
  }

  private isPadded(ref: IrValueRef): boolean {
    return (this.program.values[ref]?.lengths ?? null) !== null;
  }

  /** A statement, with the value's shape behind it where there is room. */
  private assign(
    w: CodeWriter,
    head: string,
    items: readonly string[],
    tail: string,
    shapeOf: IrValueRef | null,
  ): void {
    const comment = shapeOf === null ? '' : `  # ${this.shapeOf(shapeOf)}`;
    const line = `${head}${items.join(', ')}${tail}${comment}`;
    if (w.column + line.length <= 88) w.line(line);
    else bracketed(w, head, items, tail);
  }

  private writeRecurrence(w: CodeWriter, module: RecurrentModule, position: number): void {
    const input = this.variable(module.input);
    const initial = this.initialState(module);
    const output = module.output.find(({ ref }) => this.isRead(ref)) ?? null;
    const out = output === null ? null : this.declare(output.ref, module.node, position);
    const stateRef = module.finalState.find((ref) => this.isRead(ref)) ?? null;
    const form = formOf(module);
    const list = form === 'directions' || form === 'stack';
    const state = stateRef === null ? null : this.extra(module.node, list ? 'states' : 'state');
    const [first] = module.finalState;
    if (state !== null && first !== undefined)
      this.stateVariables.set(first, { name: state, list });
    const plan: Recurrence = { module, input, initial, output, out, state };
    if (form === 'stack') this.writeStack(w, plan);
    else if (form === 'directions') this.writeDirections(w, plan);
    else this.writeOneLayer(w, plan);
  }

  /** An expression for the block's initial state, in the form that the block takes. */
  private initialState(module: RecurrentModule): string | null {
    const [first] = module.initialState ?? [];
    if (first === undefined) return null;
    const given = this.stateVariables.get(first);
    if (given === undefined) throw new Error(`${module.node}: no block gives its initial state`);
    const form = formOf(module);
    const list = form === 'directions' || form === 'stack';
    if (list === given.list) return given.name;
    return list ? `split_state(${given.name})` : `join_states(${given.name})`;
  }

  private dropped({ module, input }: Pick<Recurrence, 'module' | 'input'>): string {
    return module.dropout > 0 ? `self.${this.extra(module.node, 'dropout')}(${input})` : input;
  }

  private writeOneLayer(w: CodeWriter, plan: Recurrence): void {
    const { module, initial, output, out, state } = plan;
    const { cell, merge } = module;
    const reverse = isReversed(module);
    const source = this.dropped(plan);
    const { head, items } = runLayer(
      module,
      this.padded,
      `self.${this.nameOf(module.node)}`,
      reverse ? reversed(source, this.padded) : source,
      initial,
    );
    const last = output?.steps === 'last';
    const all = output?.steps === 'all' ? out : null;
    const pair = cell === 'lstm' ? '(h_n, _)' : 'h_n';
    const left = `${all ?? '_'}, ${state ?? (last ? pair : '_')}`;
    const shape = output !== null && !last && !reverse ? output.ref : null;
    // A bidirectional layer's own outputs are concatenated.
    const plain = merge === null || merge === 'concat';
    this.assign(w, `${left} = ${head}`, items, ')', plain ? shape : null);
    if (output === null || out === null) return;
    if (last) {
      const h = state === null ? 'h_n' : cell === 'lstm' ? `${state}[0]` : state;
      const value = merge === null ? `${h}[-1]` : merged(merge, `${h}[-2]`, `${h}[-1]`);
      this.statement(w, `${out} = ${value}`, output.ref);
    } else if (reverse) {
      this.statement(w, `${out} = ${reversed(out, this.padded)}`, output.ref);
    } else if (!plain) {
      w.line(`forward, backward = ${out}.chunk(2, dim=-1)`);
      this.statement(w, `${out} = ${merged(merge, 'forward', 'backward')}`, output.ref);
    }
  }

  private statement(w: CodeWriter, text: string, shapeOf: IrValueRef): void {
    const comment = `  # ${this.shapeOf(shapeOf)}`;
    w.line(w.column + text.length + comment.length <= 88 ? text + comment : text);
  }

  private writeDirections(w: CodeWriter, plan: Recurrence): void {
    const { module, initial, output, out, state } = plan;
    const { merge, cell } = module;
    if (merge === null) throw new Error(`${module.node}: two directions are merged`);
    const last = output?.steps === 'last';
    const stateNames = ['forward_state', 'backward_state'].map((name) =>
      last || state !== null ? this.extra(module.node, name) : '_',
    );
    let starts = [initial, initial].map((given, i) => (given === null ? null : `${given}[${i}]`));
    if (initial !== null && !/^\w+$/.test(initial)) {
      w.line(`states = ${initial}`);
      starts = ['states[0]', 'states[1]'];
    }
    this.directionNames(module).forEach((attribute, i) => {
      const source = this.dropped(plan);
      const { head, items } = runLayer(
        module,
        this.padded,
        `self.${attribute}`,
        i === 0 ? source : reversed(source, this.padded),
        starts[i] ?? null,
      );
      const sequence = output?.steps === 'all' ? (i === 0 ? 'forward' : 'backward') : '_';
      bracketed(w, `${sequence}, ${stateNames[i] ?? '_'} = ${head}`, items, ')');
    });
    if (output !== null && out !== null) {
      const h = stateNames.map((name) => (cell === 'lstm' ? `${name}[0][-1]` : `${name}[-1]`));
      const [forward = '', backward = ''] = last
        ? h
        : ['forward', reversed('backward', this.padded)];
      this.statement(w, `${out} = ${merged(merge, forward, backward)}`, output.ref);
    }
    if (state !== null) w.line(`${state} = [${stateNames.join(', ')}]`);
  }

  private writeStack(w: CodeWriter, plan: Recurrence): void {
    const { module, input, initial, output, state } = plan;
    const out = plan.out ?? 'x';
    const self = `self.${this.nameOf(module.node)}`;
    const between = betweenDropout(module) > 0;
    const last = output?.steps === 'last';
    if (out !== input) w.line(`${out} = ${input}`);
    if (state !== null) w.line(`${state} = []`);
    const layers = initial === null ? self : `zip(${self}, ${initial})`;
    const each = initial === null ? 'layer' : 'layer, state';
    const numbered = initial === null ? 'index, layer' : 'index, (layer, state)';
    if (between) bracketed(w, `for ${numbered} in enumerate(`, [layers], '):');
    else w.line(`for ${each} in ${layers}:`);
    w.indent(() => {
      if (between) {
        w.line('if index > 0:').indent(() => {
          w.line(`${out} = self.${this.extra(module.node, 'between')}(${out})`);
        });
      }
      const { head, items } = runLayer(
        module,
        this.padded,
        'layer',
        this.dropped({ module, input: out }),
        initial === null ? null : 'state',
      );
      const kept = last || state !== null ? 'state' : '_';
      bracketed(w, `${out}, ${kept} = ${head}`, items, ')');
      if (state !== null) w.line(`${state}.append(state)`);
    });
    if (last && output !== null)
      this.statement(
        w,
        `${out} = ${module.cell === 'lstm' ? 'state[0][-1]' : 'state[-1]'}`,
        output.ref,
      );
  }

  // L2.

  private writePenalty(w: CodeWriter): void {
    const factors = new Map<string, number>();
    for (const { node, l2 } of this.program.parameters) if (l2 > 0) factors.set(node, l2);
    if (factors.size === 0) return;
    w.blank().line('def weight_penalty(self) -> Tensor:');
    w.indent(() => {
      w.line('"""What L2 adds to the loss: squared weights, times each block\'s factor."""');
      const terms = this.modules.flatMap((module) => {
        const factor = factors.get(module.node);
        if (factor === undefined) return [];
        const attributes =
          module.kind === 'recurrent' && formOf(module) === 'directions'
            ? this.directionNames(module)
            : [this.nameOf(module.node)];
        return attributes.map((attribute) => ({ node: module.node, attribute, factor }));
      });
      terms.forEach(({ node, attribute, factor }, i) =>
        w.from(node, () =>
          bracketed(
            w,
            `${i === 0 ? 'penalty =' : 'penalty +='} l2_penalty(`,
            [`self.${attribute}`, pythonFloat(factor)],
            ')',
          ),
        ),
      );
      w.line('return penalty');
    });
  }
}

type AttentionOp = Extract<CodeModule, { kind: 'attention' }>['op'];
type Layout = 'as is' | 'transposed' | 'row';

/** How a recurrent block is run: what it reads and where its results go. */
interface Recurrence {
  module: RecurrentModule;
  input: string;
  /** An expression, in the form that the block takes. */
  initial: string | null;
  /** The sequence or the last step, whichever leads on. */
  output: RecurrentModule['output'][number] | null;
  out: string | null;
  /** Variable for the final state, where another block starts from it. */
  state: string | null;
}

const activations: Record<
  Exclude<Activation, 'linear'>,
  { name: string; items: readonly string[] }
> = {
  tanh: { name: 'torch.tanh', items: [] },
  relu: { name: 'torch.relu', items: [] },
  sigmoid: { name: 'torch.sigmoid', items: [] },
  gelu: { name: 'F.gelu', items: [] },
  softmax: { name: 'torch.softmax', items: ['dim=-1'] },
};

/** torch.nn.init's function and what it takes beside the tensor. */
function initialCall(initializer: Initializer): string[] {
  switch (initializer.kind) {
    case 'zeros':
      return ['zeros_'];
    case 'ones':
      return ['ones_'];
    case 'glorot-uniform':
      return ['xavier_uniform_'];
    case 'uniform':
      return ['uniform_', pythonFloat(initializer.low), pythonFloat(initializer.high)];
    case 'normal':
      return ['normal_', `std=${pythonFloat(initializer.deviation)}`];
    case 'orthogonal':
    case 'forget-bias':
      throw new Error(`${initializer.kind} is for recurrent blocks`);
  }
}

/** isort's order: classes before functions. */
const byPythonOrder = (a: string, b: string): number =>
  Number(/^[a-z]/.test(a)) - Number(/^[a-z]/.test(b)) || (a < b ? -1 : 1);
