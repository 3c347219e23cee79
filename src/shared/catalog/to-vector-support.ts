/** What blocks share that turn a sequence into a vector without weights. */
import type { Ports, ShapeContext } from './define.js';
import { input, output, sequenceAt, shaped } from './support.js';

export const ports = (): Ports => ({
  inputs: [input('in', 'Sequence', ['sequence'])],
  outputs: [output('out', 'Vector', ['vector'])],
});

export const toVector = (context: ShapeContext<unknown>) => {
  const source = sequenceAt(context, 'in');
  return shaped({ out: source ? { kind: 'vector', features: source.features } : null });
};
