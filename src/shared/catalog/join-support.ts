/** What blocks share that join several values. */
import type { Dimension, SequenceType, ValueType, VectorType } from '../graph/values.js';
import type { BlockProblem, LowerContext, Ports, ShapeContext } from './define.js';
import { featuresOf, input, known, output, problem } from './support.js';

export const ports = (): Ports => ({
  inputs: [input('in', 'Values', ['sequence', 'vector'], { many: true })],
  outputs: [output('out', 'Joined', ['sequence', 'vector'])],
});

export type Joinable = SequenceType | VectorType;
const isJoinable = (type: ValueType): type is Joinable =>
  type.kind === 'sequence' || type.kind === 'vector';

/** The values that arrive, and why they can't be joined, if they can't. */
export function arrivals(context: ShapeContext<unknown>): {
  values: Joinable[];
  problems: BlockProblem[];
} {
  const values = (context.inputs.in ?? []).filter(isJoinable);
  const [first, ...others] = values;
  if (first === undefined) return { values, problems: [] };
  if (others.some((value) => value.kind !== first.kind)) {
    return {
      values,
      problems: [
        problem(
          'shape-mismatch',
          'Sequences and vectors can not be joined: one has a time axis, the other has none.',
          'Turn the sequence into a vector with Last step, Pool over time or Attention.',
          { port: 'in' },
        ),
      ],
    };
  }
  const strangers =
    first.kind === 'sequence' &&
    others.some((value) => value.kind === 'sequence' && value.axis !== first.axis);
  if (strangers) {
    return {
      values,
      problems: [
        problem(
          'shape-mismatch',
          'These sequences come from different inputs, so their time steps do not belong together.',
          'Join sequences that stem from the same input block.',
          { port: 'in' },
        ),
      ],
    };
  }
  return { values, problems: [] };
}

/** The type of the first value, with other features. */
export const joined = (first: Joinable | undefined, features: Dimension): ValueType | null =>
  first === undefined ? null : { ...first, features };

/** @param features of the joined value. */
export const joinFacts =
  (features: (values: readonly Joinable[]) => Dimension) => (context: ShapeContext<unknown>) => {
    const { values } = arrivals(context);
    return [
      { label: 'inputs', value: String(context.inputs.in?.length ?? 0) },
      { label: 'features', value: values.length === 0 ? '–' : known(features(values)) },
    ];
  };

export function lowerJoin(context: LowerContext<unknown>, op: 'concat' | 'add') {
  const { build, node, outputs, values } = context;
  const refs = (values.in ?? []).flatMap((value) => [...value]);
  const [first] = refs;
  if (first === undefined || outputs.out === null) throw new Error(`nothing to join at ${node}`);
  const features = featuresOf(outputs.out);
  if (features === null) throw new Error(`features of ${node} are not known`);
  const source = build.read(first);
  const out = build.value([...source.shape.slice(0, -1), features], 'float32', source.lengths);
  build.emit({ op, node, inputs: refs, output: out });
  return { out: [out] };
}
