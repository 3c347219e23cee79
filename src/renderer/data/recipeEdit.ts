import { dataRecipeSchema, type DataRecipe } from '#shared/data/recipe';
import type { TrainingRecipe } from '#shared/training/recipe';
import { describeIssue } from '#shared/zod-message';
import { dispatch, useProject } from '../stores/project.js';

/** Makes the recipe the document's own: one undo step, or part of the one with the same `merge`. */
export function setRecipe(data: DataRecipe, label: string, merge?: string): void {
  dispatch([{ type: 'set-data', data }], merge === undefined ? { label } : { label, merge });
}

/** Changes how the document's network trains: one undo step. */
export function setTraining(change: Partial<TrainingRecipe>, label: string): void {
  const training = useProject.getState().document?.training;
  if (training === undefined) return;
  dispatch([{ type: 'set-training', training: { ...training, ...change } }], { label });
}

/** What is wrong with a recipe, or null: the first message of the schema. */
export function recipeMessage(recipe: DataRecipe): string | null {
  const parsed = dataRecipeSchema.safeParse(recipe);
  if (parsed.success) return null;
  const [issue] = parsed.error.issues;
  return issue === undefined ? 'This recipe is not valid.' : `${describeIssue(issue, 'It')}.`;
}
