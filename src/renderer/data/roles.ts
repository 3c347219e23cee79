/** What each column is to the network: the recipe's columns, seen from the table. Pure. */
import type { DataRecipe, ForecastRecipe } from '#shared/data/recipe';

export const roles = [
  'text',
  'label',
  'time',
  'input',
  'target',
  'input and target',
  'ignore',
] as const;
export type Role = (typeof roles)[number];

export const roleTitles: Record<Role, string> = {
  text: 'Text',
  label: 'Label',
  time: 'Time',
  input: 'Input',
  target: 'Target',
  'input and target': 'Input and target',
  ignore: 'Ignore',
};

/** The roles that a column can have in a task. */
export function rolesFor(task: DataRecipe['task']): readonly Role[] {
  switch (task) {
    case 'next-token':
      return [];
    case 'classification':
    case 'tagging':
      return ['text', 'label', 'ignore'];
    case 'forecast':
      return ['input', 'target', 'input and target', 'time', 'ignore'];
  }
}

export function roleOf(name: string, recipe: DataRecipe): Role {
  switch (recipe.task) {
    case 'next-token':
      return 'ignore';
    case 'classification':
    case 'tagging':
      if (name === recipe.textColumn) return 'text';
      return name === recipe.labelColumn ? 'label' : 'ignore';
    case 'forecast': {
      const input = recipe.inputColumns.includes(name);
      const target = recipe.targetColumns.includes(name);
      if (input && target) return 'input and target';
      if (input || target) return input ? 'input' : 'target';
      return name === recipe.timeColumn ? 'time' : 'ignore';
    }
  }
}

/**
 * The recipe with the role given to the column. There is one text, one label and one time: whoever had the
 * role gets that of the column, or none. The result may lack what its task needs; see `recipeMessage`.
 */
export function withRole(recipe: DataRecipe, name: string, role: Role): DataRecipe {
  switch (recipe.task) {
    case 'next-token':
      return recipe;
    case 'classification':
    case 'tagging': {
      const before = roleOf(name, recipe);
      const { textColumn, labelColumn } = recipe;
      const dropped = {
        ...recipe,
        textColumn: before === 'text' ? '' : textColumn,
        labelColumn: before === 'label' ? '' : labelColumn,
      };
      if (role === 'text')
        return {
          ...dropped,
          textColumn: name,
          ...(before === 'label' && { labelColumn: textColumn }),
        };
      if (role === 'label')
        return {
          ...dropped,
          labelColumn: name,
          ...(before === 'text' && { textColumn: labelColumn }),
        };
      return dropped;
    }
    case 'forecast':
      return withSeriesRole(recipe, name, role);
  }
}

function withSeriesRole(recipe: ForecastRecipe, name: string, role: Role): ForecastRecipe {
  const { inputColumns, targetColumns, timeColumn } = recipe;
  const put = (names: readonly string[], wanted: boolean): string[] =>
    wanted === names.includes(name)
      ? [...names]
      : wanted
        ? [...names, name]
        : names.filter((other) => other !== name);
  return {
    ...recipe,
    inputColumns: put(inputColumns, role === 'input' || role === 'input and target'),
    targetColumns: put(targetColumns, role === 'target' || role === 'input and target'),
    timeColumn: role === 'time' ? name : timeColumn === name ? null : timeColumn,
  };
}

/** What a recipe still lacks to be imported, or null. */
export function missingRole(recipe: DataRecipe): string | null {
  switch (recipe.task) {
    case 'next-token':
      return null;
    case 'classification':
    case 'tagging':
      if (recipe.textColumn === '') return 'Give one column the role “Text”: the network reads it.';
      return recipe.labelColumn === ''
        ? 'Give one column the role “Label”: the network learns to predict it.'
        : null;
    case 'forecast':
      if (recipe.inputColumns.length === 0)
        return 'Give at least one column of numbers the role “Input”: the network sees it.';
      return recipe.targetColumns.length === 0
        ? 'Give at least one column of numbers the role “Target”: the network predicts it.'
        : null;
  }
}

/** The columns that the recipe needs in every row. */
export function usedColumns(recipe: DataRecipe): string[] {
  switch (recipe.task) {
    case 'next-token':
      return [];
    case 'classification':
    case 'tagging':
      return [recipe.textColumn, recipe.labelColumn];
    case 'forecast':
      return [
        ...new Set([...recipe.inputColumns, ...recipe.targetColumns]),
        ...(recipe.timeColumn === null ? [] : [recipe.timeColumn]),
      ];
  }
}
