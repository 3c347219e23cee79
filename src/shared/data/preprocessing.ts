/** How new input is treated as the training rows were. */
import { z } from 'zod';
import { dataRecipeSchema } from './recipe.js';

/**
 * Everything needed to treat new input as the training rows were treated. Saved with every run as
 * `preprocessing.json`, so that prediction and export never read the data again.
 */
export const preprocessingSchema = z.object({
  recipe: dataRecipeSchema,
  /** Token texts by id, `<pad>` = 0 and `<unk>` = 1 first; null without tokens. */
  vocabulary: z.array(z.string()).nullable(),
  /** Class or tag names by id; null for a forecast and for next-token (its labels are the vocabulary). */
  labels: z.array(z.string()).nullable(),
  /** x' = (x − offset) / scale for each column, fitted on training rows only; null without numbers. */
  scaler: z
    .object({
      columns: z.array(z.object({ name: z.string(), offset: z.number(), scale: z.number() })),
    })
    .nullable(),
});
export type Preprocessing = z.infer<typeof preprocessingSchema>;
