/** How a run goes on from a checkpoint. */
import { z } from 'zod';

/**
 * `same`: as if it had never ended. `longer`: a person asked for more epochs, so that early stopping waits
 * its whole patience again.
 */
export const resumeSchema = z.enum(['same', 'longer']);
export type Resume = z.infer<typeof resumeSchema>;
