/**
 * Where a text stops being JSON. `JSON.parse` no longer says it in every engine, and a person who edits a
 * project by hand needs the line. Only called once `JSON.parse` has failed, so speed does not matter.
 */

const space = /[ \t\r\n]*/y;
const scalar =
  /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;

/** Position of the first character that can't belong to a JSON text; the length if it ends too early. */
export function jsonErrorPosition(text: string): number {
  let at = 0;
  const skipSpace = (): void => {
    space.lastIndex = at;
    space.exec(text);
    at = space.lastIndex;
  };
  const take = (character: string): boolean => {
    skipSpace();
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };
  const takeScalar = (stringOnly: boolean): boolean => {
    skipSpace();
    if (stringOnly && text[at] !== '"') return false;
    scalar.lastIndex = at;
    if (scalar.exec(text) === null) return false;
    at = scalar.lastIndex;
    return true;
  };
  const items = (end: string, item: () => boolean): boolean => {
    if (take(end)) return true;
    do {
      if (!item()) return false;
    } while (take(','));
    return take(end);
  };
  const value = (): boolean => {
    if (take('{')) return items('}', () => takeScalar(true) && take(':') && value());
    if (take('[')) return items(']', value);
    return takeScalar(false);
  };
  if (value()) skipSpace();
  return at;
}
