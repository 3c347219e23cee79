/** Python statements laid out as Black lays them out, and names that stay short enough for it. */
import { Identifiers, pythonKeywords, snakeCase } from '../names.js';
import type { CodeWriter } from '../writer.js';

const lineLength = 88;

const fits = (writer: CodeWriter, line: string, deeper = 0): boolean =>
  writer.column + 4 * deeper + line.length <= lineLength;

/**
 * `head`, items between commas, `tail`: on one line; or the items on one line of their own; or one item a
 * line. @param head ends with the opening bracket. @param tail begins with the closing one.
 */
export function bracketed(
  writer: CodeWriter,
  head: string,
  items: readonly string[],
  tail: string,
): void {
  const list = items.join(', ');
  if (fits(writer, head + list + tail)) {
    writer.line(head + list + tail);
    return;
  }
  writer.line(head).indent(() => {
    if (fits(writer, list)) writer.line(list);
    else for (const item of items) writer.line(`${item},`);
  });
  writer.line(tail);
}

/** `head` and terms between operators; in brackets, and one term a line, where that is too long. */
export function operation(
  writer: CodeWriter,
  head: string,
  terms: readonly string[],
  operator: '+' | '*',
): void {
  const line = terms.join(` ${operator} `);
  if (fits(writer, head + line)) {
    writer.line(head + line);
    return;
  }
  writer.line(`${head}(`).indent(() => {
    if (fits(writer, line)) writer.line(line);
    else terms.forEach((term, i) => writer.line(i === 0 ? term : `${operator} ${term}`));
  });
  writer.line(')');
}

/** Longer names are cut, so that a line with two of them fits. */
const longestName = 24;

/** Names for variables and attributes. @param reserved beside the keywords. */
export const pythonNames = (reserved: Iterable<string>): Identifiers =>
  new Identifiers(
    (name) => snakeCase(name).slice(0, longestName).replace(/_+$/, ''),
    [...pythonKeywords, ...reserved],
  );
