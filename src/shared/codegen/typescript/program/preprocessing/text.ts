/** Text as the network was trained on it. What was learned from the training rows is in preprocessing.json. */

/** The parts of preprocessing.json that matter here. */
export interface Preprocessing {
  recipe: {
    task: 'classification' | 'tagging' | 'next-token';
    tokenizer: { unit: 'character' | 'word'; lowercase: boolean };
    /** Longer texts are cut, at their end unless `truncate` says otherwise. */
    maximumTimeSteps?: number;
    truncate?: 'end' | 'start';
    /** Next-token only: as many tokens as the network sees. */
    window?: number;
  };
  /** Tokens by id; `<pad>` is 0, `<unk>` is 1. */
  vocabulary: string[];
  /** Classes or tags by id; null where they are the vocabulary. */
  labels: string[] | null;
}

/** Tokens are what stands between white space, one for each tag. */
export type Input = { text: string } | { tokens: string[] };

/** Rows for the network. */
export interface ModelInput {
  /** [B,T]. */
  shape: [rows: number, steps: number];
  /** [B·T], 0 behind a row's length. */
  ids: Int32Array;
  /** [B], 1 to T. */
  lengths: Int32Array;
}

/** Recorded rows as the network reads them. @param recorded by name, row major. */
export function recordedInput(
  recorded: (name: string) => { shape: number[]; values: ArrayLike<number> },
): ModelInput {
  const { shape, values } = recorded('ids');
  const [rows, steps] = shape;
  const lengths = Int32Array.from(recorded('lengths').values);
  return { shape: [rows, steps], ids: Int32Array.from(values), lengths };
}

/** One row of a batch, without its padding. */
export const rowOf = ({ shape, ids, lengths }: ModelInput, row: number): Int32Array =>
  ids.slice(row * shape[1], row * shape[1] + lengths[row]);

const unknown = 1;
const specialTokens = 2;

/** A word, with apostrophes inside it, or any other character that is not white space. */
const words = /[\p{L}\p{N}\p{M}_]+(?:['’][\p{L}\p{N}\p{M}_]+)*|\S/gu;

export class Preprocessor {
  readonly preprocessing: Preprocessing;
  private readonly ids: ReadonlyMap<string, number>;

  constructor(preprocessing: Preprocessing) {
    this.preprocessing = preprocessing;
    const tokens = preprocessing.vocabulary.map((token, id) => [token, id] as const);
    // Text that spells a special token is not that token.
    this.ids = new Map(tokens.slice(specialTokens));
  }

  /** Ids [T] of one row; a text without any token is one `<unk>`. */
  encode(input: Input): Int32Array {
    const ids = this.truncate(this.tokens(input)).map((token) => this.ids.get(token) ?? unknown);
    return Int32Array.from(ids.length === 0 ? [unknown] : ids);
  }

  /** The tokens of ids as the vocabulary has them. */
  texts(ids: ArrayLike<number>): string[] {
    return Array.from(ids, (id) => this.preprocessing.vocabulary[id] ?? '');
  }

  /** Rows of different length, padded at their end with 0. */
  batch(rows: readonly Int32Array[]): ModelInput {
    const lengths = Int32Array.from(rows, (row) => row.length);
    const steps = Math.max(...lengths);
    const ids = new Int32Array(rows.length * steps);
    rows.forEach((row, i) => ids.set(row, i * steps));
    return { shape: [rows.length, steps], ids, lengths };
  }

  private tokens(input: Input): string[] {
    const { task, tokenizer } = this.preprocessing.recipe;
    const fold = (text: string): string => (tokenizer.lowercase ? text.toLowerCase() : text);
    if ('tokens' in input) return input.tokens.map(fold);
    if (task === 'tagging') return input.text.split(/\s+/u).filter(Boolean).map(fold);
    const text = fold(input.text);
    return tokenizer.unit === 'character' ? Array.from(text) : (text.match(words) ?? []);
  }

  private truncate(tokens: string[]): string[] {
    const { maximumTimeSteps: maximum = Infinity, truncate = 'end' } = this.preprocessing.recipe;
    if (tokens.length <= maximum) return tokens;
    return truncate === 'end' ? tokens.slice(0, maximum) : tokens.slice(-maximum);
  }
}
