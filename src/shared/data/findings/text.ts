/** Texts with labels: what is cut, padded, unknown or repeated. */
import { formatCount, formatPercent, formatPlural } from '../../format.js';
import { cutShares, maximumThatKeeps } from '../lengths.js';
import type { DataPreview } from '../facts.js';
import type { ClassificationRecipe, NextTokenRecipe, TaggingRecipe } from '../recipe.js';
import type { Finding, Mend } from './types.js';

type LabelledText = ClassificationRecipe | TaggingRecipe;

export function textFindings(
  recipe: LabelledText,
  preview: DataPreview,
  bucketing: boolean,
): Finding[] {
  return [
    ...repeatFindings(recipe, preview),
    ...lengthFindings(recipe, preview, bucketing),
    ...emptyFindings(preview),
    ...dateFindings(recipe, preview),
  ];
}

function repeatFindings(
  recipe: LabelledText,
  { evidence: { repeats }, facts }: DataPreview,
): Finding[] {
  if (repeats === null) return [];
  const found: Finding[] = [];
  const heldOut = facts.examples.validation + facts.examples.test;
  if (repeats.crossing > 0)
    found.push({
      code: 'duplicates',
      severity: 'warning',
      place: 'source',
      title: `${formatPlural(repeats.crossing, 'validation or test row')} ${repeats.crossing === 1 ? 'repeats' : 'repeat'} a text of the training part.`,
      explanation: `That is ${formatPercent(repeats.crossing / heldOut)} of the rows that are held out. The network may know their answers by heart, so scores look better than they will be on new text.`,
      mends: [
        { label: 'Keep repeats together', recipe: { ...recipe, duplicates: 'together' } },
        { label: 'Use each text once', recipe: { ...recipe, duplicates: 'drop' } },
      ],
    });
  if (repeats.contradicting > 0)
    found.push({
      code: 'contradicting-labels',
      severity: 'note',
      place: 'classes',
      title: `${formatPlural(repeats.contradicting, 'text')} ${repeats.contradicting === 1 ? 'has' : 'have'} more than one label.`,
      explanation:
        'The same text is called one thing in one row and another thing in the next: no network can be right about both. It limits the best accuracy there is.',
      mends: [],
    });
  return found;
}

const keptShares = [0.95, 0.99];

/** The mends that keep nearly all rows whole, where they differ from what there is. */
function lengthMends(
  recipe: LabelledText,
  { lengths: { distribution }, batch }: DataPreview,
  bucketing: boolean,
): (Mend & { recipe: LabelledText })[] {
  const maxima = new Map(keptShares.map((share) => [maximumThatKeeps(distribution, share), share]));
  maxima.delete(recipe.maximumTimeSteps);
  return [...maxima].map(([maximumTimeSteps, share]) => {
    const after = cutShares(distribution, maximumTimeSteps, batch.shape[0] ?? 1);
    const padding = bucketing ? after.paddingBucketed : after.paddingWhole;
    return {
      label: `T = ${maximumTimeSteps}: ${formatPercent(share, 0)} whole, ${formatPercent(padding, 0)} padding`,
      recipe: { ...recipe, maximumTimeSteps },
    };
  });
}

function lengthFindings(recipe: LabelledText, preview: DataPreview, bucketing: boolean): Finding[] {
  const { distribution, maximum } = preview.lengths;
  const now = cutShares(distribution, recipe.maximumTimeSteps, preview.batch.shape[0] ?? 1);
  const found: Finding[] = [];
  if (now.rowsCut > 0.05) {
    const end = recipe.task === 'classification' && recipe.truncate === 'start' ? 'start' : 'end';
    found.push({
      code: 'truncation',
      severity: now.rowsCut > 0.1 ? 'warning' : 'note',
      place: 'lengths',
      title: `${formatPercent(now.rowsCut)} of the rows are longer than ${recipe.maximumTimeSteps} tokens and are cut.`,
      explanation: `${formatPercent(now.tokensLost)} of all tokens are lost at the ${end} of those rows: the network never sees them. A larger maximum keeps them and costs time, as each time step is computed one after another.`,
      mends: lengthMends(recipe, preview, bucketing).filter(
        ({ recipe: mended }) => mended.maximumTimeSteps > recipe.maximumTimeSteps,
      ),
    });
  }
  const padding = bucketing ? now.paddingBucketed : now.paddingWhole;
  if (padding > 0.4) {
    const used = Math.min(recipe.maximumTimeSteps, maximum);
    found.push({
      code: 'padding',
      severity: 'warning',
      place: 'lengths',
      title: `${formatPercent(padding)} of the time steps are padding.`,
      explanation: `Shorter rows are filled up with <pad> to the longest of their batch, at most ${used} tokens: computed for nothing. ${
        bucketing
          ? 'Cut the few long rows'
          : `Length bucketing in the training settings puts rows of similar length into a batch, which leaves ${formatPercent(now.paddingBucketed)}; or cut the few long rows`
      }.`,
      mends: lengthMends(recipe, preview, bucketing).filter(
        ({ recipe: mended }) => mended.maximumTimeSteps < used,
      ),
    });
  }
  return found;
}

function emptyFindings({ evidence: { emptyTexts } }: DataPreview): Finding[] {
  if (emptyTexts === 0) return [];
  return [
    {
      code: 'empty-text',
      severity: 'note',
      place: 'lengths',
      title: `${formatPlural(emptyTexts, 'row')} without text.`,
      explanation:
        'The network sees one <unk> instead and can only guess. Remove them, unless an empty text means something.',
      mends: [],
    },
  ];
}

/** Rows that have a date may be split by it. */
function dateFindings(
  recipe: LabelledText,
  { evidence: { dates }, facts: { examples } }: DataPreview,
): Finding[] {
  const [date] = dates;
  if (date === undefined || recipe.split.method === 'in order') return [];
  if (examples.validation + examples.test === 0) return [];
  const split = { ...recipe.split, method: 'in order' as const };
  return [
    {
      code: 'dates-split-at-random',
      severity: 'note',
      place: 'source',
      title: `The rows have a date, “${date.column}”, and are split whatever it is.`,
      explanation: `Training rows may lie after those of the test. That is fair where all texts are alike in time; where the network will judge later texts than it was trained on, test it so: ${
        date.inOrder
          ? 'split in order, on the past, then the future.'
          : 'sort the file by date, then split in order.'
      }`,
      mends: date.inOrder ? [{ label: 'Split in order', recipe: { ...recipe, split } }] : [],
    },
  ];
}

/** How much of the held-out text the vocabulary does not know. */
export function unknownFindings(
  recipe: LabelledText | NextTokenRecipe,
  { vocabulary, evidence: { neverSeenRate } }: DataPreview,
): Finding[] {
  if (vocabulary === null || vocabulary.unknownRate <= 0.1) return [];
  const { tokenizer } = recipe;
  const { unknownRate } = vocabulary;
  const larger = { ...tokenizer, vocabularyLimit: null, minimumCount: 1 };
  const helps = unknownRate - neverSeenRate > 0.01;
  return [
    {
      code: 'unknown-tokens',
      severity: 'warning',
      place: 'vocabulary',
      title: `${formatPercent(unknownRate)} of the validation and test tokens are unknown.`,
      explanation: `They became <unk>, so the network cannot tell them apart. ${
        helps
          ? `${formatPercent(unknownRate - neverSeenRate)} do stand in training rows, but the vocabulary of ${formatCount(vocabulary.size)} leaves them out; `
          : ''
      }${formatPercent(neverSeenRate)} stand in no training row: only more training rows${
        tokenizer.unit === 'word' && recipe.task !== 'tagging'
          ? ', or characters as tokens, help'
          : ' help'
      } there.`,
      mends: helps ? [{ label: 'Keep every token', recipe: { ...recipe, tokenizer: larger } }] : [],
    },
  ];
}
