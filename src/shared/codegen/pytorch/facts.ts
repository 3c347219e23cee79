/** What the programs around the network need to know of it. */
import type { DataFacts } from '../../data/facts.js';
import type { DataRecipe } from '../../data/recipe.js';
import type { IrHead } from '../../ir/types.js';
import type { TrainingRecipe } from '../../training/recipe.js';

export interface ProgramFacts {
  recipe: DataRecipe;
  training: TrainingRecipe;
  /** By class id; null where all count the same. */
  classWeights: readonly number[] | null;
  head: IrHead;
  examples: DataFacts['examples'];
  /** The network's class in model.py. */
  className: string;
  /** Rows are padded: the network takes their lengths too. */
  padded: boolean;
  /** One prediction a step. */
  perStep: boolean;
  /** L2: the network has a `weight_penalty`. */
  hasPenalty: boolean;
}
