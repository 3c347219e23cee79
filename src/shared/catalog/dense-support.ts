/** What Dense and Time-distributed dense share. */
import { z } from 'zod';
import type { ValueKind, ValueType } from '../graph/values.js';
import { space } from './cell-equations.js';
import type { Explanation, LowerContext, Ports, ShapeContext, Term } from './define.js';
import { one } from './lowering.js';
import {
  at,
  costOf,
  costSteps,
  featuresOf,
  field,
  input,
  output,
  problem,
  shaped,
} from './support.js';

const params = z.strictObject({
  units: z.number().int().min(1).max(1_000_000).nullable().default(null).meta({
    title: 'Units',
    description:
      'Number of outputs. Auto takes what the head needs: classes, vocabulary or horizon × targets.',
    nullLabel: 'auto',
  }),
  activation: field.activation('linear'),
  bias: z
    .boolean()
    .default(true)
    .meta({ title: 'Bias', description: 'Adds a learned constant to each output.' }),
  l2: field.l2,
});
type Params = z.infer<typeof params>;
type Context = ShapeContext<Params>;

const unitsOf = ({ params: p, wanted }: Context): number | null => p.units ?? wanted;

/** @param kind what the block takes and gives. */
export function denseParts(kind: Extract<ValueKind, 'vector' | 'sequence'>) {
  return {
    category: 'dense' as const,
    params,
    ports: (): Ports => ({
      inputs: [input('in', kind === 'vector' ? 'Vector' : 'Sequence', [kind])],
      outputs: [output('out', kind === 'vector' ? 'Vector' : 'Sequence', [kind])],
    }),
    shape(context: Context) {
      const source = at(context, 'in');
      const features = unitsOf(context);
      if (source === undefined || source.kind !== kind) return shaped({ out: null });
      const out: ValueType =
        source.kind === 'sequence' ? { ...source, features } : { kind: 'vector', features };
      const undecided =
        features === null && context.facts !== null
          ? [
              problem(
                'units-unknown',
                'Units are Auto, but the output does not go straight to a head that would say how many.',
                'Type a number of units, or connect the output to a head.',
              ),
            ]
          : [];
      return shaped({ out }, undecided);
    },
    parameters(context: Context) {
      const inputSize = featuresOf(at(context, 'in'));
      const units = unitsOf(context);
      if (inputSize === null || units === null) return [];
      const kernel = {
        name: 'kernel',
        shape: [inputSize, units],
        initializer: { kind: 'glorot-uniform' as const, fanIn: inputSize, fanOut: units },
        l2: context.params.l2,
      };
      const bias = { name: 'bias', shape: [units], initializer: { kind: 'zeros' as const }, l2: 0 };
      return context.params.bias ? [kernel, bias] : [kernel];
    },
    cost(context: Context) {
      const source = at(context, 'in');
      const steps = costSteps(context, source);
      const units = unitsOf(context) ?? 0;
      const { bias, activation } = context.params;
      const perOutput = (bias ? 1 : 0) + (activation === 'linear' ? 0 : 1);
      const outputs = kind === 'vector' ? 'O' : 'T·O';
      const extra = ['', ` + ${outputs}`, ` + 2·${outputs}`][perOutput] ?? '';
      return costOf(
        steps * units * (2 * (featuresOf(source) ?? 0) + perOutput),
        steps * units,
        `2·${kind === 'vector' ? '' : 'T·'}I·O${extra}`,
      );
    },
    lower(context: LowerContext<Params>) {
      const { params: p, node, build } = context;
      const source = build.read(one(context, 'in'));
      const units = unitsOf(context);
      if (units === null) throw new Error(`units of ${node} are not known`);
      const out = build.value([...source.shape.slice(0, -1), units], 'float32', source.lengths);
      build.emit({
        op: 'dense',
        node,
        input: source.id,
        kernel: build.parameter('kernel'),
        bias: p.bias ? build.parameter('bias') : null,
        activation: p.activation,
        output: out,
      });
      return { out: [out] };
    },
    explain(context: Context): Explanation {
      const { activation, bias } = context.params;
      const [x, y] = kind === 'vector' ? ['x', 'y'] : ['x_t', 'y_t'];
      const inner = `${x} W${bias ? ' + b' : ''}`;
      const inputs = featuresOf(at(context, 'in'));
      const units = unitsOf(context);
      const term = (symbol: string, of: Term['kind'], meaning: string, shape: string): Term => ({
        symbol,
        kind: of,
        meaning,
        shape,
      });
      return {
        equations: [
          {
            formula: `${y} = ${activation === 'linear' ? inner : `${activation}(${inner})`}`,
            note: kind === 'vector' ? 'output' : 'for every t, with the same W',
          },
        ],
        terms: [
          term('x', 'input', 'What comes in.', space(inputs)),
          term('W', 'weight', 'Weights: one column for each output.', space(inputs, units)),
          ...(bias ? [term('b', 'weight', 'Bias: one for each output.', space(units))] : []),
          term('y', 'output', 'What goes on.', space(units)),
        ],
        questions: [],
      };
    },
    facts: (context: Context) => [
      { label: 'units', value: String(unitsOf(context) ?? 'auto') },
      { label: 'activation', value: context.params.activation },
    ],
  };
}
