/** Text to tokens and back. */
import type { TokenizerRecipe } from '#shared/data/recipe';

export const padId = 0;
export const unknownId = 1;
/** First in every vocabulary. They are made by ids only: text that spells them gets other ids. */
const specialTokens = ['<pad>', '<unk>'] as const;

/**
 * A word: letters, digits, marks and underscores, with apostrophes inside (`don't`). Every other
 * character that is not white space is a token of its own.
 */
const wordPattern = /[\p{L}\p{N}\p{M}_]+(?:['’][\p{L}\p{N}\p{M}_]+)*|\S/gu;

/** Characters are Unicode code points; upper case is folded by Unicode's rules, without a locale. */
export function tokenize(tokenizer: TokenizerRecipe, text: string): string[] {
  const folded = tokenizer.lowercase ? text.toLowerCase() : text;
  return tokenizer.unit === 'character' ? Array.from(folded) : (folded.match(wordPattern) ?? []);
}

/** The first tokens of a text, all where the limit is null, without taking the rest of it apart. */
export function firstTokens(
  tokenizer: TokenizerRecipe,
  text: string,
  limit: number | null,
): string[] {
  if (limit === null) return tokenize(tokenizer, text);
  const folded = tokenizer.lowercase ? text.toLowerCase() : text;
  // A code point takes two units at most.
  if (tokenizer.unit === 'character') return Array.from(folded.slice(0, 2 * limit)).slice(0, limit);
  const tokens: string[] = [];
  for (const [token] of folded.matchAll(wordPattern)) {
    tokens.push(token);
    if (tokens.length === limit) break;
  }
  return tokens;
}

/** The items of a tagging row: what stands between white space, whatever the unit. */
export const splitItems = (text: string): string[] =>
  text.split(/\s+/u).filter((item) => item !== '');

/** Items can't change their number by folding case: `splitItems` comes first. */
export function tokenizeItems(tokenizer: TokenizerRecipe, text: string): string[] {
  const items = splitItems(text);
  return tokenizer.lowercase ? items.map((item) => item.toLowerCase()) : items;
}

/** At most `maximum` tokens: the first ones (cut at the end), or the last ones (cut at the start). */
export function truncate<T>(tokens: T[], maximum: number, cut: 'end' | 'start'): T[] {
  if (tokens.length <= maximum) return tokens;
  return cut === 'end' ? tokens.slice(0, maximum) : tokens.slice(-maximum);
}

/** Integer id of each distinct token, in order of appearance, before there is a vocabulary. */
export class TokenIndex {
  readonly tokens: string[] = [];
  readonly #ids = new Map<string, number>();

  idsOf(tokens: readonly string[]): Int32Array {
    const ids = new Int32Array(tokens.length);
    for (const [position, token] of tokens.entries()) {
      let id = this.#ids.get(token);
      if (id === undefined) {
        id = this.tokens.length;
        this.tokens.push(token);
        this.#ids.set(token, id);
      }
      ids[position] = id;
    }
    return ids;
  }
}

export interface Vocabulary {
  /** Token texts by id, the two special tokens first. */
  tokens: string[];
  /** Training counts by id; 0 for `<pad>`, all that fell out for `<unk>`. */
  counts: number[];
  /** Vocabulary id by id of the `TokenIndex`. */
  idOf: Int32Array;
}

/**
 * Most frequent tokens first; ties by code point, so that the order never depends on the rows' order.
 * @param counts of each token of the index in the training rows.
 */
export function buildVocabulary(
  tokenizer: TokenizerRecipe,
  index: TokenIndex,
  counts: Float64Array,
): Vocabulary {
  const count = (id: number): number => counts[id] ?? 0;
  const text = (id: number): string => index.tokens[id] ?? '';
  const kept = Array.from(counts.keys())
    .filter((id) => count(id) >= Math.max(1, tokenizer.minimumCount))
    .sort((a, b) => count(b) - count(a) || compareCodePoints(text(a), text(b)))
    .slice(0, tokenizer.vocabularyLimit === null ? undefined : tokenizer.vocabularyLimit - 2);
  const idOf = new Int32Array(counts.length).fill(unknownId);
  for (const [position, id] of kept.entries()) idOf[id] = position + specialTokens.length;
  const keptCount = kept.reduce((sum, id) => sum + count(id), 0);
  const all = counts.reduce((sum, value) => sum + value, 0);
  return {
    tokens: [...specialTokens, ...kept.map(text)],
    counts: [0, all - keptCount, ...kept.map(count)],
    idOf,
  };
}

/** UTF-8 order is code-point order; JavaScript's own is by UTF-16 units. */
const compareCodePoints = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b));

const idsByVocabulary = new WeakMap<readonly string[], Map<string, number>>();

/** Ids under a finished vocabulary. A token spelled like a special token is not that token. */
export function lookUp(vocabulary: readonly string[], tokens: readonly string[]): Int32Array {
  let ids = idsByVocabulary.get(vocabulary);
  if (ids === undefined) {
    ids = new Map(vocabulary.map((token, id) => [token, id] as const).slice(specialTokens.length));
    idsByVocabulary.set(vocabulary, ids);
  }
  const known = ids;
  return Int32Array.from(tokens, (token) => known.get(token) ?? unknownId);
}

/** Characters are joined as they are; words with spaces, but none before a full stop or inside brackets. */
export function joinTokens(unit: TokenizerRecipe['unit'], tokens: readonly string[]): string {
  if (unit === 'character') return tokens.join('');
  let text = '';
  let quoted = false;
  let glue = true;
  for (const token of tokens) {
    const closing = /^[.,;:!?%)\]}…’”»]$/u.test(token) || (token === '"' && quoted);
    const opening = /^[([{“‘«$#]$/u.test(token) || (token === '"' && !quoted);
    if (token === '"') quoted = !quoted;
    text += glue || closing ? token : ` ${token}`;
    glue = opening;
  }
  return text;
}
