/** What zod finds wrong with a value, in the words in which a person would say it. */
import type { z } from 'zod';
import type { ErrorPlace } from './errors.js';

const typeNames: Record<string, string> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const longest = 40;

/** `"abc"`, `-3`, `a list`: short enough for the middle of a sentence. */
function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > longest ? `${value.slice(0, longest)}…` : value);
}

/** The part of a value that an issue is about. */
function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

const plural = (count: number | bigint, one: string): string =>
  `${count} ${one}${Number(count) === 1 ? '' : 's'}`;

/** What has a length is counted, the rest is compared. */
function bound(
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  value: unknown,
): { rule: string; but: string | null } {
  const small = issue.code === 'too_small';
  const limit = small ? issue.minimum : issue.maximum;
  const side = small ? 'at least' : 'at most';
  if (issue.origin === 'string' || issue.origin === 'array') {
    if (issue.origin === 'string' && small && Number(limit) === 1)
      return { rule: 'must not be empty', but: null };
    const unit = issue.origin === 'string' ? 'character' : 'item';
    const known = typeof value === 'string' || Array.isArray(value);
    return {
      rule: `must have ${side} ${plural(limit, unit)}`,
      but: known ? `has ${value.length}` : null,
    };
  }
  const comparison = issue.inclusive === false ? (small ? 'above' : 'below') : side;
  return { rule: `must be ${comparison} ${limit}`, but: is(value) };
}

const is = (value: unknown): string | null => (value === undefined ? null : `is ${show(value)}`);

const oneOf = (values: readonly unknown[]): string =>
  values.length === 1 ? `must be ${show(values[0])}` : `must be one of ${values.join(', ')}`;

/**
 * A sentence without its full stop: `"Units" must be at least 1, but is -3`. Messages that a schema of
 * ours gives itself are whole sentences already (`refine`), or go on from the subject (`regex`).
 * @param subject what is wrong, such as `"Units"` or `It`.
 * @param root what was parsed, so that the wrong value can be told; left out, it is not.
 */
export function describeIssue(
  issue: z.core.$ZodIssue,
  subject: string,
  root: { value: unknown } | null = null,
): string {
  const value = root === null ? undefined : valueAt(root.value, issue.path);
  const missing = root !== null && value === undefined;
  const say = (rule: string, but: string | null = is(value)): string =>
    missing ? `${subject} is missing` : `${subject} ${rule}${but === null ? '' : `, but ${but}`}`;
  switch (issue.code) {
    case 'too_small':
    case 'too_big': {
      const { rule, but } = bound(issue, value);
      return say(rule, but);
    }
    case 'invalid_type':
      return say(`must be ${typeNames[issue.expected] ?? issue.expected}`);
    case 'invalid_value':
      return say(oneOf(issue.values));
    case 'invalid_union':
      return say(
        'options' in issue && issue.options !== undefined
          ? oneOf(issue.options)
          : 'has none of the forms that it can have',
      );
    case 'not_multiple_of':
      return say(`must be a multiple of ${issue.divisor}`);
    case 'invalid_format':
      return say(issue.message);
    case 'unrecognized_keys': {
      const keys = issue.keys.map((key) => `"${key}"`).join(', ');
      return issue.keys.length === 1
        ? `${keys} is not a known setting`
        : `${keys} are not known settings`;
    }
    default:
      return issue.message.charAt(0).toUpperCase() + issue.message.slice(1);
  }
}

/** `"batchSize"`, or `"units" (item 2)`: what a path ends with. */
export function subjectOf(path: readonly PropertyKey[]): string {
  const last = path.at(-1);
  if (typeof last !== 'number') return `"${String(last)}"`;
  const list = path.at(-2);
  return `${list === undefined ? 'the list' : `"${String(list)}"`} (item ${last + 1})`;
}

/** The first thing that is wrong, how many there are beside it, and its dotted path. */
export function describeError(
  error: z.core.$ZodError,
  value: unknown,
): { message: string; place: ErrorPlace } {
  const [first] = error.issues;
  if (first === undefined) throw new Error('an error without issues');
  const more = error.issues.length - 1;
  const subject = first.path.length === 0 ? 'It' : subjectOf(first.path);
  return {
    message: `${describeIssue(first, subject, { value })}${more > 0 ? ` (and ${more} more)` : ''}.`,
    place: first.path.length === 0 ? {} : { field: first.path.map(String).join('.') },
  };
}
