/** The fields of one run, as the kernels read them (assembly/run.ts), and where its arrays lie. */
import type { RecurrentAttributes } from '../recurrent.js';
import type { KernelRuntime } from './runtime.js';
import type { Block } from './arena.js';

/** In the order in which `readRun` reads them. */
const runFields = [
  'cell',
  'features',
  'units',
  'timeSteps',
  'batch',
  'panels',
  'slots',
  'tileRows',
  'reverse',
  'lengths',
  'rows',
  'panelSteps',
  'panelSlot',
  'wide',
  'input',
  'kernel',
  'recurrentKernel',
  'bias',
  'initialH',
  'initialC',
  'inputMask',
  'recurrentMask',
  'sequence',
  'finalH',
  'finalC',
  'forwardWeights',
  'backwardWeights',
  'operands',
  'gates',
  'cells',
  'squashed',
  'history',
  'lastH',
  'lastC',
  'panelInputMask',
  'panelRecurrentMask',
  'dSequence',
  'dFinalH',
  'dFinalC',
  'dInput',
  'dWeights',
  'dRecurrent',
  'dInitialH',
  'dInitialC',
  'products',
  'resets',
  'scratch',
  'scratchSize',
  'zeroRow',
  'wasteRow',
] as const;

export type RunField = (typeof runFields)[number];

const lanes = 8;
/** A product may overrun by up to 5 rows; `PAD` in assembly/run.ts. */
const pad = 8;

export interface RunShape {
  batch: number;
  timeSteps: number;
  features: number;
  units: number;
  /** Of the kernels, G·H. */
  width: number;
  panels: number;
  /** Steps of all panels. */
  slots: number;
}

/** Rows sorted by length, longest first, in panels of eight lanes. */
export interface Panels {
  /** [panels·8]; lanes without a row have length 0 and row −1. */
  lengths: Int32Array;
  rows: Int32Array;
  /** [panels]: steps of each panel, and the slot of its first. */
  steps: Int32Array;
  slot: Int32Array;
  slots: number;
  /** [slots]; 1 while a row of lanes 4…7 runs, else 0. */
  wide: Int32Array;
}

export function panelsOf(batch: number, timeSteps: number, lengths: Int32Array | null): Panels {
  const lengthOf = (b: number): number => lengths?.[b] ?? timeSteps;
  const count = Math.ceil(batch / lanes);
  const order = Int32Array.from({ length: batch }, (_, b) => b);
  if (lengths !== null) order.sort((a, b) => lengthOf(b) - lengthOf(a) || a - b);
  const panels: Panels = {
    lengths: new Int32Array(count * lanes),
    rows: new Int32Array(count * lanes).fill(-1),
    steps: new Int32Array(count),
    slot: new Int32Array(count),
    slots: 0,
    wide: new Int32Array(0),
  };
  order.forEach((b, rank) => {
    panels.rows[rank] = b;
    panels.lengths[rank] = lengthOf(b);
  });
  for (let panel = 0; panel < count; panel++) {
    panels.slot[panel] = panels.slots;
    panels.steps[panel] = panels.lengths[panel * lanes]!;
    panels.slots += panels.steps[panel]!;
  }
  panels.wide = new Int32Array(panels.slots);
  panels.slot.forEach((slot, panel) => {
    panels.wide.fill(1, slot, slot + panels.lengths[panel * lanes + lanes / 2]!);
  });
  return panels;
}

/**
 * The panels in the order in which `shares` threads take them, panel i going to share i mod shares: each,
 * longest first, to the share that has the fewest steps so far. Empty panels fill up what is missing.
 * Slots stay as they are, and with them the order of every sum.
 */
export function balance(panels: Panels, shares: number): Panels {
  const groups = Array.from({ length: shares }, () => ({ panels: new Array<number>(), steps: 0 }));
  panels.steps.forEach((steps, panel) => {
    const [first, ...others] = groups;
    if (first === undefined) return;
    const least = others.reduce((best, group) => (group.steps < best.steps ? group : best), first);
    least.panels.push(panel);
    least.steps += steps;
  });
  const count = shares * Math.max(...groups.map((group) => group.panels.length));
  const balanced: Panels = {
    lengths: new Int32Array(count * lanes),
    rows: new Int32Array(count * lanes).fill(-1),
    steps: new Int32Array(count),
    slot: new Int32Array(count),
    slots: panels.slots,
    wide: panels.wide,
  };
  groups.forEach((group, share) => {
    group.panels.forEach((panel, i) => {
      const to = share + i * shares;
      const [from, end] = [panel * lanes, (panel + 1) * lanes];
      balanced.lengths.set(panels.lengths.subarray(from, end), to * lanes);
      balanced.rows.set(panels.rows.subarray(from, end), to * lanes);
      balanced.steps[to] = panels.steps[panel]!;
      balanced.slot[to] = panels.slot[panel]!;
    });
  });
  return balanced;
}

/** As assembly/run.ts numbers them. */
function cellCode({ cell, activation, resetAfter }: RecurrentAttributes): number {
  if (cell === 'rnn') return activation === 'relu' ? 1 : 0;
  if (cell === 'lstm') return 2;
  return resetAfter ? 3 : 4;
}

/** Float32 values that a packed matrix of so many rows and columns takes, tiles filled up. */
const packed = (rows: number, depth: number): number => (rows + pad) * depth;

/** Sizes in bytes by field: a part of a run's memory that is allocated at once. */
export type Sizes = Partial<Record<RunField, number>>;

/** What lives from the forward to the backward. */
export function keptSizes(
  attributes: RecurrentAttributes,
  shape: RunShape,
  options: RunOptions,
): Sizes {
  const { features: E, units: H, width, panels, slots } = shape;
  const rows = (count: number): number => count * lanes * 4;
  const { cell } = attributes;
  const gateRows = (cell === 'gru' && attributes.resetAfter ? 4 * H : width) + pad;
  const resetBefore = cell === 'gru' && !attributes.resetAfter;
  const sizes: Sizes = {
    lengths: panels * lanes * 4,
    rows: panels * lanes * 4,
    panelSteps: panels * 4,
    panelSlot: panels * 4,
    wide: slots * 4,
    operands: rows(slots * (E + 1 + H)),
    gates: rows(slots * gateRows),
    lastH: rows(panels * H),
    zeroRow: Math.max(E, H) * 4,
    wasteRow: Math.max(E, H) * 4,
  };
  if (cell === 'lstm') {
    sizes.lastC = rows(panels * H);
    sizes.squashed = rows(slots * H);
  }
  if (cell === 'lstm' || resetBefore) sizes.cells = rows(slots * H);
  if (options.inputMask) sizes.panelInputMask = rows(panels * E);
  if (options.recurrentMask) {
    sizes.panelRecurrentMask = rows(panels * H);
    sizes.history = rows(slots * H);
  }
  if (options.differentiable) {
    sizes.backwardWeights =
      4 * (packed(E, width) + packed(H, width) + (resetBefore ? packed(H, H) : 0));
  }
  return sizes;
}

/** Bytes of scratch that a share needs for its tables of addresses. */
export const tableBytes = ({ panels }: RunShape): number => 32 + 3 * 4 * panels;

/** What a run has besides its input and weights. */
export interface RunOptions {
  /** 2 for an LSTM, else 1. */
  states: number;
  initialState: boolean;
  inputMask: boolean;
  recurrentMask: boolean;
  sequence: boolean;
  differentiable: boolean;
}

/** The weights as they are given. */
export function givenWeightSizes({ features, units, width }: RunShape): Sizes {
  return {
    kernel: features * width * 4,
    recurrentKernel: units * width * 4,
    bias: 4 * units * 4,
  };
}

/** The weights packed for the forward: at most three products, their rows filled up to whole tiles. */
export function packedWeightSizes({ features, units }: RunShape): Sizes {
  return { forwardWeights: 4 * packed(4 * units + 2 * pad, features + 1 + units) };
}

/** What else only the forward needs. */
export function forwardSizes(shape: RunShape, options: RunOptions, scratch: number): Sizes {
  const { batch, timeSteps, features, units } = shape;
  const state = batch * units * 4;
  const cellState = options.states > 1;
  return {
    input: batch * timeSteps * features * 4,
    finalH: state,
    ...(cellState && { finalC: state }),
    ...(options.initialState && { initialH: state }),
    ...(options.initialState && cellState && { initialC: state }),
    ...(options.sequence && { sequence: batch * timeSteps * units * 4 }),
    ...(options.inputMask && { inputMask: batch * features * 4 }),
    ...(options.recurrentMask && { recurrentMask: state }),
    scratch,
  };
}

/** What only the backward needs. */
export function backwardSizes(
  { cell }: RecurrentAttributes,
  shape: RunShape,
  options: RunOptions,
  scratch: number,
): Sizes {
  const { batch, timeSteps, features, units, width, panels } = shape;
  const state = batch * units * 4;
  const cellState = options.states > 1;
  const rows = (count: number): number => count * lanes * 4;
  return {
    ...(options.sequence && { dSequence: batch * timeSteps * units * 4 }),
    dFinalH: state,
    ...(cellState && { dFinalC: state }),
    dInput: batch * timeSteps * features * 4,
    dWeights: (features + 1 + units) * width * 4,
    ...(cell === 'gru' && { dRecurrent: (1 + units) * width * 4 }),
    ...(options.initialState && { dInitialH: state }),
    ...(options.initialState && cellState && { dInitialC: state }),
    products: rows(panels * (features + units + pad)),
    ...(cell === 'gru' && { resets: rows(panels * (units + pad)) }),
    scratch,
  };
}

// Vectors are read up to the end of the last one.
const whole = (size: number): number => Math.ceil(size / 64) * 64;

/** Bytes that a part of these sizes takes. */
export const partBytes = (sizes: Sizes): number =>
  Object.values(sizes).reduce((sum, size) => sum + whole(size), 0);

/** One block of memory that is cut into fields. */
export class Part {
  private readonly runtime: KernelRuntime;
  private readonly block: Block;
  private readonly at = new Map<RunField, number>();
  private readonly sizes: Sizes;

  /** @throws OutOfWasmMemory */
  static allocate(runtime: KernelRuntime, sizes: Sizes): Part {
    return new Part(runtime, sizes, runtime.arena.allocate(partBytes(sizes)));
  }

  /** @param block at least `partBytes(sizes)` long; `release` gives it back. */
  constructor(runtime: KernelRuntime, sizes: Sizes, block: Block) {
    this.runtime = runtime;
    this.sizes = sizes;
    this.block = block;
    let end = 0;
    for (const field of runFields) {
      const size = sizes[field];
      if (size === undefined) continue;
      this.at.set(field, end);
      end += whole(size);
    }
  }

  address(field: RunField): number {
    const offset = this.at.get(field);
    return offset === undefined ? 0 : this.block.at + offset;
  }

  floats(field: RunField): Float32Array {
    const length = (this.sizes[field] ?? 0) / 4;
    return new Float32Array(this.runtime.memory.buffer, this.address(field), length);
  }

  integers(field: RunField): Int32Array {
    const length = (this.sizes[field] ?? 0) / 4;
    return new Int32Array(this.runtime.memory.buffer, this.address(field), length);
  }

  release(): void {
    this.runtime.arena.release(this.block);
  }
}

/** A batch of one row has a product of its own, in tiles of four rows. */
export function tileRowsFor({ batch }: RunShape, tileRows: number): number {
  return batch === 1 ? 4 : tileRows;
}

/** Room for the fields themselves. */
export const fieldBytes = runFields.length * 4;

/** Writes all fields to `at`: those of the shape, and the addresses in the given parts. */
export function writeRun(
  { memory, tileRows }: KernelRuntime,
  at: number,
  attributes: RecurrentAttributes,
  shape: RunShape,
  parts: Part[],
  scratchSize: number,
): void {
  const numbers: Partial<Record<RunField, number>> = {
    ...shape,
    cell: cellCode(attributes),
    tileRows: tileRowsFor(shape, tileRows),
    reverse: attributes.reverse ? 1 : 0,
    scratchSize,
  };
  new Int32Array(memory.buffer, at, runFields.length).set(
    runFields.map(
      (field) =>
        numbers[field] ?? parts.reduce((address, part) => address || part.address(field), 0),
    ),
  );
}
