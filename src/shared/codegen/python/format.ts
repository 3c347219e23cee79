/** Python statements laid out as Black lays them out, and names that stay short enough for it. */
import { Identifiers, number, pythonKeywords, snakeCase } from '../names.js';
import type { CodeWriter } from '../writer.js';

const lineLength = 88;

export const fits = (writer: CodeWriter, line: string): boolean =>
  writer.column + line.length <= lineLength;

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

/** As `bracketed`, around a list: Black never leaves a list's items on a line of their own together. */
export function bracketedList(
  writer: CodeWriter,
  head: string,
  items: readonly string[],
  more: readonly string[],
  tail: string,
): void {
  const list = `[${items.join(', ')}]`;
  const all = [list, ...more].join(', ');
  if (fits(writer, head + all + tail)) {
    writer.line(head + all + tail);
    return;
  }
  writer.line(head).indent(() => {
    if (fits(writer, all)) {
      writer.line(all);
      return;
    }
    const comma = more.length > 0 ? ',' : '';
    if (fits(writer, list + comma)) writer.line(list + comma);
    else {
      writer.line('[').indent(() => {
        for (const item of items) writer.line(`${item},`);
      });
      writer.line(`]${comma}`);
    }
    for (const item of more) writer.line(`${item},`);
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
const longestName = 22;

export const shortName = (name: string): string => snakeCase(name).slice(0, longestName);

/** Names for variables and attributes. @param reserved beside the keywords. */
export const pythonNames = (reserved: Iterable<string>, longest = longestName): Identifiers =>
  new Identifiers(
    (name) => snakeCase(name).slice(0, longest).replace(/_+$/, ''),
    [...pythonKeywords, ...reserved],
  );

/** A literal that Python reads as a float: `1` is `1.0`. */
export const pythonFloat = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e16 ? value.toFixed(1) : number(value);

/** `NAME = [...]` on one line, or one item a line. */
export function listLines(name: string, items: readonly string[]): string[] {
  const line = `${name} = [${items.join(', ')}]`;
  if (line.length <= lineLength) return [line];
  return [`${name} = [`, ...items.map((item) => `    ${item},`), ']'];
}

/** An import on one line, or one name a line in brackets. */
export function importLines(module: string, names: readonly string[]): string[] {
  const line = `from ${module} import ${names.join(', ')}`;
  if (line.length <= lineLength) return [line];
  return [`from ${module} import (`, ...names.map((name) => `    ${name},`), ')'];
}
