/** Windows over a text or a series: what a test must not have seen before. */
import { formatCount, formatPercent, formatPlural } from '../../format.js';
import type { DataEvidence } from '../evidence.js';
import type { DataPreview } from '../facts.js';
import type { ForecastRecipe, NextTokenRecipe } from '../recipe.js';
import type { Finding, Mend } from './types.js';

export function overlapFindings(recipe: NextTokenRecipe, preview: DataPreview): Finding[] {
  const { overlap } = preview.evidence;
  if (overlap === null || overlap.windows === 0) return [];
  const stride = recipe.window + 1;
  return [
    {
      code: 'overlapping-windows',
      severity: 'warning',
      place: 'source',
      title: `${sharing(overlap)} tokens with training windows.`,
      explanation: `Windows of ${recipe.window} tokens start every ${recipe.stride}, and the split is random: the network is tested on text that it was trained on and may know by heart.`,
      mends: [splitInOrder(recipe), { label: `Stride ${stride}`, recipe: { ...recipe, stride } }],
    },
  ];
}

/** Windows that stand apart look ahead too: those to train on lie after those of the test. */
function lookAheadFindings(recipe: ForecastRecipe, { evidence }: DataPreview): Finding[] {
  const { overlap } = evidence;
  if (overlap === null) return [];
  const title =
    overlap.windows === 0
      ? 'The split looks ahead: windows are dealt out at random, whatever their time.'
      : `${sharing(overlap)} rows with training windows: the split looks ahead.`;
  const scaled = recipe.scaler === 'none' ? '' : ' The scaler was fitted on such rows too.';
  return [
    {
      code: 'random-series-split',
      severity: 'warning',
      place: 'source',
      title,
      explanation: `The network has trained on the rows before and after those of its test, so the scores say nothing about a future it has not seen.${scaled} Split in order: train on the past, test on what comes after.`,
      mends: [splitInOrder(recipe)],
    },
  ];
}

const sharing = ({ windows, heldOut }: NonNullable<DataEvidence['overlap']>): string =>
  `${formatCount(windows)} of ${formatPlural(heldOut, 'validation and test window')} share`;

function splitInOrder(recipe: NextTokenRecipe | ForecastRecipe): Mend {
  const split = { ...recipe.split, method: 'in order' as const };
  return { label: 'Split in order', recipe: { ...recipe, split } };
}

export function seriesFindings(recipe: ForecastRecipe, preview: DataPreview): Finding[] {
  const { copies, constantColumns } = preview.evidence;
  const without = (name: string): Mend[] => {
    const inputColumns = recipe.inputColumns.filter((column) => column !== name);
    if (inputColumns.length === 0 || inputColumns.length === recipe.inputColumns.length) return [];
    return [{ label: `Leave out “${name}”`, recipe: { ...recipe, inputColumns } }];
  };
  return [
    ...lookAheadFindings(recipe, preview),
    ...copies.map(({ input, target, shift }): Finding =>
      shift === 0
        ? {
            code: 'copied-column',
            severity: 'note',
            place: 'source',
            title: `“${input}” is “${target}” over again.`,
            explanation:
              'The two columns move as one in every row. The network sees the past of its target, which is fair, but the second copy tells it nothing.',
            mends: recipe.inputColumns.includes(target) ? without(input) : [],
          }
        : {
            code: 'leaking-column',
            severity: 'warning',
            place: 'source',
            title: `“${input}” gives away “${target}” ${formatPlural(shift, 'row')} ahead.`,
            explanation: `Its value moves exactly as “${target}” does ${formatPlural(shift, 'row')} later (correlation 1.0): the answer stands in the input. When the network is used that value will not be there yet, so its scores cannot be believed.`,
            mends: without(input),
          },
    ),
    ...constantColumns.map((name): Finding => ({
      code: 'constant-column',
      severity: 'warning',
      place: 'source',
      title: `“${name}” has the same value in all training rows.`,
      explanation:
        'It tells the network nothing. Leave it out, or train on a longer part of the series.',
      mends: without(name),
    })),
  ];
}

/** Results on a handful of windows are mostly chance. */
const tinyPart = 30;

export function tinyFindings(
  { facts: { examples } }: DataPreview,
  noun: string,
  parts: readonly ('validation' | 'test')[] = ['validation', 'test'],
): Finding[] {
  return parts
    .filter((part) => examples[part] > 0 && examples[part] < tinyPart)
    .map((part) => ({
      code: 'tiny-part',
      severity: 'note',
      place: 'source',
      title: `The ${part} part has only ${formatPlural(examples[part], noun)}.`,
      explanation: `One ${noun} more or less moves its score by up to ${formatPercent(1 / examples[part])}: read it with care, or give the part a larger share.`,
      mends: [],
    }));
}
