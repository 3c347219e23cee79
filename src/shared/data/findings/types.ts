import type { TrainingRecipe } from '../../training/recipe.js';
import type { DataRecipe } from '../recipe.js';

/** A change of the data's recipe, or of how the network trains, that mends what was found. */
export type Mend = {
  /** What a button says; also the name of the undo step. */
  label: string;
} & ({ recipe: DataRecipe } | { training: Partial<TrainingRecipe> });

/** Something about the data that does not stop training, but changes what its scores mean or what it costs. */
export interface Finding {
  code: string;
  /** A warning makes scores wrong or wastes much; a note is good to know. */
  severity: 'warning' | 'note';
  /** Which part of the Data view it is about. */
  place: 'source' | 'classes' | 'lengths' | 'vocabulary';
  /** The conclusion, with this data's numbers. A sentence. */
  title: string;
  /** What it means and what to do. */
  explanation: string;
  /** Best first. */
  mends: Mend[];
}
