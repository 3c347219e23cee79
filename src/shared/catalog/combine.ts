/** Blocks that join several values: Concatenate and Add. */
import { z } from 'zod';
import type { Dimension, SequenceType, ValueType, VectorType } from '../graph/values.js';
import {
  defineBlock,
  type BlockProblem,
  type LowerContext,
  type Ports,
  type ShapeContext,
} from './define.js';
import { featuresOf, input, output, problem, shaped } from './support.js';

const ports = (): Ports => ({
  inputs: [input('in', 'Values', ['sequence', 'vector'], { many: true })],
  outputs: [output('out', 'Joined', ['sequence', 'vector'])],
});

type Joinable = SequenceType | VectorType;
const isJoinable = (type: ValueType): type is Joinable =>
  type.kind === 'sequence' || type.kind === 'vector';

/** The values that arrive, and why they can't be joined, if they can't. */
function arrivals(context: ShapeContext<unknown>): {
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

const result = (first: Joinable | undefined, features: Dimension): ValueType | null =>
  first === undefined ? null : { ...first, features };

function lowerJoin(context: LowerContext<unknown>, op: 'concat' | 'add') {
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

export const concatenate = defineBlock({
  id: 'concatenate',
  title: 'Concatenate',
  category: 'combine',
  docs: {
    summary: 'Puts the features of several values side by side.',
    body: 'Vectors with vectors, or sequences of the same input step by step. The feature counts add up.',
    equations: [{ formula: 'y = [x¹ ; x² ; …]', note: 'along the features' }],
    sources: [],
  },
  params: z.strictObject({}),
  ports,
  shape(context) {
    const { values, problems } = arrivals(context);
    if (problems.length > 0) return shaped({ out: null }, problems);
    const sizes = values.map((value) => value.features);
    const total = sizes.reduce<Dimension>(
      (sum, size) => (sum === null || size === null ? null : sum + size),
      0,
    );
    return shaped({ out: result(values[0], total) });
  },
  parameters: () => [],
  cost: () => ({ flops: 0, activationBytes: 0, formula: '0' }),
  lower: (context) => lowerJoin(context, 'concat'),
  facts: (context) => [{ label: 'inputs', value: String(context.inputs.in?.length ?? 0) }],
});

export const add = defineBlock({
  id: 'add',
  title: 'Add',
  category: 'combine',
  docs: {
    summary: 'Adds values element by element: a skip (residual) connection.',
    body:
      'All inputs need the same number of features. Adding a block’s input to its output lets the block learn ' +
      'only the difference and gives gradients a direct path.',
    equations: [{ formula: 'y = x¹ + x² + …', note: 'element by element' }],
    sources: ['He, Zhang, Ren & Sun 2016'],
  },
  params: z.strictObject({}),
  ports,
  shape(context) {
    const { values, problems } = arrivals(context);
    if (problems.length > 0) return shaped({ out: null }, problems);
    const known = values.map((value) => value.features).filter((size) => size !== null);
    const sizes = [...new Set(known)];
    if (sizes.length > 1) {
      return shaped({ out: null }, [
        problem(
          'shape-mismatch',
          `Add needs inputs with the same number of features, but they have ${known.join(', ')}.`,
          'Give the blocks before it the same units, or use Concatenate.',
          { port: 'in' },
        ),
      ]);
    }
    return shaped({ out: result(values[0], sizes[0] ?? null) });
  },
  parameters: () => [],
  cost: () => ({ flops: 0, activationBytes: 0, formula: '0' }),
  lower: (context) => lowerJoin(context, 'add'),
  facts: (context) => [{ label: 'inputs', value: String(context.inputs.in?.length ?? 0) }],
});
