/** Which recipe the previews edit: the document's, or that of a file that is not kept yet. */
import { createContext, useContext } from 'react';
import { setRecipe, setTraining } from './recipeEdit.js';

export interface RecipeEdit {
  setRecipe: typeof setRecipe;
  /** null where the file is not kept yet: how the project trains is another matter. */
  setTraining: typeof setTraining | null;
  /** An edit is a step of the document that can be undone. */
  undoable: boolean;
}

export const RecipeEditContext = createContext<RecipeEdit>({
  setRecipe,
  setTraining,
  undoable: true,
});

export const useRecipeEdit = (): RecipeEdit => useContext(RecipeEditContext);
