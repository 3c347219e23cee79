/** Heads: where the scores become a loss. They have no weights; the block before them makes the scores. */
import { z } from 'zod';
import type { Task } from '../data/recipe.js';
import type { ValueKind } from '../graph/values.js';
import type { IrHead } from '../ir/types.js';
import { defineBlock, type LowerContext, type Ports, type ShapeContext } from './define.js';
import { one } from './lowering.js';
import { at, input, shaped } from './support.js';

/** What each head predicts, and which tasks of the data recipe it serves. */
export const headTasks: Record<string, { tasks: readonly Task[]; output: string }> = {
  classify: { tasks: ['classification'], output: 'classes' },
  'classify-each-step': { tasks: ['tagging'], output: 'tags' },
  regress: { tasks: ['forecast'], output: 'values (horizon × targets)' },
  'next-token': { tasks: ['next-token'], output: 'tokens of the vocabulary' },
};

export const isHead = (block: string): boolean => Object.hasOwn(headTasks, block);

const scores = (kinds: readonly ValueKind[]) => (): Ports => ({
  inputs: [input('in', 'Scores', kinds)],
  outputs: [],
});

function lowerHead(
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

const parts = {
  category: 'head' as const,
  shape: () => shaped({}),
  parameters: () => [],
  cost(context: ShapeContext<unknown>) {
    const source = at(context, 'in');
    const size = source?.kind === 'vector' || source?.kind === 'sequence' ? source.features : null;
    return { flops: 5 * (size ?? 0), activationBytes: 4 * (size ?? 0), formula: '5·C' };
  },
};

const labels = ({ facts }: ShapeContext<unknown>): string => {
  const names = facts?.output.labels ?? null;
  if (names === null) return String(facts?.output.size ?? 'from the data');
  return names.length <= 3 ? names.join(', ') : String(names.length);
};

export const classify = defineBlock({
  ...parts,
  id: 'classify',
  title: 'Classify',
  docs: {
    summary: 'One class for each row: softmax and cross-entropy (many-to-one).',
    body:
      'Takes one score for each class and turns the scores into probabilities. The loss is the mean ' +
      'cross-entropy over the rows.',
    equations: [
      { formula: 'p = softmax(scores)', note: 'probabilities' },
      { formula: 'loss = −log p[label]', note: 'mean over the batch' },
    ],
    sources: [],
  },
  params: z.strictObject({}),
  ports: scores(['vector']),
  lower: (context) => lowerHead(context, 'classify', 'classification', 'cross-entropy'),
  facts: (context) => [
    { label: 'classes', value: labels(context) },
    { label: 'loss', value: 'cross-entropy' },
  ],
});

export const classifyEachStep = defineBlock({
  ...parts,
  id: 'classify-each-step',
  title: 'Classify each step',
  docs: {
    summary: 'One tag for every time step, such as parts of speech (many-to-many).',
    body: 'Takes scores at every step. The loss is the mean cross-entropy over real steps: padding does not count.',
    equations: [{ formula: 'loss = −(1/Σn) Σ_t log p_t[tag_t]', note: 'real steps only' }],
    sources: [],
  },
  params: z.strictObject({}),
  ports: scores(['sequence']),
  lower: (context) => lowerHead(context, 'classify-each-step', 'tagging', 'cross-entropy'),
  facts: (context) => [
    { label: 'tags', value: labels(context) },
    { label: 'loss', value: 'cross-entropy' },
  ],
});

export const regress = defineBlock({
  ...parts,
  id: 'regress',
  title: 'Forecast',
  docs: {
    summary: 'Numbers: the next values of a series, or any regression.',
    body:
      'Takes horizon × targets numbers. The loss is computed on scaled values; errors are reported in the ' +
      'target’s own units beside the persistence forecast ("the same as now"), the first thing to beat.',
    equations: [
      { formula: 'mae = mean |y − ŷ|', note: 'robust against outliers' },
      { formula: 'mse = mean (y − ŷ)²', note: 'punishes large errors' },
    ],
    sources: ['Huber 1964'],
  },
  params: z.strictObject({
    loss: z.enum(['mse', 'mae', 'huber']).default('mse').meta({
      title: 'Loss',
      description: 'Huber is squared for errors below 1 (in scaled units) and absolute beyond.',
    }),
  }),
  ports: scores(['vector']),
  lower(context) {
    const losses = {
      mse: 'mean-squared-error',
      mae: 'mean-absolute-error',
      huber: 'huber',
    } as const;
    return lowerHead(context, 'regress', 'forecast', losses[context.params.loss]);
  },
  facts: ({ params, facts }) => [
    { label: 'outputs', value: String(facts?.output.size ?? 'from the data') },
    { label: 'loss', value: params.loss },
  ],
});

export const nextToken = defineBlock({
  ...parts,
  id: 'next-token',
  title: 'Next token',
  docs: {
    summary: 'What comes next: the language-model head.',
    body:
      'With a sequence it predicts the following token at every step, so one window gives T lessons. With a ' +
      'vector it predicts only the token after the window. Perplexity is e to the loss: among how many equally ' +
      'likely tokens the model is left to choose.',
    equations: [
      { formula: 'p(x_{t+1} | x_1 … x_t) = softmax(scores_t)', note: 'at each step' },
      { formula: 'perplexity = exp(loss)', note: '' },
    ],
    sources: ['Mikolov et al. 2010'],
  },
  params: z.strictObject({}),
  ports: scores(['sequence', 'vector']),
  lower: (context) => lowerHead(context, 'next-token', 'next-token', 'cross-entropy'),
  facts: (context) => [
    { label: 'vocabulary', value: String(context.facts?.output.size ?? 'from the data') },
    { label: 'loss', value: 'cross-entropy' },
  ],
});
