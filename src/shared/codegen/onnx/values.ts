/** IR values in an ONNX graph, made when they are first read: what nobody reads is never there. */
import type { IrProgram, IrValueRef } from '../../ir/types.js';
import { int, type OnnxGraph } from './graph.js';

export class OnnxValues {
  private readonly makers = new Map<string, () => string>();
  private readonly made = new Map<string, string>();

  constructor(
    readonly program: IrProgram,
    readonly graph: OnnxGraph,
  ) {}

  /** A value of shape [B,F] or [B,T,F] (or ids, or weights), made in the present scope. */
  set(ref: IrValueRef, make: () => string): void {
    this.remember(`value ${ref}`, make);
  }

  get(ref: IrValueRef): string {
    return this.recall(`value ${ref}`) ?? fail(`IR value ${ref} is read before it is computed`);
  }

  /** A sequence whose first axis is time, as the recurrent operators give it. */
  setTimeFirst(ref: IrValueRef, make: () => string): void {
    this.remember(`time first ${ref}`, make);
  }

  /** [T,B,F]. */
  timeFirst(ref: IrValueRef): string {
    const key = `time first ${ref}`;
    if (!this.makers.has(key)) {
      this.remember(key, () => this.graph.transpose(this.get(ref), 1, 0, 2));
    }
    return this.recall(key) ?? fail('unreachable: it was just given a maker');
  }

  /** States of one layer's directions, [directions,B,H]. */
  setStacked(refs: readonly IrValueRef[], make: () => string): void {
    this.remember(`stack ${refs.join(' ')}`, make);
  }

  stacked(refs: readonly IrValueRef[]): string {
    const made = this.recall(`stack ${refs.join(' ')}`);
    if (made !== null) return made;
    const parts = refs.map((ref) => this.graph.unsqueeze(this.get(ref), 0));
    const [only] = parts;
    return parts.length === 1 && only !== undefined
      ? only
      : this.graph.add('Concat', parts, { axis: int(0) });
  }

  isPadded(ref: IrValueRef): boolean {
    return (this.program.values[ref]?.lengths ?? null) !== null;
  }

  isSequence(ref: IrValueRef): boolean {
    return this.program.values[ref]?.shape.length === 3;
  }

  /** Size of the last axis. */
  featuresOf(ref: IrValueRef): number {
    const size = this.program.values[ref]?.shape.at(-1);
    return typeof size === 'number' ? size : fail(`IR value ${ref} has no features`);
  }

  /** bool [B,T]: true at real steps. */
  stepMask(): string {
    return this.shared('step mask', () => {
      const { graph } = this;
      const feed = this.program.ops.find((op) => op.op === 'input');
      if (feed === undefined) return fail('a program has an input');
      const size = graph.add('Shape', [inputNames[feed.feed]], { start: int(1), end: int(2) });
      const scalar = graph.squeeze(size, 0);
      const zero = graph.constant('int64', 0);
      const steps = graph.add('Range', [zero, scalar, graph.constant('int64', 1)]);
      const limits = graph.unsqueeze(this.wideLengths(), 1);
      return graph.add('Less', [steps, limits]);
    });
  }

  /** bool [B,1]: false for rows without any step. */
  hasSteps(): string {
    return this.shared('has steps', () => {
      const { graph } = this;
      const columns = graph.unsqueeze(this.wideLengths(), 1);
      return graph.add('Greater', [columns, graph.constant('int64', 0)]);
    });
  }

  /** int64 [B], at least 1, so that it can divide and point at a step. */
  positiveLengths(): string {
    return this.shared('positive lengths', () =>
      this.graph.add('Max', [this.wideLengths(), this.graph.constant('int64', 1)]),
    );
  }

  /** int64 [B]. */
  private wideLengths(): string {
    return this.shared('wide lengths', () =>
      this.graph.add('Cast', [lengthsName], { to: int(int64) }),
    );
  }

  private shared(key: string, make: () => string): string {
    if (!this.makers.has(key)) this.graph.within(null, () => this.remember(key, make));
    return this.recall(key) ?? fail('unreachable: it was just given a maker');
  }

  private remember(key: string, make: () => string): void {
    const scope = this.graph.currentScope;
    this.makers.set(key, () => this.graph.within(scope, make));
  }

  private recall(key: string): string | null {
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const make = this.makers.get(key);
    if (make === undefined) return null;
    const name = make();
    this.made.set(key, name);
    return name;
  }
}

/** The graph's inputs. */
export const inputNames = { tokens: 'ids', features: 'features' } as const;
export const lengthsName = 'lengths';

/** `TensorProto.DataType`. */
const int64 = 7;

function fail(message: string): never {
  throw new Error(message);
}
