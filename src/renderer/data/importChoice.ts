/** From a look at a file and the person's choices to what is imported. Pure. */
import type { FileDescription } from '#shared/data/facts';
import type { FileLook, GapPolicy } from '#shared/data/look';
import type { DataRecipe, Task } from '#shared/data/recipe';
import { usedColumns } from './roles.js';
import { recipeForTask, suggestRecipe } from './suggest.js';

export interface ImportChoice {
  /** null where no task fits the file. Its source has no path yet. */
  recipe: DataRecipe | null;
  why: string;
  /** What is done with rows that have a gap in a column that is used. */
  policy: GapPolicy['policy'];
}

/** What the suggestions need to know. */
export function descriptionOf({ bytes, rows, columns, reading }: FileLook): FileDescription {
  const format = reading.format === 'table' ? 'csv' : reading.format;
  return { path: ' ', bytes, format, rows, columns };
}

/** A forecast needs every row: without one, its windows would have a hole. */
const policyFor = (recipe: DataRecipe | null): GapPolicy['policy'] =>
  recipe?.task === 'forecast' ? 'value before' : 'leave out';

export function firstChoice(look: FileLook): ImportChoice {
  const { recipe, why } = suggestRecipe(descriptionOf(look));
  return { recipe, why, policy: policyFor(recipe) };
}

export function choiceForTask(look: FileLook, task: Task): ImportChoice {
  const first = firstChoice(look);
  if (first.recipe?.task === task) return first;
  const recipe = recipeForTask(task, descriptionOf(look));
  return { recipe, why: '', policy: policyFor(recipe) };
}

/** What was chosen stays as long as the columns do. */
export function choiceAfter(before: FileLook, after: FileLook, choice: ImportChoice): ImportChoice {
  const names = ({ columns }: FileLook): string => JSON.stringify(columns.map(({ name }) => name));
  const kinds = ({ columns }: FileLook): string => JSON.stringify(columns.map(({ kind }) => kind));
  const same = before.reading.format === after.reading.format && names(before) === names(after);
  if (!same || choice.recipe === null) return firstChoice(after);
  return kinds(before) === kinds(after) || choice.why === '' ? choice : firstChoice(after);
}

/** Gaps in the columns that are used, which somebody has to decide about. */
export function gapsOf(look: FileLook, recipe: DataRecipe | null): FileLook['columns'] {
  if (recipe === null) return [];
  const used = usedColumns(recipe);
  return look.columns.filter(({ name, gaps }) => gaps > 0 && used.includes(name));
}

/** The time column where its rows do not go forward in time. */
export function backInTimeOf(
  look: FileLook,
  recipe: DataRecipe | null,
): { name: string; rows: number; lines: number[]; sorted: boolean } | null {
  if (recipe?.task !== 'forecast') return null;
  const column = look.columns.find(({ name }) => name === recipe.timeColumn);
  if (column === undefined || column.backInTime.rows === 0) return null;
  return { name: column.name, ...column.backInTime, sorted: recipe.sortByTime };
}

/** How `data.keep` rewrites the file; null keeps it byte for byte. */
export function rewriteOf(look: FileLook, { recipe, policy }: ImportChoice) {
  const columns = gapsOf(look, recipe);
  if (look.asIs && columns.length === 0) return null;
  const numbers = columns.filter(({ kind }) => kind === 'number');
  return {
    reading: look.reading,
    gaps: { columns: columns.map(({ name }) => name), policy },
    numbers: numbers.map(({ name }) => name),
  };
}
