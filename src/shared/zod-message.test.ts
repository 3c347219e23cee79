import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeError, describeIssue } from './zod-message.js';

const settings = z.strictObject({
  units: z.number().int().min(1).max(512).default(1),
  rate: z.number().gt(0).lt(1).default(0.5),
  name: z.string().min(1).max(5).default('a'),
  code: z.string().min(3).default('abc'),
  id: z.string().regex(/^\w+$/, 'may only hold letters').default('a'),
  merge: z.enum(['concat', 'sum']).default('sum'),
  format: z.literal('project').default('project'),
  sizes: z.array(z.number().min(1)).min(1).max(2).default([1]),
  on: z.boolean().default(true),
  even: z.number().multipleOf(2).default(2),
  inner: z.record(z.string(), z.number()).default({}),
  task: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('a') }),
      z.object({ kind: z.literal('b') }),
    ])
    .default({ kind: 'a' }),
  either: z.union([z.number(), z.boolean()]).default(1),
  needed: z.string(),
});

const wrong = (value: object): string => {
  const whole = { needed: '', ...value };
  const parsed = settings.safeParse(whole);
  if (parsed.success) throw new Error('it fits');
  return describeError(parsed.error, whole).message;
};

describe('what zod finds wrong', () => {
  it.each([
    [{ units: -3 }, '"units" must be at least 1, but is -3.'],
    [{ units: 513 }, '"units" must be at most 512, but is 513.'],
    [{ units: 1.5 }, '"units" must be a whole number, but is 1.5.'],
    [{ units: '8' }, '"units" must be a number, but is "8".'],
    [{ units: null }, '"units" must be a number, but is null.'],
    [{ rate: 0 }, '"rate" must be above 0, but is 0.'],
    [{ rate: 1 }, '"rate" must be below 1, but is 1.'],
    [{ name: '' }, '"name" must not be empty.'],
    [{ name: 'abcdef' }, '"name" must have at most 5 characters, but has 6.'],
    [{ code: 'a' }, '"code" must have at least 3 characters, but has 1.'],
    [{ id: 'a/b' }, '"id" may only hold letters, but is "a/b".'],
    [{ merge: 'max' }, '"merge" must be one of concat, sum, but is "max".'],
    [{ format: 'x' }, '"format" must be "project", but is "x".'],
    [{ sizes: [] }, '"sizes" must have at least 1 item, but has 0.'],
    [{ sizes: [1, 1, 1] }, '"sizes" must have at most 2 items, but has 3.'],
    [{ sizes: [1, 0] }, '"sizes" (item 2) must be at least 1, but is 0.'],
    [{ sizes: {} }, '"sizes" must be a list, but is an object.'],
    [{ on: 'yes' }, '"on" must be true or false, but is "yes".'],
    [{ even: 3 }, '"even" must be a multiple of 2, but is 3.'],
    [{ inner: [] }, '"inner" must be an object, but is a list.'],
    [{ task: { kind: 'c' } }, '"kind" must be one of a, b, but is "c".'],
    [{ task: {} }, '"kind" is missing.'],
    [{ either: 'x' }, '"either" has none of the forms that it can have, but is "x".'],
    [{ needed: undefined }, '"needed" is missing.'],
    [{ size: 1 }, '"size" is not a known setting.'],
    [{ size: 1, depth: 2 }, '"size", "depth" are not known settings.'],
    [{ units: 0, rate: 2, on: 1 }, '"units" must be at least 1, but is 0 (and 2 more).'],
  ])('%j: %s', (value, message) => {
    expect(wrong(value)).toBe(message);
  });

  it('cuts a long value short', () => {
    expect(wrong({ merge: 'x'.repeat(100) })).toBe(
      `"merge" must be one of concat, sum, but is "${'x'.repeat(40)}…".`,
    );
  });

  it('names the field by its dotted path', () => {
    const value = { needed: '', sizes: [0] };
    const { error } = settings.safeParse(value);
    expect(error && describeError(error, value).place).toEqual({ field: 'sizes.0' });
  });

  it('leaves the value away where it was not given', () => {
    const [issue] = settings.safeParse({ needed: '', units: 0 }).error?.issues ?? [];
    expect(issue && describeIssue(issue, 'It')).toBe('It must be at least 1');
  });

  it('keeps the sentences of our own schemas', () => {
    const { error } = z
      .number()
      .refine(() => false, 'shares must leave rows')
      .safeParse(1);
    expect(error && describeError(error, 1)).toEqual({
      message: 'Shares must leave rows.',
      place: {},
    });
  });
});
