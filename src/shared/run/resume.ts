/** How a run goes on from a checkpoint. */
import { z } from 'zod';
import { trainingRecipeSchema } from '../training/recipe.js';

/**
 * `same`: as if it had never ended. `longer`: a person asked for more epochs, so that early stopping waits
 * its whole patience again. `branchOf`: the checkpoint is another run's, trained with this recipe; the
 * run's own may be another one from here on.
 */
export const resumeSchema = z.union([
  z.enum(['same', 'longer']),
  z.object({ branchOf: trainingRecipeSchema }),
]);
export type Resume = z.infer<typeof resumeSchema>;
