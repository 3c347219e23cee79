/** Tests only: the layers that the property tests of every recurrent kernel draw. */
import fc from 'fast-check';
import { variants } from './recurrent-cases.js';
import type { CaseOptions } from './recurrent-cases.js';

/** Random small layers: odd sizes, one row, one step, lengths from 0, any of the upstream gradients. */
export const layers: fc.Arbitrary<CaseOptions> = fc
  .record({
    variant: fc.constantFrom(...variants),
    batch: fc.integer({ min: 1, max: 5 }),
    timeSteps: fc.integer({ min: 1, max: 6 }),
    features: fc.integer({ min: 1, max: 5 }),
    units: fc.integer({ min: 1, max: 7 }),
    reverse: fc.boolean(),
    bias: fc.boolean(),
    initialState: fc.boolean(),
    masks: fc.boolean(),
    upstream: fc
      .record({ sequence: fc.boolean(), last: fc.boolean(), finalState: fc.boolean() })
      .filter((some) => some.sequence || some.last || some.finalState),
    seed: fc.integer({ min: 0, max: 2 ** 31 }),
  })
  .chain((layer) =>
    fc
      .option(
        fc.array(fc.integer({ min: 0, max: layer.timeSteps }), {
          minLength: layer.batch,
          maxLength: layer.batch,
        }),
      )
      .map((lengths) => ({ ...layer, lengths })),
  );
