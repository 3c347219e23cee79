/** Pieces that several blocks share: ports, parameter fields, cell arithmetic, problems. */
import { z } from 'zod';
import type {
  CellKind,
  Dimension,
  SequenceType,
  StateType,
  ValueKind,
  ValueType,
} from '../graph/values.js';
import type {
  BlockProblem,
  Cost,
  ParameterSpec,
  PortSpec,
  ShapeContext,
  ShapeResult,
} from './define.js';

export const input = (
  name: string,
  label: string,
  kinds: readonly ValueKind[],
  options: { required?: boolean; many?: boolean } = {},
): PortSpec => ({
  name,
  label,
  kinds,
  required: options.required ?? true,
  many: options.many ?? false,
});

export const output = (name: string, label: string, kinds: readonly ValueKind[]): PortSpec => ({
  name,
  label,
  kinds,
  required: false,
  many: false,
});

/** The one value at a port, if there is an edge and its type is known. */
export function at(
  context: Pick<ShapeContext<unknown>, 'inputs'>,
  port: string,
): ValueType | undefined {
  return context.inputs[port]?.[0];
}

export function sequenceAt(
  context: Pick<ShapeContext<unknown>, 'inputs'>,
  port: string,
): SequenceType | undefined {
  const type = at(context, port);
  return type?.kind === 'sequence' ? type : undefined;
}

/** Last dimension of a vector or sequence; null where it isn't known. */
export function featuresOf(type: ValueType | undefined): Dimension {
  return type?.kind === 'sequence' || type?.kind === 'vector' ? type.features : null;
}

/** T for costs: the data's mean row length, else the longest, else 1. */
export function costSteps(context: ShapeContext<unknown>, type: ValueType | undefined): number {
  if (type?.kind !== 'sequence' && type?.kind !== 'tokens') return 1;
  return context.facts?.meanTimeSteps ?? type.timeSteps ?? 1;
}

/** The cost of a block without a recurrence. */
export const costOf = (flops: number, values: number, formula: string): Cost => ({
  flops,
  sequentialSteps: 0,
  activationBytes: 4 * values,
  formula,
});

/** Of a block that only hands on what it got. */
export const noCost: Cost = costOf(0, 0, '0');

/** A size for the block's face. */
export const known = (size: Dimension): string =>
  size === null ? 'from the data' : size.toLocaleString('en');

export const shaped = (
  outputs: ShapeResult['outputs'],
  problems: BlockProblem[] = [],
): ShapeResult => ({ outputs, problems });

export const problem = (
  code: string,
  message: string,
  hint = '',
  options: Partial<Pick<BlockProblem, 'severity' | 'port' | 'fixes'>> = {},
): BlockProblem => ({
  code,
  severity: options.severity ?? 'error',
  message,
  hint,
  port: options.port ?? null,
  fixes: options.fixes ?? [],
});

export const field = {
  units: (value: number) =>
    z
      .number()
      .int()
      .min(1)
      .max(16_384)
      .default(value)
      .meta({
        title: 'Units',
        description:
          'Size of the hidden state h: how many numbers the block remembers at each step.',
        slider: { min: 4, max: 512, step: 4 },
      }),
  output: z
    .enum(['last step', 'all steps'])
    .default('last step')
    .meta({
      title: 'Output',
      description:
        'Last step: one vector, the state after the whole sequence (many-to-one). All steps: the state at ' +
        'every time step (many-to-many), which a further recurrent layer, attention or pooling needs.',
    }),
  rate: (title: string, description: string, value = 0) =>
    z
      .number()
      .min(0)
      .max(0.95)
      .default(value)
      .meta({
        title,
        description,
        slider: { min: 0, max: 0.9, step: 0.05 },
      }),
  l2: z.number().min(0).max(10).default(0).meta({
    title: 'L2',
    description: 'Adds this times the sum of squared kernel weights to the loss.',
  }),
  activation: (value: 'linear' | 'tanh' | 'relu') =>
    z.enum(['linear', 'tanh', 'relu', 'sigmoid', 'gelu', 'softmax']).default(value).meta({
      title: 'Activation',
      description:
        'Function of each output. Keep linear before a head: the head turns scores into probabilities.',
    }),
  recurrentActivation: z.enum(['tanh', 'relu']).default('tanh').meta({
    title: 'Activation',
    description: 'tanh keeps the state within ±1; relu can grow without bound over long sequences.',
  }),
  resetAfter: z
    .boolean()
    .default(true)
    .meta({
      title: 'Reset after',
      description:
        'On: the reset gate multiplies after the recurrent product, as in cuDNN, PyTorch and Keras 3. ' +
        'Off: before it, as in the paper (Cho et al. 2014).',
    }),
  direction: z.enum(['forward', 'backward']).default('forward').meta({
    title: 'Direction',
    description: 'Backward reads every row from its last real step to its first.',
  }),
};

/** The fields that every recurrent block has. */
export const recurrentFields = {
  dropout: field.rate(
    'Input dropout',
    'Share of inputs set to zero while training, the same at every step.',
  ),
  recurrentDropout: field.rate(
    'Recurrent dropout',
    'Share of the state hidden from the gates while training, the same at every step (Gal & Ghahramani 2016).',
  ),
  l2: field.l2,
};

/** Gates of a cell: blocks of the kernels, G in the formulas. */
export const gatesOf: Record<CellKind, number> = { rnn: 1, gru: 3, lstm: 4 };

/** Trainable arrays of one layer in one direction; `prefix` is `''`, `forward/`, `layer_1/`… */
export function cellParameters(
  cell: CellKind,
  inputSize: number,
  units: number,
  options: { prefix?: string; resetAfter?: boolean; l2?: number },
): ParameterSpec[] {
  const { prefix = '', resetAfter = true, l2 = 0 } = options;
  const width = gatesOf[cell] * units;
  const biasShape = cell === 'gru' && resetAfter ? [2, width] : [width];
  return [
    {
      name: `${prefix}kernel`,
      shape: [inputSize, width],
      initializer: { kind: 'glorot-uniform', fanIn: inputSize, fanOut: width },
      l2,
    },
    {
      name: `${prefix}recurrent_kernel`,
      shape: [units, width],
      initializer: { kind: 'orthogonal', gates: gatesOf[cell] },
      l2,
    },
    {
      name: `${prefix}bias`,
      shape: biasShape,
      initializer: cell === 'lstm' ? { kind: 'forget-bias', units } : { kind: 'zeros' },
      l2: 0,
    },
  ];
}

/**
 * Element-wise operations of one unit in one step. LSTM: 4 gates × (2 additions + 1 activation), then 3 for
 * c, 2 for h. GRU, reset after: z and r 3 each, g 5, h as g + z·(h − g) 3. Simple RNN: 3.
 */
const pointwiseOf: Record<CellKind, number> = { rnn: 3, gru: 14, lstm: 17 };

/** Values kept for the backward pass: gates, h (and c, or a GRU's recurrent product) of each unit and step. */
const keptOf: Record<CellKind, number> = { rnn: 1, gru: 5, lstm: 6 };

/** Layers that run one after the other or beside each other, each over all `steps`. */
export function cellCost(
  cell: CellKind,
  steps: number,
  layers: readonly { inputSize: number; units: number }[],
  formula: string,
): Cost {
  const sum = (of: (layer: { inputSize: number; units: number }) => number): number =>
    layers.reduce((total, layer) => total + of(layer), 0);
  return {
    // The two products, and the element-wise part of the gates.
    flops: sum(
      ({ inputSize, units }) =>
        steps * (2 * gatesOf[cell] * units * (inputSize + units) + pointwiseOf[cell] * units),
    ),
    sequentialSteps: steps * layers.length,
    activationBytes: sum(({ units }) => 4 * steps * keptOf[cell] * units),
    formula,
  };
}

export const cellFormula = (cell: CellKind): string => {
  const gates = gatesOf[cell] === 1 ? '' : String(gatesOf[cell]);
  return `2·T·${gates}H·(I+H) + ${pointwiseOf[cell]}·T·H`;
};

/** Whether a state that arrives at `port` fits; no problem where nothing is connected. */
export function stateProblems(
  state: ValueType | undefined,
  wanted: Pick<StateType, 'cell' | 'units' | 'directions'>,
): BlockProblem[] {
  if (state?.kind !== 'state') return [];
  const describe = (s: Pick<StateType, 'cell' | 'units' | 'directions'>): string =>
    `${s.cell.toUpperCase()} state, units ${s.units.join('/')}, ${s.directions === 2 ? 'two directions' : 'one direction'}`;
  const same =
    state.cell === wanted.cell &&
    state.directions === wanted.directions &&
    state.units.length === wanted.units.length &&
    state.units.every((units, layer) => units === wanted.units[layer]);
  if (same) return [];
  return [
    problem(
      'state-mismatch',
      `The initial state is a ${describe(state)}, but this block starts from a ${describe(wanted)}.`,
      'Give both blocks the same cell, units, layers and directions.',
      { port: 'state' },
    ),
  ];
}

/** The output type of a recurrent block. */
export function recurrentOutput(
  source: SequenceType,
  features: number,
  mode: 'last step' | 'all steps',
): ValueType {
  return mode === 'last step' ? { kind: 'vector', features } : { ...source, features };
}
