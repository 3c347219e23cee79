/** Next-token data: windows over one text, whose targets are the same tokens one step later. */
import type { NextTokenRecipe } from '#shared/data/recipe';
import { noEvidence } from '#shared/data/evidence';
import { StudioError } from '#shared/errors';
import { overlapOfRandom } from './evidence.js';
import {
  grouped,
  previewTable,
  previewTokens,
  shorten,
  vocabularyReport,
  windowLengths,
  type Prepared,
} from './report.js';
import type { Source } from './source.js';
import { requireFilled, splitWindows, type Parts } from './split.js';
import {
  buildVocabulary,
  firstTokens,
  joinTokens,
  TokenIndex,
  tokenize,
  unknownId,
} from './tokenizer.js';
import type { Batch, Dataset } from './types.js';

/**
 * `in order` cuts the text into three regions, and every window with its last target lies inside one of
 * them. `random` deals out windows of the whole text.
 *
 * @throws StudioError `text-too-short`, `too-few-rows`, `split-without-classes`.
 */
export function prepareNextToken(recipe: NextTokenRecipe, source: Source): Prepared {
  const index = new TokenIndex();
  const tokens = firstTokens(recipe.tokenizer, source.text, recipe.limit);
  const indexed = index.idsOf(tokens);
  const starts = windowStarts(recipe, source, indexed.length);
  requireFilled(starts, recipe.split, 'windows', source.file);

  const span = recipe.window + 1;
  const counts = new Float64Array(index.tokens.length);
  forCovered(starts.train, span, indexed, (id) => {
    counts[id] = (counts[id] ?? 0) + 1;
  });
  const vocabulary = buildVocabulary(recipe.tokenizer, index, counts);
  const ids = indexed.map((id) => vocabulary.idOf[id] ?? unknownId);
  let heldOut = 0;
  let unknown = 0;
  let neverSeen = 0;
  forCovered(Int32Array.from([...starts.validation, ...starts.test]), span, indexed, (id) => {
    heldOut++;
    if (vocabulary.idOf[id] === unknownId) unknown++;
    if (counts[id] === 0) neverSeen++;
  });
  const rate = (tokens: number): number => (heldOut === 0 ? 0 : tokens / heldOut);

  const part = (name: keyof Parts): Dataset =>
    windowDataset(ids, starts[name], recipe, vocabulary.tokens);
  const parts = { train: part('train'), validation: part('validation'), test: part('test') };
  const examples = {
    train: parts.train.size,
    validation: parts.validation.size,
    test: parts.test.size,
  };
  const size = vocabulary.tokens.length;
  const lines = source.text.replace(/\n$/, '').split('\n', 50);
  return {
    data: {
      facts: {
        task: 'next-token',
        input: { kind: 'tokens', vocabularySize: size, timeSteps: recipe.window, padded: false },
        output: { size, labels: vocabulary.tokens },
        examples,
        meanTimeSteps: recipe.window,
      },
      preprocessing: { recipe, vocabulary: vocabulary.tokens, labels: null, scaler: null },
      ...parts,
      raw: {
        kind: 'text',
        text: source.text,
        starts,
        // Joined tokens are the same tokens again, whatever white space stood between them.
        window: (start) => {
          const window = Array.from(indexed.subarray(start, start + recipe.window));
          const words = window.map((id) => index.tokens[id] ?? '');
          return joinTokens(recipe.tokenizer.unit, words);
        },
      },
    },
    report: {
      source,
      size: ids.length,
      unit: 'tokens',
      periods: null,
      table: previewTable(
        ['text'],
        lines.map((line) => [line]),
      ),
      tokenized: {
        column: 'text',
        rows: previewTokens(
          lines,
          vocabulary,
          // The end of a line is a character too, and no word.
          (line) => tokenize(recipe.tokenizer, `${line}\n`),
          null,
        ),
      },
      vocabulary: vocabularyReport(vocabulary, rate(unknown)),
      classes: [],
      ...windowLengths(examples, recipe.window),
      evidence: {
        ...noEvidence,
        neverSeenRate: rate(neverSeen),
        overlap: overlapOfRandom(recipe.split, starts, span),
      },
    },
  };
}

/** First token of each window, by part. */
function windowStarts(recipe: NextTokenRecipe, source: Source, size: number): Parts {
  const { window, stride, split } = recipe;
  if (size < window + 1) {
    throw new StudioError(
      'text-too-short',
      `The text has ${grouped(size)} ${recipe.tokenizer.unit} tokens; a window of ${window} needs at least ${window + 1}, because the last target is the token after it.`,
      recipe.limit !== null && recipe.limit < window + 1
        ? 'Raise the token limit of the data settings.'
        : 'Choose a shorter window or a longer text.',
      { file: source.file, field: 'data.window' },
    );
  }
  return splitWindows(split, size, { span: window + 1, stride, reach: 0 });
}

/** Visits each token that lies in any of the windows once, however many windows share it. */
function forCovered(
  starts: Int32Array,
  span: number,
  ids: Int32Array,
  visit: (id: number) => void,
): void {
  let done = 0;
  for (const start of starts.sort()) {
    const end = start + span;
    for (let at = Math.max(start, done); at < end; at++) visit(ids[at] ?? unknownId);
    done = Math.max(done, end);
  }
}

function windowDataset(
  ids: Int32Array,
  starts: Int32Array,
  { window, tokenizer }: NextTokenRecipe,
  vocabulary: readonly string[],
): Dataset {
  const text = (from: number, to: number): string => {
    const tokens = Array.from(ids.subarray(from, to), (id) => vocabulary[id] ?? '');
    return shorten(joinTokens(tokenizer.unit, tokens), 300);
  };
  return {
    size: starts.length,
    lengths: new Int32Array(starts.length).fill(window),
    batch(indices): Batch {
      const input = new Int32Array(indices.length * window);
      const targets = new Int32Array(indices.length * window);
      for (const [row, example] of indices.entries()) {
        const start = startOf(starts, example);
        input.set(ids.subarray(start, start + window), row * window);
        targets.set(ids.subarray(start + 1, start + 1 + window), row * window);
      }
      return {
        size: indices.length,
        timeSteps: window,
        input: { kind: 'tokens', ids: input },
        lengths: null,
        targets: { kind: 'steps', ids: targets },
      };
    },
    describe(example) {
      const start = startOf(starts, example);
      return { input: text(start, start + window), target: text(start + 1, start + 1 + window) };
    },
  };
}

function startOf(starts: Int32Array, example: number): number {
  const start = starts[example];
  if (start === undefined) throw new RangeError(`example ${example} of ${starts.length}`);
  return start;
}
