/** What is timed. A specification is plain JSON: every subject, in whatever language, reads the same. */
import type { IrProgram } from '#shared/ir/types';
import type { OptimizerRecipe, TrainingRecipe } from '#shared/training/recipe';
import { gateCount } from '../../src/main/engine/kernels/recurrent-cases.js';
import type { Variant } from '../../src/main/engine/kernels/recurrent-cases.js';

export interface RecurrentSpec {
  kind: 'recurrent';
  id: string;
  variant: Variant;
  cell: 'rnn' | 'lstm' | 'gru';
  batch: number;
  timeSteps: number;
  features: number;
  units: number;
  /**
   * `train`: outputs and all gradients, given that of the sequence. `forward`: the sequence from zeros.
   * `step`: one time step from a given state, the new state read back.
   */
  pass: 'train' | 'forward' | 'step';
  /** Null: every row has all time steps. */
  lengths: number[] | null;
}

export interface BatchSpec {
  size: number;
  timeSteps: number;
  masked: boolean;
  targets: 'class' | 'steps';
}

/** One optimizer step of an example project, over a few of its real batches in turn. */
export interface TrainingSpec {
  kind: 'training';
  id: string;
  example: string;
  program: IrProgram;
  /** `optimizer` and `clip` as in the project. */
  recipe: { optimizer: OptimizerRecipe; clip: TrainingRecipe['clip'] };
  batches: BatchSpec[];
}

/** An operation beside recurrence, as the compiler runs it: outputs and all gradients, given the output's. */
export interface OperationSpec {
  kind: 'operation';
  id: string;
  /** `attention`: scaled dot products of as many queries as there are time steps. */
  operation: 'layer-norm' | 'attention';
  /** Rows; for attention times the heads. */
  batch: number;
  timeSteps: number;
  /** Of a head. */
  features: number;
  heads: number;
}

export type Spec = RecurrentSpec | TrainingSpec | OperationSpec;

interface Shape {
  batch: number;
  timeSteps: number;
  features: number;
  units: number;
}

export const trainingShapes: readonly Shape[] = [
  { batch: 32, timeSteps: 32, features: 64, units: 128 },
  { batch: 32, timeSteps: 32, features: 64, units: 256 },
  { batch: 64, timeSteps: 128, features: 128, units: 256 },
  { batch: 128, timeSteps: 64, features: 128, units: 512 },
];
const tinyShape: Shape = { batch: 9, timeSteps: 7, features: 10, units: 12 };

/**
 * Words in a mail: 32 evenly spaced quantiles of the 6,046 mails of the SpamAssassin corpus (subject and
 * text, before the studio's copy is shortened), cut at 512.
 */
export const mailLengths: readonly number[] = [
  25, 37, 45, 56, 66, 76, 85, 93, 102, 110, 119, 127, 135, 144, 152, 161, 172, 182, 192, 204, 219,
  235, 255, 276, 303, 339, 393, 450, 512, 512, 512, 512,
];

const shapeName = ({ batch, timeSteps, features, units }: Shape): string =>
  [batch, timeSteps, features, units].join('x');

export function recurrentSpec(
  variant: Variant,
  pass: RecurrentSpec['pass'],
  shape: Shape,
  lengths: readonly number[] | null = null,
  name = `${variant}-${pass}-${shapeName(shape)}`,
): RecurrentSpec {
  return {
    kind: 'recurrent',
    id: name,
    variant,
    cell: variant === 'lstm' ? 'lstm' : variant.startsWith('gru') ? 'gru' : 'rnn',
    ...shape,
    pass,
    lengths: lengths && [...lengths],
  };
}

/** Recurrent cases for one cell, small ones first. */
export function recurrentCases(variant: Variant): RecurrentSpec[] {
  return [
    recurrentSpec(variant, 'train', tinyShape, null, `${variant}-tiny`),
    recurrentSpec('gru-after', 'step', { batch: 1, timeSteps: 1, features: 64, units: 256 }),
    recurrentSpec(variant, 'forward', { batch: 1, timeSteps: 64, features: 64, units: 256 }),
    ...trainingShapes.map((shape) => recurrentSpec(variant, 'train', shape)),
    ...mailCases(variant, 32),
    ...mailCases(variant, 128),
  ];
}

/** B 32, T 64, D 128. */
export const operationCases: readonly OperationSpec[] = [
  { operation: 'layer-norm', heads: 1 } as const,
  { operation: 'attention', heads: 1 } as const,
  { operation: 'attention', heads: 4 } as const,
].map(({ operation, heads }) => ({
  kind: 'operation',
  id: `${operation}-32x64x128${heads > 1 ? `-${heads}-heads` : ''}`,
  operation,
  batch: 32 * heads,
  timeSteps: 64,
  features: 128 / heads,
  heads,
}));

/** The same batch of mails with their lengths, and padded. */
function mailCases(variant: Variant, batch: number): RecurrentSpec[] {
  const shape = { batch, timeSteps: Math.max(...mailLengths), features: 64, units: 128 };
  // Longest first would spare a kernel the sorting; mails come in any order.
  const lengths = Array.from(
    { length: batch },
    (_, i) => mailLengths[(i * 13) % mailLengths.length]!,
  );
  const name = `${variant}-mails-${batch}`;
  return [
    recurrentSpec(variant, 'train', shape, lengths, `${name}-packed`),
    recurrentSpec(variant, 'train', shape, null, `${name}-padded`),
  ];
}

export const trainingExamples = ['sentiment-bilstm', 'char-language-model'] as const;

/** Floating-point operations of the matrix products, a multiply-add being two; 0 where nobody counts. */
export function flopsOf(spec: Spec): number {
  if (spec.kind === 'training') return 0;
  if (spec.kind === 'operation') {
    const { operation, batch, timeSteps, features } = spec;
    return operation === 'attention' ? 12 * batch * timeSteps ** 2 * features : 0;
  }
  const { batch, timeSteps, features, units, cell, lengths, pass } = spec;
  const steps = lengths?.reduce((sum, length) => sum + length, 0) ?? batch * timeSteps;
  const forward = 2 * steps * (features + units) * gateCount[cell] * units;
  return pass === 'train' ? 3 * forward : forward;
}

export function describe(spec: Spec): string {
  if (spec.kind === 'training') {
    const steps = spec.batches.map((batch) => batch.timeSteps);
    const [least, most] = [Math.min(...steps), Math.max(...steps)];
    const size = spec.batches[0]?.size ?? 0;
    const range = least === most ? least : `${least}–${most}`;
    return `${spec.example}: one training step, batch ${size}, ${range} time steps`;
  }
  if (spec.kind === 'operation') {
    const { operation, batch, timeSteps, features, heads } = spec;
    const many = heads === 1 ? '' : `, ${heads} heads`;
    const shape = `B ${batch / heads}, T ${timeSteps}, D ${features * heads}${many}`;
    return `${operation === 'attention' ? 'dot attention' : 'layer norm'}: forward + backward, ${shape}`;
  }
  const { variant, batch, timeSteps, features, units, pass, lengths } = spec;
  const what = { train: 'forward + backward', forward: 'forward', step: 'one step' }[pass];
  const shape = `B ${batch}, T ${timeSteps}, E ${features}, H ${units}`;
  return `${variant}: ${what}, ${shape}${lengths ? ', lengths of mails' : ''}`;
}
