/** What blocks share that keep the shape of a vector or sequence. */
import type { Ports, ShapeContext } from './define.js';
import { at, costSteps, featuresOf, input, output, shaped } from './support.js';

export const ports = (): Ports => ({
  inputs: [input('in', 'Values', ['sequence', 'vector'])],
  outputs: [output('out', 'Values', ['sequence', 'vector'])],
});

export const passThrough = (context: ShapeContext<unknown>) => {
  const source = at(context, 'in');
  const fits = source?.kind === 'sequence' || source?.kind === 'vector';
  return shaped({ out: fits ? source : null });
};

/** Values of one example. */
export const elements = (context: ShapeContext<unknown>): number =>
  costSteps(context, at(context, 'in')) * (featuresOf(at(context, 'in')) ?? 0);
