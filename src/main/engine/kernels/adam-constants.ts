/**
 * What an Adam or AdamW kernel in float32 multiplies by (formulas: train/optimizers.ts), in the kernels'
 * order: β1, 1 − β1, β2, 1 − β2, the rate over the moments' quotient, its epsilon, what decay leaves of a
 * weight. Both sides of the quotient are multiplied by √(1 − β2^t).
 * @param t 1-based step.
 */
export function adamConstants(
  { beta1, beta2, epsilon }: { beta1: number; beta2: number; epsilon: number },
  weightDecay: number,
  learningRate: number,
  t: number,
): number[] {
  const correction = Math.sqrt(1 - beta2 ** t);
  return [
    beta1,
    // 1 − β from here: in float32 it would lose digits.
    1 - beta1,
    beta2,
    1 - beta2,
    (learningRate * correction) / (1 - beta1 ** t),
    epsilon * correction,
    1 - learningRate * weightDecay,
  ];
}
