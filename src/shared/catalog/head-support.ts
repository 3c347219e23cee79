/**
 * What heads share: there the scores become a loss. They have no weights; the block before them makes the
 * scores.
 */
import type { Task } from '../data/recipe.js';
import type { ValueKind } from '../graph/values.js';
import type { IrHead } from '../ir/types.js';
import type { LowerContext, Ports, ShapeContext } from './define.js';
import { one } from './lowering.js';
import { at, costOf, costSteps, featuresOf, input, shaped } from './support.js';

/** What each head predicts, and which tasks of the data recipe it serves. */
export const headTasks: Record<string, { tasks: readonly Task[]; output: string }> = {
  classify: { tasks: ['classification'], output: 'classes' },
  'classify-each-step': { tasks: ['tagging'], output: 'tags' },
  regress: { tasks: ['forecast'], output: 'values (horizon × targets)' },
  'next-token': { tasks: ['next-token'], output: 'tokens of the vocabulary' },
};

export const isHead = (block: string): boolean => Object.hasOwn(headTasks, block);

export const scores = (kinds: readonly ValueKind[]) => (): Ports => ({
  inputs: [input('in', 'Scores', kinds)],
  outputs: [],
});

export function lowerHead(
  context: LowerContext<unknown>,
  kind: IrHead['kind'],
  task: Task,
  loss: IrHead['loss'],
) {
  const { build, node } = context;
  const logits = build.read(one(context, 'in'));
  const outputs = logits.shape.at(-1);
  if (typeof outputs !== 'number') throw new Error(`scores of ${node} have no known size`);
  const perStep = logits.shape.length === 3;
  build.head({ node, kind, task, logits: logits.id, perStep, loss, outputs });
  return {};
}

export const headParts = {
  category: 'head' as const,
  shape: () => shaped({}),
  parameters: () => [],
  cost(context: ShapeContext<unknown>) {
    const source = at(context, 'in');
    const size = costSteps(context, source) * (featuresOf(source) ?? 0);
    // Softmax: maximum, difference, exponential, sum, quotient. Kept: the probabilities.
    return costOf(5 * size, size, source?.kind === 'sequence' ? '5·T·C' : '5·C');
  },
};

/** The class names where they are few, otherwise how many there are. */
export const labels = ({ facts }: ShapeContext<unknown>): string => {
  const names = facts?.output.labels ?? null;
  if (names === null) return String(facts?.output.size ?? 'from the data');
  return names.length <= 3 ? names.join(', ') : String(names.length);
};
