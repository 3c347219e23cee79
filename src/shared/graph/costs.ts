/**
 * What a network costs to train, from its analysis: parameters, operations, memory, and each block's share.
 * float32 throughout. How one block comes to its numbers stands in the catalog; see `Cost`.
 */
import type { OptimizerRecipe, TrainingRecipe } from '../training/recipe.js';
import type { Analysis } from './analyze.js';

/** Forward and backward pass, see `Cost`. */
export const trainingFactor = 3;

/** Numbers that an optimizer keeps for each parameter beside the parameter and its gradient. */
export function optimizerSlots(optimizer: OptimizerRecipe): number {
  switch (optimizer.kind) {
    case 'adam':
    case 'adamw':
      return 2;
    case 'sgd':
      return optimizer.momentum > 0 ? 1 : 0;
    case 'rmsprop':
      return optimizer.momentum > 0 ? 2 : 1;
  }
}

/** Bytes held at the end of a forward pass, when they are most. */
export interface TrainingMemory {
  weights: number;
  gradients: number;
  optimizer: number;
  /** Of a batch of rows of the mean length. */
  activations: number;
  total: number;
}

export function trainingMemory(
  { parameters, activationBytes }: Analysis['totals'],
  { optimizer, batchSize }: Pick<TrainingRecipe, 'optimizer' | 'batchSize'>,
): TrainingMemory {
  const weights = 4 * parameters;
  const memory = {
    weights,
    gradients: weights,
    optimizer: weights * optimizerSlots(optimizer),
    activations: activationBytes * batchSize,
  };
  return {
    ...memory,
    total: memory.weights + memory.gradients + memory.optimizer + memory.activations,
  };
}

/** Forward and backward over every training row. @param examples training rows. */
export const epochFlops = ({ flops }: Analysis['totals'], examples: number): number =>
  trainingFactor * flops * examples;

export const costMeasures = ['flops', 'parameters', 'activationBytes'] as const;
export type CostMeasure = (typeof costMeasures)[number];

export interface BlockShare {
  id: string;
  values: Record<CostMeasure, number>;
  /** Of the network's total, 0 to 1; 0 where the total is 0. */
  shares: Record<CostMeasure, number>;
}

/** Every block that costs anything, in the order of computation. */
export function blockShares({ nodes, order, totals }: Analysis): BlockShare[] {
  const share = (value: number, total: number): number => (total > 0 ? value / total : 0);
  return order.flatMap((id) => {
    const node = nodes[id];
    if (node === undefined) return [];
    const { flops, activationBytes } = node.cost;
    const values = { flops, parameters: node.parameterCount, activationBytes };
    if (costMeasures.every((measure) => values[measure] === 0)) return [];
    return [
      {
        id,
        values,
        shares: {
          flops: share(flops, totals.flops),
          parameters: share(node.parameterCount, totals.parameters),
          activationBytes: share(activationBytes, totals.activationBytes),
        },
      },
    ];
  });
}
