import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { blocks, findBlock } from '#shared/catalog/index';
import { trainingRecipeSchema } from '#shared/training/recipe';
import { describeFields, humanise, isShown, messagesByPath } from './schema.js';

describe('forms from schemas', () => {
  it.each(blocks.map((block) => [block.id, block] as const))(
    'has a control, a title and a tooltip for every parameter of %s',
    (_, block) => {
      for (const field of Object.values(describeFields(block.params))) {
        expect(field.title).not.toBe('');
        expect(field.description, field.title).toBeTypeOf('string');
      }
    },
  );

  it('reads bounds, integers, sliders and null from numbers', () => {
    const schema = z.object({
      units: z
        .number()
        .int()
        .min(1)
        .nullable()
        .default(null)
        .meta({ title: 'Units', nullLabel: 'auto' }),
      rate: z
        .number()
        .min(0)
        .lt(1)
        .default(0)
        .meta({ slider: { min: 0, max: 0.9, step: 0.05 } }),
    });
    expect(describeFields(schema)).toEqual({
      units: {
        kind: 'number',
        title: 'Units',
        description: undefined,
        integer: true,
        min: 1,
        max: undefined,
        nullLabel: 'auto',
        slider: undefined,
      },
      rate: {
        kind: 'number',
        title: 'Rate',
        description: undefined,
        integer: false,
        min: 0,
        max: 1,
        nullLabel: null,
        slider: { min: 0, max: 0.9, step: 0.05 },
      },
    });
  });

  it.each([
    ['bidirectional', { cell: 'rnn' }, ['activation'], ['resetAfter']],
    ['bidirectional', { cell: 'gru' }, ['resetAfter'], ['activation']],
    ['stacked-rnn', { cell: 'lstm' }, [], ['activation', 'resetAfter']],
    ['attention', { score: 'additive' }, ['units'], ['scaled']],
    ['attention', { score: 'dot' }, ['scaled'], ['units']],
  ])('shows only the fields that matter: %s with %o', (id, choice, shown, hidden) => {
    const block = findBlock(id);
    if (block === undefined) throw new Error(`no block ${id}`);
    const values = { ...block.defaults(), ...choice };
    const names = Object.entries(describeFields(block.params))
      .filter(([, field]) => isShown(field, values))
      .map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining([...Object.keys(choice), ...shown]));
    for (const name of hidden) expect(names).not.toContain(name);
  });

  it.each(blocks.map((block) => [block.id, block] as const))(
    'ties no field of %s to one that it does not have',
    (_, block) => {
      const fields = describeFields(block.params);
      for (const { when } of Object.values(fields))
        for (const name of Object.keys(when ?? {})) expect(fields).toHaveProperty(name);
    },
  );

  it('offers each optimizer with its own fields', () => {
    const { optimizer } = describeFields(trainingRecipeSchema);
    expect(optimizer).toMatchObject({ kind: 'variant', key: 'kind' });
    if (optimizer?.kind !== 'variant') return;
    expect(Object.keys(optimizer.variants)).toEqual(['adam', 'adamw', 'sgd', 'rmsprop']);
    expect(Object.keys(optimizer.variants.sgd ?? {})).toEqual([
      'learningRate',
      'momentum',
      'nesterov',
    ]);
  });

  it('names fields without a title in words', () => {
    expect(humanise('minimumLearningRate')).toBe('Minimum learning rate');
  });

  it('gives the first message of each field under its path', () => {
    const parsed = trainingRecipeSchema.safeParse({
      epochs: 0,
      optimizer: { kind: 'adam', learningRate: -1 },
    });
    expect(messagesByPath(parsed.error?.issues ?? [])).toEqual({
      epochs: 'It must be at least 1.',
      'optimizer.learningRate': 'It must be above 0.',
    });
  });
});
