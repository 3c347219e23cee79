/** The statements of `forward`. */
import type { Activation, IrValueRef, MergeMode } from '../../ir/types.js';
import { readsOf } from '../../ir/verify.js';
import type { CodeModule, RecurrentModule } from '../modules.js';
import { bracketed, bracketedList, fits, operation } from '../python/format.js';
import type { CodeWriter } from '../writer.js';
import type { Network } from './network.js';
import { betweenDropout, formOf, isReversed, reversed, runLayer } from './recurrent.js';

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

export class Forward {
  private readonly variables = new Map<IrValueRef, string>();
  /** Variable of a recurrent block's state, by its first value. */
  private readonly stateVariables = new Map<IrValueRef, { name: string; list: boolean }>();

  constructor(private readonly network: Network) {}

  variable(ref: IrValueRef): string {
    const name = this.variables.get(ref);
    if (name === undefined) throw new Error(`${ref} is read before it is made`);
    return name;
  }

  /** `x` for what only the next block reads, otherwise the block's name. */
  private declare(ref: IrValueRef, node: string, position: number): string {
    const next = this.network.isReadOnlyAt(ref, position + 1);
    const name =
      ref === this.network.program.head.logits ? 'logits' : next ? 'x' : this.network.nameOf(node);
    this.variables.set(ref, name);
    return name;
  }

  write(w: CodeWriter, op: CodeModule, position: number): void {
    if (op.op === 'input') {
      this.variables.set(op.output, this.network.input);
      return;
    }
    if (op.op === 'recurrent') return this.writeRecurrence(w, op, position);
    const self = `self.${this.network.nameOf(op.node)}`;
    const inputs = readsOf(op).map((ref) => this.variable(ref));
    const [input = ''] = inputs;
    const out = this.declare(op.output, op.node, position);
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
        if (this.network.isPadded(op.input)) return assign('last_step', [input, 'lengths']);
        return this.assign(w, `${out} = ${input}[`, [':', '-1'], ']', op.output);
      case 'pool-over-time':
        if (this.network.isPadded(op.input)) return assign(`masked_${op.mode}`, [input, 'lengths']);
        if (op.mode !== 'max') return assign(`${input}.${op.mode}`, ['dim=1']);
        return this.assign(w, `${out} = ${input}.max(`, ['dim=1'], ').values', op.output);
      case 'concat':
        return bracketedList(w, `${out} = torch.cat(`, inputs, ['dim=-1'], ')');
      case 'add':
        return operation(w, `${out} = `, inputs, '+');
      case 'attention': {
        const lengths = this.network.isPadded(op.memory) ? ['lengths'] : [];
        const memory = this.variable(op.memory);
        if (op.query === null)
          return this.assign(w, `${out}, _ = ${self}(`, [memory, ...lengths], ')', op.output);
        const query = this.variable(op.query);
        const whole = this.network.program.values[op.query]?.shape.length === 3;
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
  private assign(
    w: CodeWriter,
    head: string,
    items: readonly string[],
    tail: string,
    shapeOf: IrValueRef | null,
  ): void {
    const comment = shapeOf === null ? '' : `  # ${this.network.shapeOf(shapeOf)}`;
    const line = `${head}${items.join(', ')}${tail}${comment}`;
    if (fits(w, line)) w.line(line);
    else bracketed(w, head, items, tail);
  }

  private writeRecurrence(w: CodeWriter, module: RecurrentModule, position: number): void {
    const input = this.variable(module.input);
    const initial = this.initialState(module);
    const output = module.output.find(({ ref }) => this.network.isRead(ref)) ?? null;
    const out = output === null ? null : this.declare(output.ref, module.node, position);
    const stateRef = module.finalState.find((ref) => this.network.isRead(ref)) ?? null;
    const form = formOf(module);
    const list = form === 'directions' || form === 'stack';
    const state =
      stateRef === null ? null : this.network.extra(module.node, list ? 'states' : 'state');
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
    return module.dropout > 0
      ? `self.${this.network.extra(module.node, 'dropout')}(${input})`
      : input;
  }

  private writeOneLayer(w: CodeWriter, plan: Recurrence): void {
    const { module, initial, output, out, state } = plan;
    const { cell, merge } = module;
    const reverse = isReversed(module);
    const source = this.dropped(plan);
    const { head, items } = runLayer(
      module,
      this.network.padded,
      `self.${this.network.nameOf(module.node)}`,
      reverse ? reversed(source, this.network.padded) : source,
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
      if (merge === null) this.statement(w, `${out} = ${h}[-1]`, output.ref);
      else this.merge(w, merge, [`${h}[-2]`, `${h}[-1]`], out, output.ref);
    } else if (reverse) {
      this.statement(w, `${out} = ${reversed(out, this.network.padded)}`, output.ref);
    } else if (!plain) {
      w.line(`forward, backward = ${out}.chunk(2, dim=-1)`);
      this.merge(w, merge, ['forward', 'backward'], out, output.ref);
    }
  }

  private statement(w: CodeWriter, text: string, shapeOf: IrValueRef): void {
    const comment = `  # ${this.network.shapeOf(shapeOf)}`;
    w.line(fits(w, text + comment) ? text + comment : text);
  }

  /** Two directions become one value. */
  private merge(
    w: CodeWriter,
    mode: MergeMode,
    pair: readonly [string, string],
    out: string,
    ref: IrValueRef,
  ): void {
    const [forward, backward] = pair;
    const line = {
      concat: `${out} = torch.cat([${forward}, ${backward}], dim=-1)`,
      sum: `${out} = ${forward} + ${backward}`,
      mul: `${out} = ${forward} * ${backward}`,
      average: `${out} = (${forward} + ${backward}) / 2`,
    }[mode];
    if (fits(w, line)) return this.statement(w, line, ref);
    switch (mode) {
      case 'concat':
        return bracketedList(w, `${out} = torch.cat(`, pair, ['dim=-1'], ')');
      case 'sum':
      case 'mul':
        return operation(w, `${out} = `, pair, mode === 'sum' ? '+' : '*');
      case 'average':
        operation(w, `${out} = `, pair, '+');
        w.line(`${out} = ${out} / 2`);
    }
  }

  private writeDirections(w: CodeWriter, plan: Recurrence): void {
    const { module, initial, output, out, state } = plan;
    const { merge, cell } = module;
    if (merge === null) throw new Error(`${module.node}: two directions are merged`);
    const last = output?.steps === 'last';
    const stateNames = ['forward_state', 'backward_state'].map((name) =>
      last || state !== null ? name : '_',
    );
    let starts = [initial, initial].map((given, i) => (given === null ? null : `${given}[${i}]`));
    if (initial !== null && !/^\w+$/.test(initial)) {
      w.line(`states = ${initial}`);
      starts = ['states[0]', 'states[1]'];
    }
    this.network.directionNames(module).forEach((attribute, i) => {
      const source = this.dropped(plan);
      const { head, items } = runLayer(
        module,
        this.network.padded,
        `self.${attribute}`,
        i === 0 ? source : reversed(source, this.network.padded),
        starts[i] ?? null,
      );
      const sequence = output?.steps === 'all' ? (i === 0 ? 'forward' : 'backward') : '_';
      bracketed(w, `${sequence}, ${stateNames[i] ?? '_'} = ${head}`, items, ')');
    });
    if (output !== null && out !== null) {
      const h = stateNames.map((name) => (cell === 'lstm' ? `${name}[0][-1]` : `${name}[-1]`));
      const [forward = '', backward = ''] = last
        ? h
        : ['forward', reversed('backward', this.network.padded)];
      this.merge(w, merge, [forward, backward], out, output.ref);
    }
    if (state !== null) w.line(`${state} = [${stateNames.join(', ')}]`);
  }

  private writeStack(w: CodeWriter, plan: Recurrence): void {
    const { module, input, initial, output, state } = plan;
    const out = plan.out ?? 'x';
    const self = `self.${this.network.nameOf(module.node)}`;
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
          w.line(`${out} = self.${this.network.extra(module.node, 'between')}(${out})`);
        });
      }
      const { head, items } = runLayer(
        module,
        this.network.padded,
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
