import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenizerSchema, type TokenizerRecipe } from '#shared/data/recipe';
import {
  buildVocabulary,
  firstTokens,
  joinTokens,
  lookUp,
  TokenIndex,
  tokenize,
} from './tokenizer.js';

const words = tokenizerSchema.parse({ unit: 'word' });
const characters = tokenizerSchema.parse({ unit: 'character', lowercase: false });

function vocabularyOf(recipe: TokenizerRecipe, text: string): string[] {
  const index = new TokenIndex();
  const ids = index.idsOf(tokenize(recipe, text));
  const counts = new Float64Array(index.tokens.length);
  for (const id of ids) counts[id] = (counts[id] ?? 0) + 1;
  return buildVocabulary(recipe, index, counts).tokens;
}

describe('words', () => {
  it.each([
    ["Don't stop, can’t stop!", ["don't", 'stop', ',', 'can’t', 'stop', '!']],
    ['Καλημέρα wörld — 2nd', ['καλημέρα', 'wörld', '—', '2nd']],
    ['a\n\tb\u00a0c', ['a', 'b', 'c']],
    ["'quoted' rock'n'roll", ["'", 'quoted', "'", "rock'n'roll"]],
    ['3.14 $5', ['3', '.', '14', '$', '5']],
    ['cafe\u0301 🙂', ['cafe\u0301', '🙂']],
    ['<pad> <unk>', ['<', 'pad', '>', '<', 'unk', '>']],
    ['   ', []],
  ])('splits %j', (text, tokens) => {
    expect(tokenize(words, text)).toEqual(tokens);
  });

  it('joins punctuation to the word before and brackets and quotes to the word inside', () => {
    const text = 'well, he said: "yes (maybe) no!" and left.';
    expect(joinTokens('word', tokenize(words, text))).toBe(text);
  });
});

describe('characters', () => {
  it('are code points, so that an emoji outside the basic plane is one token', () => {
    expect(tokenize(characters, 'A🙂é')).toEqual(['A', '🙂', 'é']);
  });

  it('come back unchanged for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(joinTokens('character', tokenize(characters, text))).toBe(text);
      }),
    );
  });

  it('come back unchanged through ids, for any text that made the vocabulary', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const recipe = { ...characters, vocabularyLimit: null };
        const vocabulary = vocabularyOf(recipe, text);
        const ids = lookUp(vocabulary, tokenize(recipe, text));
        expect(Array.from(ids, (id) => vocabulary[id]).join('')).toBe(text);
      }),
    );
  });
});

describe('the first tokens', () => {
  it.each([
    ['words', words],
    ['characters', characters],
    ['lower-case characters', { ...characters, lowercase: true }],
  ])('are those that all of the text begins with: %s', (_, recipe) => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.option(fc.integer({ min: 1, max: 12 })),
        (text, limit) => {
          const all = tokenize(recipe, text);
          expect(firstTokens(recipe, text, limit)).toEqual(all.slice(0, limit ?? undefined));
        },
      ),
    );
  });
});

describe('vocabulary', () => {
  it('begins with <pad> and <unk>, then goes by frequency, then by code point', () => {
    expect(vocabularyOf(words, 'b b z a z b 🙂 \uffff')).toEqual([
      ...['<pad>', '<unk>', 'b', 'z', 'a'],
      ...['\uffff', '🙂'],
    ]);
  });

  it('counts the two special tokens into the limit', () => {
    expect(vocabularyOf({ ...words, vocabularyLimit: 3 }, 'a a b')).toEqual([
      '<pad>',
      '<unk>',
      'a',
    ]);
  });

  it('leaves out what is rarer than the minimum count', () => {
    const recipe = { ...words, minimumCount: 2 };
    expect(vocabularyOf(recipe, 'a a b b c')).toEqual(['<pad>', '<unk>', 'a', 'b']);
  });

  it('never gives the padding id to text that spells it', () => {
    expect([...lookUp(['<pad>', '<unk>', 'a'], ['<pad>', '<unk>', 'a', 'b'])]).toEqual([
      1, 1, 2, 1,
    ]);
  });
});
