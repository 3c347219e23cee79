/** Python calls as Black lays them out at 88 columns: what a functional model's body consists of. */

const lineLength = 88;

export interface Call {
  callee: string;
  arguments: Argument[];
  /** Of the call of what the first call gives: `layers.Dense(2)(x)`. */
  then?: Argument[];
}

export type Expression = string | readonly string[] | Call;

export interface Argument {
  /** A keyword; null for a positional argument. */
  name: string | null;
  value: Expression;
}

export const positional = (value: Expression): Argument => ({ name: null, value });
export const keyword = (name: string, value: Expression): Argument => ({ name, value });

const isList = (value: Expression): value is readonly string[] => Array.isArray(value);

const flatArguments = (list: readonly Argument[]): string =>
  list.map(({ name, value }) => (name === null ? '' : `${name}=`) + flat(value)).join(', ');

function flat(expression: Expression): string {
  if (typeof expression === 'string') return expression;
  if (isList(expression)) return `[${expression.join(', ')}]`;
  const { callee, arguments: first, then } = expression;
  return `${callee}(${flatArguments(first)})${then ? `(${flatArguments(then)})` : ''}`;
}

/** @returns `<prefix><expression><suffix>` in lines, indented by `depth` steps. */
export function layOut(
  prefix: string,
  expression: Expression,
  suffix: string,
  depth: number,
): string[] {
  const indent = '    '.repeat(depth);
  const whole = indent + prefix + flat(expression) + suffix;
  if (typeof expression === 'string' || whole.length <= lineLength) return [whole];
  if (isList(expression)) {
    const items = expression.map((item) => positional(item));
    return [`${indent}${prefix}[`, ...body(items, depth + 1), `${indent}]${suffix}`];
  }
  const { callee, arguments: first, then } = expression;
  if (then === undefined)
    return [`${indent}${prefix}${callee}(`, ...body(first, depth + 1), `${indent})${suffix}`];
  // Black opens the last bracket if what stands before it fits.
  const head = `${indent}${prefix}${callee}(${flatArguments(first)})(`;
  if (head.length <= lineLength) return [head, ...body(then, depth + 1), `${indent})${suffix}`];
  const opened = [`${indent}${prefix}${callee}(`, ...body(first, depth + 1)];
  const tail = `${indent})(${flatArguments(then)})${suffix}`;
  return tail.length <= lineLength
    ? [...opened, tail]
    : [...opened, `${indent})(`, ...body(then, depth + 1), `${indent})${suffix}`];
}

/** In one line if they fit, else one a line; a trailing comma where there are several. */
function body(list: readonly Argument[], depth: number): string[] {
  const line = '    '.repeat(depth) + flatArguments(list);
  if (line.length <= lineLength) return [line];
  const comma = list.length > 1 ? ',' : '';
  return list.flatMap(({ name, value }) =>
    layOut(name === null ? '' : `${name}=`, value, comma, depth),
  );
}
