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
function writesOf(op: IrOp): string[] {
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
function parametersOf(op: IrOp): string[] {
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
  const made = new Set<string>();
  const usedParameters = new Set<string>();
  const parameterShapes = new Map(program.parameters.map((p) => [p.id, p.shape]));
  if (parameterShapes.size !== program.parameters.length)
    throw new Error('IR: parameter ids repeat');
  const inputs = new Set(program.ops.filter((op) => op.op === 'input').map((op) => op.node));
  for (const op of program.ops) {
    const fail = (why: string): never => {
      throw new Error(`IR ${op.op} of ${op.node}: ${why}`);
    };
    const value = (ref: string): IrValue => program.values[ref] ?? fail(`no value "${ref}"`);
    const checks: Checks = {
      value,
      fail,
      last: (ref) => value(ref).shape.at(-1) ?? fail(`"${ref}" has no axes`),
      expect(ref, shape) {
        if (sameShape(value(ref).shape, shape)) return;
        fail(`"${ref}" is [${value(ref).shape.join(', ')}], not [${shape.join(', ')}]`);
      },
      sizesOf: (id) => parameterShapes.get(id) ?? fail(`no parameter "${id}"`),
      parameter(id, shape) {
        const found = checks.sizesOf(id);
        if (sameShape(found, shape)) return;
        fail(`"${id}" is [${found.join(', ')}], not [${shape.join(', ')}]`);
      },
    };
    for (const ref of readsOf(op)) {
      if (!made.has(ref)) fail(`"${ref}" is read before it is made`);
    }
    for (const ref of writesOf(op)) {
      if (made.has(ref)) fail(`"${ref}" is made twice`);
      const { lengths } = value(ref);
      if (lengths !== null && !inputs.has(lengths)) fail(`"${ref}" is masked by no input`);
      made.add(ref);
    }
    for (const id of parametersOf(op)) usedParameters.add(id);
    checkShapes(op, checks);
    checkLengths(op, checks);
  }
  for (const id of Object.keys(program.values)) {
    if (!made.has(id)) throw new Error(`IR: value "${id}" is never made`);
  }
  for (const id of parameterShapes.keys()) {
    if (!usedParameters.has(id)) throw new Error(`IR: parameter "${id}" is never used`);
  }
  const { head } = program;
  const logits = program.values[head.logits];
  if (logits === undefined) throw new Error(`IR: no logits "${head.logits}"`);
  if (!sameShape(logits.shape, head.perStep ? ['B', 'T', head.outputs] : ['B', head.outputs])) {
    throw new Error(`IR: logits are [${logits.shape.join(', ')}], for ${head.outputs} outputs`);
  }
}

interface Checks {
  value(ref: string): IrValue;
  /** Size of the last axis. */
  last(ref: string): IrDimension;
  expect(ref: string, shape: IrDimension[]): void;
  parameter(id: string, shape: IrDimension[]): void;
  /** A parameter's shape. */
  sizesOf(id: string): number[];
  fail(why: string): never;
}

/** A value with a time axis is masked exactly as what it was made from; one without is never masked. */
function checkLengths(op: IrOp, { value, fail }: Checks): void {
  if (op.op === 'input') return;
  const maskOf = (ref: string): string | null => {
    const { shape, lengths } = value(ref);
    return shape[1] === 'T' ? lengths : null;
  };
  const sources = readsOf(op).filter((ref) => value(ref).shape[1] === 'T');
  const [source] = sources;
  const mask = source === undefined ? null : maskOf(source);
  // Attention reads two time axes, of the query and of the memory; everything else reads one.
  if (op.op !== 'attention' && sources.some((ref) => maskOf(ref) !== mask)) {
    fail('it joins sequences with different masks');
  }
  for (const ref of writesOf(op)) {
    const expected = value(ref).shape[1] === 'T' ? mask : null;
    if (value(ref).lengths !== expected) {
      fail(`"${ref}" is masked by ${value(ref).lengths}, not by ${expected}`);
    }
  }
}

function checkShapes(op: IrOp, checks: Checks): void {
  const { value, last, expect, parameter, sizesOf, fail } = checks;
  switch (op.op) {
    case 'input':
      expect(op.output, op.feed === 'tokens' ? ['B', 'T'] : ['B', 'T', last(op.output)]);
      if (value(op.output).dtype !== (op.feed === 'tokens' ? 'int32' : 'float32')) {
        fail(`${op.feed} are not ${value(op.output).dtype}`);
      }
      return;
    case 'embedding': {
      const [vocabulary = 0, features = 0] = sizesOf(op.table);
      parameter(op.table, [vocabulary, features]);
      expect(op.input, ['B', 'T']);
      expect(op.output, ['B', 'T', features]);
      return;
    }
    case 'recurrent': {
      const width = gates[op.cell] * op.units;
      const inputSize = last(op.input);
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
      const size = last(op.forward);
      expect(op.backward, shape);
      const merged = op.mode === 'concat' ? 2 * Number(size) : size;
      expect(op.output, [...shape.slice(0, -1), merged]);
      return;
    }
    case 'dense': {
      const units = last(op.output);
      parameter(op.kernel, [last(op.input), units]);
      if (op.bias !== null) parameter(op.bias, [units]);
      expect(op.output, [...value(op.input).shape.slice(0, -1), units]);
      return;
    }
    case 'dropout':
      expect(op.output, value(op.input).shape);
      return;
    case 'layer-norm':
      expect(op.output, value(op.input).shape);
      parameter(op.gamma, [last(op.input)]);
      parameter(op.beta, [last(op.input)]);
      return;
    case 'last-step':
    case 'pool-over-time':
      expect(op.input, ['B', 'T', last(op.input)]);
      expect(op.output, ['B', last(op.input)]);
      return;
    case 'concat': {
      const lead = value(op.output).shape.slice(0, -1);
      for (const ref of op.inputs) expect(ref, [...lead, last(ref)]);
      const total = op.inputs.reduce((sum, ref) => sum + Number(last(ref)), 0);
      expect(op.output, [...lead, total]);
      return;
    }
    case 'add':
      for (const ref of op.inputs) expect(ref, value(op.output).shape);
      return;
    case 'attention':
      checkAttention(op, checks);
  }
}

function checkAttention(
  op: Extract<IrOp, { op: 'attention' }>,
  { value, last, expect, parameter, sizesOf, fail }: Checks,
): void {
  const features = last(op.memory);
  expect(op.memory, ['B', 'T', features]);
  const perStep = op.query !== null && value(op.query).shape.length === 3;
  expect(op.output, perStep ? ['B', 'T', features] : ['B', features]);
  expect(op.weights, perStep ? ['B', 'T', 'T'] : ['B', 'T']);
  if (op.score === 'additive') {
    if (op.memoryKernel === null || op.vector === null) {
      return fail('additive scores need a memory kernel and a vector');
    }
    if ((op.query === null) !== (op.queryKernel === null)) {
      return fail('a query and its kernel come together');
    }
    const [units = 0] = sizesOf(op.vector);
    parameter(op.vector, [units]);
    parameter(op.memoryKernel, [features, units]);
    if (op.bias !== null) parameter(op.bias, [units]);
    if (op.query !== null && op.queryKernel !== null) {
      parameter(op.queryKernel, [last(op.query), units]);
    }
    return;
  }
  if (op.queryKernel !== null || op.memoryKernel !== null || op.bias !== null) {
    fail('dot scores have no kernels');
  }
  if (op.query !== null) {
    if (op.vector !== null) fail('it has both a query and a learned one');
    if (last(op.query) !== features) fail('query and memory differ in features');
  } else if (op.vector === null) {
    fail('it has no query');
  } else parameter(op.vector, [features]);
}
