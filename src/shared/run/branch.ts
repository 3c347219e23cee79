/** A run that branched off another one: where, and what was changed. */
import { z } from 'zod';
import { formatCount, formatSmall } from '../format.js';
import { trainingRecipeSchema, type TrainingRecipe } from '../training/recipe.js';
import { optimizerNames } from './words.js';

export const parentSchema = z.object({
  runId: z.string(),
  /** The optimizer step after which they part. */
  step: z.number().int(),
  /** The same in epochs, with their fraction. */
  epoch: z.number(),
  /** What the parent trained with, so that it may be deleted. */
  training: trainingRecipeSchema,
});
export type RunParent = z.infer<typeof parentSchema>;

/** The tag that a branch gets: its parent's first one says what network it is. */
export const branchTag = ([first]: readonly string[]): string =>
  first === undefined ? 'branch' : `${first.slice(0, 30)} · branch`;

export interface RecipeChange {
  name: string;
  before: string;
  after: string;
}

const names: Record<string, string> = {
  epochs: 'epochs',
  batchSize: 'batch size',
  'optimizer.kind': 'optimizer',
  'optimizer.learningRate': 'learning rate',
  'optimizer.beta1': 'β₁',
  'optimizer.beta2': 'β₂',
  'optimizer.epsilon': 'ε',
  'optimizer.weightDecay': 'weight decay',
  'optimizer.momentum': 'momentum',
  'optimizer.nesterov': 'Nesterov',
  'optimizer.decay': 'decay of squares',
  'schedule.kind': 'schedule',
  'schedule.warmUpSteps': 'warm-up steps',
  'schedule.finalFactor': 'final factor',
  'schedule.everyEpochs': 'epochs a step',
  'schedule.factor': 'factor',
  'schedule.patience': 'patience of the schedule',
  'schedule.minimumLearningRate': 'least learning rate',
  'clip.norm': 'clip norm',
  'clip.value': 'clip value',
  classWeights: 'class weights',
  earlyStopping: 'early stopping',
  'earlyStopping.monitor': 'watched score',
  'earlyStopping.patience': 'patience',
  'earlyStopping.minimumChange': 'least gain',
  'earlyStopping.restoreBest': 'best weights put back',
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function text(value: unknown): string {
  if (value === null || value === false) return 'off';
  if (value === true || isRecord(value)) return 'on';
  if (typeof value === 'number')
    return Number.isInteger(value) ? formatCount(value) : formatSmall(value);
  const name = Object.entries(optimizerNames).find(([kind]) => kind === value)?.[1];
  return name ?? String(value);
}

/** What a branch trains with that its parent did not, in words. */
export function recipeChanges(before: TrainingRecipe, after: TrainingRecipe): RecipeChange[] {
  const compare = (a: unknown, b: unknown, path: string): RecipeChange[] => {
    if (JSON.stringify(a) === JSON.stringify(b)) return [];
    if (isRecord(a) && isRecord(b)) {
      // The settings of one kind say nothing beside those of another, but for the learning rate.
      const keys = a.kind === b.kind ? Object.keys(b) : ['kind', 'learningRate'];
      return keys.flatMap((key) => compare(a[key], b[key], path === '' ? key : `${path}.${key}`));
    }
    return [{ name: names[path] ?? path, before: text(a), after: text(b) }];
  };
  return compare(before, after, '');
}

/** `learning rate 0.01 → 0.001`. */
export const changeText = ({ name, before, after }: RecipeChange): string =>
  `${name} ${before} → ${after}`;
