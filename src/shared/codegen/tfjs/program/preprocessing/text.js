/** Text as the network was trained on it. What was learned from the training rows is in preprocessing.json. */

/** Recorded rows as the network reads them. @param recorded by name, row major. */
export function recordedInput(recorded) {
  const { shape, values } = recorded('ids');
  const [rows, steps] = shape;
  const lengths = Int32Array.from(recorded('lengths').values);
  return { shape: [rows, steps], ids: Int32Array.from(values), lengths };
}

/** One row of a batch, without its padding. */
export const rowOf = ({ shape, ids, lengths }, row) =>
  ids.slice(row * shape[1], row * shape[1] + lengths[row]);

const unknown = 1;
const specialTokens = 2;

/** A word, with apostrophes inside it, or any other character that is not white space. */
const words = /[\p{L}\p{N}\p{M}_]+(?:['’][\p{L}\p{N}\p{M}_]+)*|\S/gu;

export class Preprocessor {
  preprocessing;
  ids;

  constructor(preprocessing) {
    this.preprocessing = preprocessing;
    const tokens = preprocessing.vocabulary.map((token, id) => [token, id]);
    // Text that spells a special token is not that token.
    this.ids = new Map(tokens.slice(specialTokens));
  }

  /** Ids [T] of one row; a text without any token is one `<unk>`. */
  encode(input) {
    const ids = this.truncate(this.tokens(input)).map((token) => this.ids.get(token) ?? unknown);
    return Int32Array.from(ids.length === 0 ? [unknown] : ids);
  }

  /** The tokens of ids as the vocabulary has them. */
  texts(ids) {
    return Array.from(ids, (id) => this.preprocessing.vocabulary[id] ?? '');
  }

  /** Rows of different length, padded at their end with 0. */
  batch(rows) {
    const lengths = Int32Array.from(rows, (row) => row.length);
    const steps = Math.max(...lengths);
    const ids = new Int32Array(rows.length * steps);
    rows.forEach((row, i) => ids.set(row, i * steps));
    return { shape: [rows.length, steps], ids, lengths };
  }

  tokens(input) {
    const { task, tokenizer } = this.preprocessing.recipe;
    const fold = (text) => (tokenizer.lowercase ? text.toLowerCase() : text);
    if ('tokens' in input) return input.tokens.map(fold);
    if (task === 'tagging') return input.text.split(/\s+/u).filter(Boolean).map(fold);
    const text = fold(input.text);
    return tokenizer.unit === 'character' ? Array.from(text) : (text.match(words) ?? []);
  }

  truncate(tokens) {
    const { maximumTimeSteps: maximum = Infinity, truncate = 'end' } = this.preprocessing.recipe;
    if (tokens.length <= maximum) return tokens;
    return truncate === 'end' ? tokens.slice(0, maximum) : tokens.slice(-maximum);
  }
}
