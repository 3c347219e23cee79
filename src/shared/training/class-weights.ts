/** Class weights: how much a row of a class, or a step with a tag, counts in the training loss. */
import { z } from 'zod';
import type { DataFacts } from '../data/facts.js';
import type { Task } from '../data/recipe.js';
import { formatSmall } from '../format.js';
import type { TrainingRecipe } from './recipe.js';

/** By class id. */
export const classWeightsSchema = z.array(z.object({ label: z.string(), weight: z.number() }));
export type ClassWeights = z.infer<typeof classWeightsSchema>;

/** What of a training recipe they depend on. */
export type ClassWeighting = Pick<TrainingRecipe, 'classWeights'>;

/** Whether the task has classes that can be rare. */
export const hasClasses = (task: Task): boolean => task === 'classification' || task === 'tagging';

/**
 * N / (K · n) for a class with n of the N training labels, where K classes have any: scikit-learn's
 * `compute_class_weight("balanced")`, after King & Zeng 2001. All classes then count the same, and the mean
 * over the training labels stays 1, so that learning rates keep their meaning. No row asks for the weight of
 * a class without training labels: it is 0.
 */
export function balancedWeights(counts: readonly number[]): number[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count === 0 ? 0 : all / (present * count)));
}

/** By class id; null where all count the same. */
export function classWeightsOf(
  { classWeights }: ClassWeighting,
  { task, output }: DataFacts,
): number[] | null {
  if (classWeights === 'off' || !hasClasses(task)) return null;
  if (output.counts === undefined) throw new Error('these facts have no counts of labels');
  return balancedWeights(output.counts);
}

/** With the names of the classes; null where all count the same. */
export function namedWeights(training: ClassWeighting, facts: DataFacts): ClassWeights | null {
  const weights = classWeightsOf(training, facts);
  const { labels } = facts.output;
  return weights && weights.map((weight, id) => ({ label: labels?.[id] ?? String(id), weight }));
}

const shownWeights = 6;

/** `ham ×0.58, spam ×3.7`: the first few classes. */
export function weightsText(weights: ClassWeights): string {
  const shown = weights
    .slice(0, shownWeights)
    .map(({ label, weight }) => `${label} ${times(weight)}`);
  const more = weights.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** `×0.58`. */
export const times = (weight: number): string =>
  `×${formatSmall(weight >= 0.01 ? Number(weight.toPrecision(2)) : weight)}`;
