/**
 * cuDNN where it can be trusted: drivers and libraries differ from machine to machine, so before a cell
 * is first used in a process two tiny layers of it are compared with the reference, outputs and every
 * gradient. Where the op fails or disagrees, the layer runs step by step, and the studio says why.
 */
import { recurrentFallback } from '#shared/run/fallbacks';
import type { RecurrentLayer } from '#shared/run/fallbacks';
import { largestDifference, makeCase, runKernelSync, runReference } from '../recurrent-cases.js';
import type { CaseOptions, Variant } from '../recurrent-cases.js';
import type { RecurrentKernel } from '../recurrent.js';
import { stepwiseRecurrent } from '../stepwise.js';
import { cudnnRecurrent } from './cudnn.js';
import type { CudnnOps } from './cudnn-ops.js';

/**
 * TensorFlow lets cuDNN round operands to TF32 (10 bits); that alone makes up to 0.0016 here. A wrong
 * layout or a lost term makes 0.1 and more.
 */
const tolerance = 0.01;

const whole: Omit<CaseOptions, 'variant'> = {
  batch: 3,
  timeSteps: 4,
  features: 3,
  units: 5,
  reverse: false,
  lengths: null,
  bias: false,
  initialState: false,
  masks: false,
  upstream: { sequence: false, last: true, finalState: false },
  seed: 3,
};

/** One layer as plain as can be, one with everything that cuDNN is asked for. */
export const trials: Omit<CaseOptions, 'variant'>[] = [
  whole,
  {
    ...whole,
    reverse: true,
    lengths: [2, 0, 4],
    bias: true,
    initialState: true,
    upstream: { sequence: true, last: true, finalState: true },
    seed: 5,
  },
];

const names = {
  lstm: 'LSTM',
  'gru-after': 'GRU',
  'rnn-tanh': 'tanh recurrence',
  'rnn-relu': 'ReLU recurrence',
} as const;
type Tried = keyof typeof names;

export class TrustedCudnn {
  private readonly kernel: RecurrentKernel;
  private readonly verdicts = new Map<Tried, string | null>();

  constructor(ops: CudnnOps) {
    this.kernel = cudnnRecurrent(ops);
  }

  readonly recurrent: RecurrentKernel = (attributes, inputs, needs) => {
    const recurrentDropout = inputs.recurrentMask === null ? 0 : 1;
    const reason = this.fallback({ ...attributes, recurrentDropout });
    return (reason === null ? this.kernel : stepwiseRecurrent)(attributes, inputs, needs);
  };

  /** Why the layer doesn't run on cuDNN, as a sentence; null where it does. Tries a cell that it hasn't met. */
  fallback(layer: RecurrentLayer): string | null {
    const covered = recurrentFallback('tensorflow-gpu', layer);
    if (covered !== null) return covered;
    const variant =
      layer.cell === 'rnn'
        ? (`rnn-${layer.activation}` as const)
        : layer.cell === 'gru'
          ? 'gru-after'
          : 'lstm';
    const known = this.verdicts.get(variant);
    if (known !== undefined) return known;
    const problem = this.tryOut(variant);
    const verdict =
      problem === null
        ? null
        : `Runs step by step on tensorflow-gpu: cuDNN’s ${names[variant]} ${problem}.`;
    this.verdicts.set(variant, verdict);
    return verdict;
  }

  /** The rest of a sentence on what is wrong, or null. */
  private tryOut(variant: Variant): string | null {
    try {
      for (const trial of trials) {
        const one = makeCase({ ...trial, variant });
        const [difference, where] = largestDifference(
          runKernelSync(this.kernel, one),
          runReference(one),
          0.1,
        );
        if (!(difference <= tolerance)) {
          return `gives wrong numbers here (${where} is off by ${difference.toPrecision(2)})`;
        }
      }
      return null;
    } catch (error) {
      return `fails here (${causeOf(error)})`;
    }
  }
}

/** TensorFlow's own words: tfjs-node puts a status number on a line before them. */
function causeOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [, message = text] = /Message: (.*)/.exec(text) ?? [];
  const [line = ''] = message.split('\n');
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
