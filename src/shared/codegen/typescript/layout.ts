/** Calls as Prettier breaks them: on one line where they fit into 100 columns. */

const lineWidth = 100;
const step = '  ';

export type Argument = string | { array: string[] } | { object: string[] };

/**
 * Lines of `head(arguments)tail`.
 * @param depth columns before the first line.
 */
export function call(
  head: string,
  given: readonly Argument[],
  tail: string,
  depth: number,
): string {
  const whole = `${head}(${given.map(flat).join(', ')})${tail}`;
  if (depth + whole.length <= lineWidth) return whole;
  const last = given.at(-1);
  const before = given.slice(0, -1).map(flat);
  if (typeof last === 'object') {
    // An object or array at the end stays beside the bracket.
    const [open, entries, close] =
      'object' in last ? ['{', last.object, '}'] : ['[', last.array, ']'];
    const first = `${head}(${[...before, open].join(', ')}`;
    if (depth + first.length <= lineWidth)
      return [first, ...entries.map((entry) => `${step}${entry},`), `${close})${tail}`].join('\n');
  }
  const lines = given.flatMap((argument) => broken(argument, depth + step.length));
  return [`${head}(`, ...lines.map((line) => step + line), `)${tail}`].join('\n');
}

/**
 * `head[numbers]tail`: on one line, or as many numbers a line as fit.
 * @param depth columns before the first line.
 */
export function numbers(
  head: string,
  values: readonly string[],
  tail: string,
  depth: number,
): string {
  const whole = `${head}[${values.join(', ')}]${tail}`;
  if (depth + whole.length <= lineWidth) return whole;
  const lines: string[] = [];
  for (const value of values) {
    const line = `${lines.at(-1) ?? step} ${value},`;
    if (lines.length > 0 && depth + line.length <= lineWidth) lines[lines.length - 1] = line;
    else lines.push(`${step}${value},`);
  }
  return [`${head}[`, ...lines, `]${tail}`].join('\n');
}

function flat(argument: Argument): string {
  if (typeof argument === 'string') return argument;
  return 'array' in argument
    ? `[${argument.array.join(', ')}]`
    : `{ ${argument.object.join(', ')} }`;
}

function broken(argument: Argument, depth: number): string[] {
  const whole = `${flat(argument)},`;
  if (typeof argument === 'string' || depth + whole.length <= lineWidth) return [whole];
  const [open, entries, close] =
    'object' in argument ? ['{', argument.object, '},'] : ['[', argument.array, '],'];
  return [open, ...entries.map((entry) => `${step}${entry},`), close];
}
