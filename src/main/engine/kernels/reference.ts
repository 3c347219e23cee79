/**
 * The recurrent layer in plain TypeScript and float64, forward and backward, one row and one step at a
 * time: what every other kernel is compared with. It is written to be read, not to be fast.
 *
 * Equations and layouts: see recurrent.ts. All arrays are row major.
 */
import type { RecurrentAttributes } from './recurrent.js';

export interface ReferenceInputs {
  batch: number;
  timeSteps: number;
  features: number;
  /** [B, T, I]. */
  input: Float64Array;
  lengths: Int32Array | null;
  /** [I, G·H]. */
  kernel: Float64Array;
  /** [H, G·H]. */
  recurrentKernel: Float64Array;
  /** [G·H], or [2, G·H] for GRU reset-after. */
  bias: Float64Array | null;
  /** h, and c for an LSTM, each [B, H]. */
  initialState: Float64Array[] | null;
  /** [B, I]. */
  inputMask: Float64Array | null;
  /** [B, H]. */
  recurrentMask: Float64Array | null;
}

export interface ReferenceOutputs {
  /** [B, T, H]. */
  sequence: Float64Array;
  /** h, and c for an LSTM, each [B, H]. */
  finalState: Float64Array[];
}

/** Gradients of a scalar with respect to the outputs; null where it doesn't depend on one. */
export interface ReferenceUpstream {
  sequence: Float64Array | null;
  finalState: (Float64Array | null)[];
}

export interface ReferenceGradients {
  input: Float64Array;
  kernel: Float64Array;
  recurrentKernel: Float64Array;
  /** Zeros [0] without a bias. */
  bias: Float64Array;
  initialState: Float64Array[];
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** y_j += Σ_i x_i W_ij for columns from…from+y.length of W, whose rows are `width` wide. */
function multiplyAdd(
  x: Float64Array,
  weights: Float64Array,
  width: number,
  from: number,
  y: Float64Array,
): void {
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < y.length; j++) y[j]! += x[i]! * weights[i * width + from + j]!;
  }
}

/** The gradients of `multiplyAdd`: dx_i += Σ_j dy_j W_ij and dW_ij += x_i dy_j. */
function multiplyAddBackward(
  x: Float64Array,
  weights: Float64Array,
  width: number,
  from: number,
  dy: Float64Array,
  dx: Float64Array,
  dWeights: Float64Array,
): void {
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < dy.length; j++) {
      const at = i * width + from + j;
      dx[i]! += dy[j]! * weights[at]!;
      dWeights[at]! += x[i]! * dy[j]!;
    }
  }
}

const product = (a: Float64Array, b: Float64Array | null): Float64Array =>
  b === null ? a.slice() : a.map((value, i) => value * b[i]!);

function addTo(target: Float64Array, from: number, values: Float64Array): void {
  for (let i = 0; i < values.length; i++) target[from + i]! += values[i]!;
}

/** What a step keeps for its backward: its operands and its gates. */
interface Step {
  time: number;
  /** Masked input and masked hidden state, the matrix products' operands. */
  x: Float64Array;
  hidden: Float64Array;
  /** State before the step. */
  h: Float64Array;
  c: Float64Array;
  /** Activated gates in layout order; for an RNN the output itself. */
  gates: Float64Array;
  /** LSTM: tanh(c'). GRU reset-after: h·Uh + b'. GRU reset-before: r ⊙ hidden. */
  extra: Float64Array;
}

interface Layer {
  attributes: RecurrentAttributes;
  inputs: ReferenceInputs;
  gateCount: 1 | 3 | 4;
}

function layerOf(attributes: RecurrentAttributes, inputs: ReferenceInputs): Layer {
  const gateCount = { rnn: 1, gru: 3, lstm: 4 } as const;
  return { attributes, inputs, gateCount: gateCount[attributes.cell] };
}

/** Time steps of row `b` in the order in which they are read. */
function readingOrder({ attributes, inputs }: Layer, b: number): number[] {
  const length = inputs.lengths?.[b] ?? inputs.timeSteps;
  const order = Array.from({ length }, (_, step) => step);
  return attributes.reverse ? order.reverse() : order;
}

function row(values: Float64Array | null | undefined, b: number, width: number): Float64Array {
  return values ? values.slice(b * width, (b + 1) * width) : new Float64Array(width);
}

function maskRow(mask: Float64Array | null, b: number, width: number): Float64Array | null {
  return mask && row(mask, b, width);
}

/** Runs one step from (h, c) and returns what it kept and the next (h, c). */
function runStep(
  layer: Layer,
  b: number,
  time: number,
  h: Float64Array,
  c: Float64Array,
): { step: Step; h: Float64Array; c: Float64Array } {
  const { attributes, inputs, gateCount } = layer;
  const { units: H, cell } = attributes;
  const { features: I, bias } = inputs;
  const width = gateCount * H;
  const at = (b * inputs.timeSteps + time) * I;
  const x = product(inputs.input.slice(at, at + I), maskRow(inputs.inputMask, b, I));
  const hidden = product(h, maskRow(inputs.recurrentMask, b, H));

  const gates = new Float64Array(width);
  if (bias) addTo(gates, 0, bias.subarray(0, width));
  multiplyAdd(x, inputs.kernel, width, 0, gates);
  let extra: Float64Array = new Float64Array(H);
  const next = new Float64Array(H);
  let nextC = c;

  if (cell === 'rnn') {
    multiplyAdd(hidden, inputs.recurrentKernel, width, 0, gates);
    for (let j = 0; j < H; j++) {
      gates[j] = attributes.activation === 'relu' ? Math.max(0, gates[j]!) : Math.tanh(gates[j]!);
      next[j] = gates[j]!;
    }
  } else if (cell === 'lstm') {
    multiplyAdd(hidden, inputs.recurrentKernel, width, 0, gates);
    nextC = new Float64Array(H);
    for (let j = 0; j < H; j++) {
      const i = (gates[j] = sigmoid(gates[j]!));
      const f = (gates[H + j] = sigmoid(gates[H + j]!));
      const g = (gates[2 * H + j] = Math.tanh(gates[2 * H + j]!));
      const o = (gates[3 * H + j] = sigmoid(gates[3 * H + j]!));
      nextC[j] = f * c[j]! + i * g;
      extra[j] = Math.tanh(nextC[j]!);
      next[j] = o * extra[j]!;
    }
  } else {
    const recurrent = new Float64Array(attributes.resetAfter ? width : 2 * H);
    if (bias && attributes.resetAfter) addTo(recurrent, 0, bias.subarray(width, 2 * width));
    multiplyAdd(hidden, inputs.recurrentKernel, width, 0, recurrent);
    for (let j = 0; j < 2 * H; j++) gates[j] = sigmoid(gates[j]! + recurrent[j]!);
    const r = gates.slice(H, 2 * H);
    if (attributes.resetAfter) {
      extra = recurrent.slice(2 * H);
      for (let j = 0; j < H; j++) gates[2 * H + j]! += r[j]! * extra[j]!;
    } else {
      extra = product(r, hidden);
      multiplyAdd(extra, inputs.recurrentKernel, width, 2 * H, gates.subarray(2 * H));
    }
    for (let j = 0; j < H; j++) {
      const z = gates[j]!;
      const candidate = (gates[2 * H + j] = Math.tanh(gates[2 * H + j]!));
      next[j] = z * h[j]! + (1 - z) * candidate;
    }
  }
  return { step: { time, x, hidden, h, c, gates, extra }, h: next, c: nextC };
}

function runRow(layer: Layer, b: number): { steps: Step[]; state: Float64Array[] } {
  const { units: H, cell } = layer.attributes;
  let h = row(layer.inputs.initialState?.[0], b, H);
  let c = row(layer.inputs.initialState?.[1], b, H);
  const steps: Step[] = [];
  for (const time of readingOrder(layer, b)) {
    const result = runStep(layer, b, time, h, c);
    steps.push(result.step);
    ({ h, c } = result);
  }
  return { steps, state: cell === 'lstm' ? [h, c] : [h] };
}

/** Outputs of one layer in one direction. */
export function referenceForward(
  attributes: RecurrentAttributes,
  inputs: ReferenceInputs,
): ReferenceOutputs {
  const layer = layerOf(attributes, inputs);
  const { units: H } = attributes;
  const { batch: B, timeSteps: T } = inputs;
  const sequence = new Float64Array(B * T * H);
  const finalState = (attributes.cell === 'lstm' ? [0, 1] : [0]).map(() => new Float64Array(B * H));
  for (let b = 0; b < B; b++) {
    const { steps, state } = runRow(layer, b);
    steps.forEach(({ time }, i) => {
      // A step's output is the h that the next step started from.
      const h = i + 1 < steps.length ? steps[i + 1]!.h : state[0]!;
      sequence.set(h, (b * T + time) * H);
    });
    state.forEach((values, i) => finalState[i]!.set(values, b * H));
  }
  return { sequence, finalState };
}

/** Every gradient, given those of the outputs. */
export function referenceBackward(
  attributes: RecurrentAttributes,
  inputs: ReferenceInputs,
  upstream: ReferenceUpstream,
): ReferenceGradients {
  const layer = layerOf(attributes, inputs);
  const { units: H } = attributes;
  const { batch: B, timeSteps: T, features: I } = inputs;
  const gradients: ReferenceGradients = {
    input: new Float64Array(B * T * I),
    kernel: new Float64Array(inputs.kernel.length),
    recurrentKernel: new Float64Array(inputs.recurrentKernel.length),
    bias: new Float64Array(inputs.bias?.length ?? 0),
    initialState: (attributes.cell === 'lstm' ? [0, 1] : [0]).map(() => new Float64Array(B * H)),
  };
  for (let b = 0; b < B; b++) {
    let dh = row(upstream.finalState[0], b, H);
    let dc = row(upstream.finalState[1], b, H);
    for (const step of runRow(layer, b).steps.reverse()) {
      const at = (b * T + step.time) * H;
      if (upstream.sequence) addTo(dh, 0, upstream.sequence.subarray(at, at + H));
      ({ dh, dc } = stepBackward(layer, b, step, dh, dc, gradients));
    }
    gradients.initialState[0]!.set(dh, b * H);
    gradients.initialState[1]?.set(dc, b * H);
  }
  return gradients;
}

/** Takes the gradients of a step's (h', c') to those of its (h, c); adds to all others. */
function stepBackward(
  layer: Layer,
  b: number,
  step: Step,
  dNext: Float64Array,
  dNextC: Float64Array,
  gradients: ReferenceGradients,
): { dh: Float64Array; dc: Float64Array } {
  const { attributes, inputs, gateCount } = layer;
  const { units: H, cell } = attributes;
  const { features: I } = inputs;
  const width = gateCount * H;
  const { gates, extra } = step;
  const dh = new Float64Array(H);
  const dc = new Float64Array(H);
  /** Gradients of the gates before their activation, on the input's side and on the state's. */
  const dGates = new Float64Array(width);
  let dRecurrent = dGates;
  const dHidden = new Float64Array(H);
  const { recurrentKernel } = inputs;

  if (cell === 'rnn') {
    for (let j = 0; j < H; j++) {
      const y = gates[j]!;
      dGates[j] = dNext[j]! * (attributes.activation === 'relu' ? (y > 0 ? 1 : 0) : 1 - y * y);
    }
  } else if (cell === 'lstm') {
    for (let j = 0; j < H; j++) {
      const [i, f] = [gates[j]!, gates[H + j]!];
      const [g, o] = [gates[2 * H + j]!, gates[3 * H + j]!];
      const dCell = dNextC[j]! + dNext[j]! * o * (1 - extra[j]! * extra[j]!);
      dGates[j] = dCell * g * i * (1 - i);
      dGates[H + j] = dCell * step.c[j]! * f * (1 - f);
      dGates[2 * H + j] = dCell * i * (1 - g * g);
      dGates[3 * H + j] = dNext[j]! * extra[j]! * o * (1 - o);
      dc[j] = dCell * f;
    }
  } else {
    const dReset = new Float64Array(H);
    for (let j = 0; j < H; j++) {
      const [z, r, candidate] = [gates[j]!, gates[H + j]!, gates[2 * H + j]!];
      dh[j]! += dNext[j]! * z;
      dGates[j] = dNext[j]! * (step.h[j]! - candidate) * z * (1 - z);
      const dCandidate = (dGates[2 * H + j] = dNext[j]! * (1 - z) * (1 - candidate * candidate));
      dReset[j] = attributes.resetAfter ? dCandidate * extra[j]! : 0;
      if (attributes.resetAfter) dGates[H + j] = dReset[j]! * r * (1 - r);
    }
    if (attributes.resetAfter) {
      dRecurrent = dGates.slice();
      for (let j = 0; j < H; j++) dRecurrent[2 * H + j]! *= gates[H + j]!;
    } else {
      const dProduct = new Float64Array(H);
      multiplyAddBackward(
        extra,
        recurrentKernel,
        width,
        2 * H,
        dGates.subarray(2 * H),
        dProduct,
        gradients.recurrentKernel,
      );
      for (let j = 0; j < H; j++) {
        const r = gates[H + j]!;
        dGates[H + j] = dProduct[j]! * step.hidden[j]! * r * (1 - r);
        dHidden[j]! += dProduct[j]! * r;
      }
      dRecurrent = dGates.subarray(0, 2 * H);
    }
  }

  multiplyAddBackward(
    step.hidden,
    recurrentKernel,
    width,
    0,
    dRecurrent,
    dHidden,
    gradients.recurrentKernel,
  );
  addTo(dh, 0, product(dHidden, maskRow(inputs.recurrentMask, b, H)));

  const dx = new Float64Array(I);
  multiplyAddBackward(step.x, inputs.kernel, width, 0, dGates, dx, gradients.kernel);
  addTo(
    gradients.input,
    (b * inputs.timeSteps + step.time) * I,
    product(dx, maskRow(inputs.inputMask, b, I)),
  );

  if (inputs.bias) {
    addTo(gradients.bias, 0, dGates);
    if (cell === 'gru' && attributes.resetAfter) addTo(gradients.bias, width, dRecurrent);
  }
  return { dh, dc };
}
