/**
 * The program as a person would write it: one module for each block. A bidirectional or a stacked block
 * is several ops in the IR and one layer here.
 */
import type { ProjectDocument } from '../graph/document.js';
import type { CellKind } from '../graph/values.js';
import type { IrOp, IrProgram, IrValueRef, MergeMode } from '../ir/types.js';

export type RecurrentOp = Extract<IrOp, { op: 'recurrent' }>;

export interface RecurrentLayer {
  inputSize: number;
  units: number;
  /** Rate between the layer below and this one. */
  dropoutBefore: number;
  /** One direction at least; a block that reads backwards has no `forward`. */
  forward: RecurrentOp | null;
  backward: RecurrentOp | null;
}

export interface RecurrentModule {
  op: 'recurrent';
  node: string;
  cell: CellKind;
  activation: 'tanh' | 'relu';
  resetAfter: boolean;
  /** Of the input of every layer, and of h before the recurrent product. */
  dropout: number;
  recurrentDropout: number;
  layers: RecurrentLayer[];
  /** Of two directions; null with one. */
  merge: MergeMode | null;
  input: IrValueRef;
  /** h, and c for an LSTM, of each layer and direction in turn. */
  initialState: IrValueRef[] | null;
  /** What leads on: the top layer's states, merged where there are two directions. */
  output: { ref: IrValueRef; steps: 'all' | 'last' }[];
  finalState: IrValueRef[];
}

/** A block that is one op is that op. */
export type Operation = Exclude<IrOp, { op: 'recurrent' | 'merge' }>;
export type OperationOf<K extends Operation['op']> = Extract<Operation, { op: K }>;

export type CodeModule = RecurrentModule | Operation;

/** Modules in the program's order. */
export function modulesOf(program: IrProgram): CodeModule[] {
  const modules: CodeModule[] = [];
  const done = new Set<string>();
  for (const op of program.ops) {
    if (done.has(op.node)) continue;
    const ops = program.ops.filter(({ node }) => node === op.node);
    if (ops.some(({ op }) => op === 'recurrent')) {
      modules.push(recurrentModule(program, op.node, ops));
      done.add(op.node);
    } else if (op.op === 'recurrent' || op.op === 'merge') {
      throw new Error(`${op.node}: a ${op.op} op stands in a recurrent block`);
    } else {
      modules.push(op);
    }
  }
  return modules;
}

/** Rows of one batch have different lengths. */
export const isPadded = (program: IrProgram): boolean =>
  Object.values(program.values).some(({ lengths }) => lengths !== null);

/** The user's name of a block. */
export function nameOf(document: ProjectDocument, node: string): string {
  return document.graph.nodes.find(({ id }) => id === node)?.name ?? node;
}

function recurrentModule(program: IrProgram, node: string, ops: readonly IrOp[]): RecurrentModule {
  const cells = ops.filter((op) => op.op === 'recurrent');
  const merge = ops.find((op) => op.op === 'merge') ?? null;
  const [first] = cells;
  if (first === undefined) throw new Error(`${node} has no recurrent op`);
  const layers: RecurrentLayer[] = [];
  let dropoutBefore = 0;
  let input = first.input;
  for (const op of ops) {
    if (op.op === 'dropout') dropoutBefore = op.rate;
    if (op.op !== 'recurrent') continue;
    const below = layers.at(-1);
    const otherDirection = merge !== null && below?.backward === null && below.forward !== null;
    if (otherDirection && op.reverse && op.input === below.forward?.input) {
      below.backward = op;
      continue;
    }
    const features = program.values[op.input]?.shape.at(-1);
    if (typeof features !== 'number') throw new Error(`${node}: an input without a size`);
    layers.push({
      inputSize: features,
      units: op.units,
      dropoutBefore,
      forward: op.reverse ? null : op,
      backward: op.reverse ? op : null,
    });
    dropoutBefore = 0;
    if (layers.length === 1) input = op.input;
  }
  const top = cells.at(-1);
  if (top === undefined) throw new Error('unreachable: a block of cells has a last one');
  const states = cells.flatMap(({ initialState }) => initialState ?? []);
  return {
    op: 'recurrent',
    node,
    cell: first.cell,
    activation: first.activation,
    resetAfter: first.resetAfter,
    dropout: first.dropout,
    recurrentDropout: first.recurrentDropout,
    layers,
    merge: merge?.mode ?? null,
    input,
    initialState: states.length === 0 ? null : states,
    output:
      merge === null
        ? [
            { ref: top.sequence, steps: 'all' },
            { ref: top.last, steps: 'last' },
          ]
        : [{ ref: merge.output, steps: isSequence(program, merge.output) ? 'all' : 'last' }],
    finalState: cells.flatMap(({ finalState }) => finalState),
  };
}

const isSequence = (program: IrProgram, ref: IrValueRef): boolean =>
  program.values[ref]?.shape.length === 3;
