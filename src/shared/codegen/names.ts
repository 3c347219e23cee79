/**
 * User text in generated code. Names become identifiers, everything else a quoted literal or a comment of
 * one line: no character of a project can leave its quotes.
 */

/** Words of a name, in ASCII lower case: `Größe 2 (neu)` → `grosse`, `2`, `neu`. */
function words(name: string): string[] {
  const ascii = name
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2');
  return ascii.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

export const snakeCase = (name: string): string => words(name).join('_');

export const camelCase = (name: string): string =>
  words(name)
    .map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');

export const pascalCase = (name: string): string =>
  words(name)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** Gives each key one identifier that nothing else in its scope has. */
export class Identifiers {
  private readonly taken: Set<string>;
  private readonly byKey = new Map<string, string>();

  /** @param reserved keywords, and names that the scope uses itself. */
  constructor(
    private readonly style: (name: string) => string,
    reserved: Iterable<string>,
    private readonly separator = '_',
  ) {
    this.taken = new Set(reserved);
  }

  /**
   * @param wanted any text; where nothing of it can stand in an identifier, `fallback` does.
   * @returns the same identifier for the same key.
   */
  for(key: string, wanted: string, fallback: string): string {
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const made = this.style(wanted) || this.style(fallback);
    const base = /^[a-z_]/i.test(made) ? made : `${this.style(fallback)}${this.separator}${made}`;
    let name = base;
    for (let count = 2; this.taken.has(name); count++) name = `${base}${this.separator}${count}`;
    this.taken.add(name);
    this.byKey.set(key, name);
    return name;
  }
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  "'": "\\'",
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** Control characters, line separators, bidirectional marks, lone surrogates: never as they are. */
const unsafe =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');

/** As Black writes it: in double quotes unless that costs more escapes. */
export function pythonString(text: string): string {
  const quote = count(text, '"') > count(text, "'") ? "'" : '"';
  const body = escapeQuoted(text, quote).replace(unsafe, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code <= 0xff) return `\\x${hex(code, 2)}`;
    return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
  });
  return quote + body + quote;
}

/** As Prettier writes it with single quotes. */
export function typescriptString(text: string): string {
  const quote = count(text, "'") > count(text, '"') ? '"' : "'";
  const body = escapeQuoted(text, quote).replace(unsafe, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 1)}}`;
  });
  return quote + body + quote;
}

const count = (text: string, character: string): number => text.split(character).length - 1;

const escapeQuoted = (text: string, quote: string): string =>
  text.replace(/[\\"'\n\r\t]/g, (character) =>
    (character === '"' || character === "'") && character !== quote
      ? character
      : (escapes[character] ?? character),
  );

/** User text for a comment or a docstring: one line, no quotes' end, no comment's end, no escapes. */
export function plainText(text: string): string {
  return text
    .replace(/\s+/gu, ' ')
    .replace(unsafe, '')
    .replaceAll('\\', '/')
    .replaceAll('"""', "'''")
    .replaceAll('*/', '* /')
    .replace(/"$/, "'")
    .trim();
}

/** A float as Python and JavaScript both read it, the shortest that is exact. */
export function number(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} has no literal`);
  return String(value);
}

export const pythonKeywords: readonly string[] = (
  'False None True and as assert async await break class continue def del elif else except finally for from ' +
  'global if import in is lambda nonlocal not or pass raise return try while with yield match case type ' +
  'print len range list dict set tuple int float str bool sum min max abs open input super object self zip map'
).split(' ');

export const typescriptKeywords: readonly string[] = (
  'abstract any arguments as async await boolean break case catch class const constructor continue debugger ' +
  'declare default delete do else enum eval export extends false finally for from function get if implements ' +
  'import in infer instanceof interface is keyof let module namespace never new null number object of package ' +
  'private protected public readonly require return set static string super switch symbol this throw true try ' +
  'type typeof undefined unique unknown var void while with yield'
).split(' ');
