/** The IR's own checks: a program that passes has no dangling reference and no shape that can't be. */
import type { IrDimension, IrOp, IrProgram, IrValue } from './types.js';

const gates = { rnn: 1, gru: 3, lstm: 4 } as const;

/** Values that an op reads. */
export function readsOf(op: IrOp): string[] {
  switch (op.op) {
    case 'input':
      return [];
    case 'recurrent':
      return [op.input, ...(op.initialState ?? [])];
    case 'merge':
      return [op.forward, op.backward];
    case 'concat':
    case 'add':
      return op.inputs;
    case 'attention':
      return op.query === null ? [op.memory] : [op.query, op.memory];
    case 'embedding':
    case 'dense':
    case 'dropout':
    case 'layer-norm':
    case 'last-step':
    case 'pool-over-time':
      return [op.input];
  }
}

/** Values that an op makes. */
export function writesOf(op: IrOp): string[] {
  switch (op.op) {
    case 'recurrent':
      return [op.sequence, op.last, ...op.finalState];
    case 'attention':
      return [op.output, op.weights];
    default:
      return [op.output];
  }
}

/** Parameters that an op uses. */
export function parametersOf(op: IrOp): string[] {
  const present = (ids: (string | null)[]): string[] => ids.filter((id) => id !== null);
  switch (op.op) {
    case 'embedding':
      return [op.table];
    case 'recurrent':
      return present([op.kernel, op.recurrentKernel, op.bias]);
    case 'dense':
      return present([op.kernel, op.bias]);
    case 'layer-norm':
      return [op.gamma, op.beta];
    case 'attention':
      return present([op.queryKernel, op.memoryKernel, op.bias, op.vector]);
    default:
      return [];
  }
}

const sameShape = (a: readonly IrDimension[], b: readonly IrDimension[]): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);

/** Throws an `Error` that names the op and what is wrong. A malformed program is a bug, not a mistake. */
export function verify(program: IrProgram): void {
  const known = new Set<string>();
  const usedParameters = new Set<string>();
  const parameterShapes = new Map(program.parameters.map((p) => [p.id, p.shape]));
  if (parameterShapes.size !== program.parameters.length) throw new Error('parameter ids repeat');
  for (const op of program.ops) {
    const fail = (why: string): never => {
      throw new Error(`IR ${op.op} of ${op.node}: ${why}`);
    };
    const value = (ref: string): IrValue => program.values[ref] ?? fail(`no value "${ref}"`);
    const expect = (ref: string, shape: IrDimension[]): void => {
      if (!sameShape(value(ref).shape, shape)) {
        fail(`"${ref}" is [${value(ref).shape.join(', ')}], not [${shape.join(', ')}]`);
      }
    };
    const parameter = (id: string, shape: IrDimension[]): void => {
      const found = parameterShapes.get(id) ?? fail(`no parameter "${id}"`);
      if (!sameShape(found, shape))
        fail(`"${id}" is [${found.join(', ')}], not [${shape.join(', ')}]`);
    };
    for (const ref of readsOf(op)) {
      value(ref);
      if (!known.has(ref)) fail(`"${ref}" is read before it is made`);
    }
    for (const ref of writesOf(op)) {
      value(ref);
      if (known.has(ref)) fail(`"${ref}" is made twice`);
      known.add(ref);
    }
    for (const id of parametersOf(op)) usedParameters.add(id);
    checkShapes(op, { value, expect, parameter, fail });
  }
  for (const id of parameterShapes.keys()) {
    if (!usedParameters.has(id)) throw new Error(`IR: parameter "${id}" is never used`);
  }
  const logits = program.values[program.head.logits];
  if (logits === undefined || !known.has(program.head.logits)) throw new Error('IR: no logits');
  const lead: IrDimension[] = program.head.perStep ? ['B', 'T'] : ['B'];
  if (!sameShape(logits.shape, [...lead, program.head.outputs])) {
    throw new Error(`IR: logits are [${logits.shape.join(', ')}]`);
  }
}

interface Checks {
  value(ref: string): IrValue;
  expect(ref: string, shape: IrDimension[]): void;
  parameter(id: string, shape: IrDimension[]): void;
  fail(why: string): never;
}

function checkShapes(op: IrOp, { value, expect, parameter, fail }: Checks): void {
  const lastOf = (ref: string): IrDimension => value(ref).shape.at(-1) ?? fail('a scalar');
  switch (op.op) {
    case 'input':
      return;
    case 'embedding': {
      expect(op.input, ['B', 'T']);
      const features = lastOf(op.output);
      expect(op.output, ['B', 'T', features]);
      return;
    }
    case 'recurrent': {
      const width = gates[op.cell] * op.units;
      const inputSize = lastOf(op.input);
      expect(op.input, ['B', 'T', inputSize]);
      expect(op.sequence, ['B', 'T', op.units]);
      for (const ref of [op.last, ...op.finalState, ...(op.initialState ?? [])]) {
        expect(ref, ['B', op.units]);
      }
      if (op.finalState.length !== (op.cell === 'lstm' ? 2 : 1)) fail('wrong number of states');
      if (op.initialState !== null && op.initialState.length !== op.finalState.length) {
        fail('wrong number of initial states');
      }
      parameter(op.kernel, [inputSize, width]);
      parameter(op.recurrentKernel, [op.units, width]);
      if (op.bias !== null) {
        parameter(op.bias, op.cell === 'gru' && op.resetAfter ? [2, width] : [width]);
      }
      return;
    }
    case 'merge': {
      const { shape } = value(op.forward);
      expect(op.backward, shape);
      const size = lastOf(op.forward);
      const merged = op.mode === 'concat' && typeof size === 'number' ? 2 * size : size;
      expect(op.output, [...shape.slice(0, -1), merged]);
      return;
    }
    case 'dense': {
      const units = lastOf(op.output);
      parameter(op.kernel, [lastOf(op.input), units]);
      if (op.bias !== null) parameter(op.bias, [units]);
      expect(op.output, [...value(op.input).shape.slice(0, -1), units]);
      return;
    }
    case 'dropout':
      expect(op.output, value(op.input).shape);
      return;
    case 'layer-norm':
      expect(op.output, value(op.input).shape);
      parameter(op.gamma, [lastOf(op.input)]);
      parameter(op.beta, [lastOf(op.input)]);
      return;
    case 'last-step':
    case 'pool-over-time':
      expect(op.input, ['B', 'T', lastOf(op.input)]);
      expect(op.output, ['B', lastOf(op.input)]);
      return;
    case 'concat': {
      const sizes = op.inputs.map(lastOf);
      const total = sizes.reduce<number>((sum, size) => sum + Number(size), 0);
      if (lastOf(op.output) !== total) fail(`features do not add up to ${total}`);
      return;
    }
    case 'add':
      for (const ref of op.inputs) expect(ref, value(op.output).shape);
      return;
    case 'attention': {
      const features = lastOf(op.memory);
      expect(op.memory, ['B', 'T', features]);
      if (op.score === 'dot' && op.query !== null && lastOf(op.query) !== features) {
        fail('query and memory differ in features');
      }
      const perStep = op.query !== null && value(op.query).shape.length === 3;
      expect(op.output, perStep ? ['B', 'T', features] : ['B', features]);
      expect(op.weights, perStep ? ['B', 'T', 'T'] : ['B', 'T']);
      return;
    }
  }
}
