/** How much of the loss's gradient reaches the earlier time steps of a recurrent layer. */
import { z } from 'zod';
import { formatPlural, formatQuantity } from '../format.js';

export const layerGradientsSchema = z.object({
  /** Id of the block. */
  node: z.string(),
  /** Reads each row from its last step to its first. */
  reverse: z.boolean(),
  /**
   * ‖∂L/∂h‖ by how many steps the layer still reads after it: 0 is the last step that it reads. The mean
   * over the rows that are so long; null where it is not finite. L is the batch's mean loss.
   */
  norms: z.array(z.number().nullable()),
});
export type LayerGradients = z.infer<typeof layerGradientsSchema>;

export const gradientFlowSchema = z.object({
  /** Rows of the training part that were read. */
  rows: z.number().int(),
  layers: z.array(layerGradientsSchema),
});
export type GradientFlow = z.infer<typeof gradientFlowSchema>;

/** Below this share of the last step's gradient next to nothing is learned. */
const vanished = 0.01;
/** Above this multiple of it one early step rules the update. */
const exploded = 100;

/** `0.02 %`, `3.1 %`, `24 %`. */
function percent(share: number): string {
  const value = 100 * share;
  if (value >= 10) return `${Math.round(value)} %`;
  return value < 1e-4 ? 'less than 0.0001 %' : `${Number(value.toPrecision(2))} %`;
}

export type Verdict = 'vanishes' | 'explodes' | 'arrives' | 'unknown';

/** What the layer's gradients come to, as a sentence that goes on after its name. */
export function gradientVerdict({ norms }: Pick<LayerGradients, 'norms'>): {
  verdict: Verdict;
  sentence: string;
} {
  const last = norms[0] ?? null;
  const steps = norms.length - 1;
  const first = norms[steps] ?? null;
  if (last === null || first === null || last === 0 || steps < 1)
    return { verdict: 'unknown', sentence: 'no gradient to compare.' };
  const share = first / last;
  const back = formatPlural(steps, 'step');
  if (share < vanished) {
    const horizon = norms.findIndex((norm) => norm !== null && norm < vanished * last);
    return {
      verdict: 'vanishes',
      sentence:
        `the gradient that reaches ${back} back is ${percent(share)} of the last step’s: the network ` +
        `hardly learns from what is more than ${formatPlural(horizon, 'step')} back.`,
    };
  }
  if (share > exploded)
    return {
      verdict: 'explodes',
      sentence:
        `the gradient grows ${formatQuantity(share)}-fold on its way ${back} back: clip it by global ` +
        'norm, or training may jump.',
    };
  return {
    verdict: 'arrives',
    sentence:
      `the gradient that reaches ${back} back is ${percent(share)} of the last step’s: the network can ` +
      'learn from the whole row.',
  };
}
