/** Labels: one that dominates, ones that training never sees, and how far a score can be trusted. */
import { formatCount, formatPercent, formatPlural } from '../../format.js';
import { namedWeights, weightsText, type ClassWeighting } from '../../training/class-weights.js';
import type { DataPreview } from '../facts.js';
import type { ClassificationRecipe, TaggingRecipe } from '../recipe.js';
import type { Finding, Mend } from './types.js';

type LabelledText = ClassificationRecipe | TaggingRecipe;

export function classFindings(
  recipe: LabelledText,
  { classes, facts }: DataPreview,
  training: ClassWeighting,
): Finding[] {
  const sized = classes.map((entry) => ({
    ...entry,
    total: entry.train + entry.validation + entry.test,
  }));
  const all = sized.reduce((sum, { total }) => sum + total, 0);
  const found: Finding[] = [];
  const largest = sized.reduce((most, entry) => (entry.total > most.total ? entry : most), {
    label: '',
    total: 0,
  });
  const share = largest.total / all;
  const weights = namedWeights(training, facts);
  const split = stratify(recipe);
  if (share > 0.8)
    found.push({
      code: 'class-imbalance',
      severity: weights === null ? 'warning' : 'note',
      place: 'classes',
      title: `“${largest.label}” dominates: ${formatPercent(share)} of all labels.`,
      explanation: [
        `Always answering “${largest.label}” has an accuracy of ${formatPercent(share)} and has learned nothing. Compare with it, and look at precision and recall of the other ${classes.length === 2 ? 'class' : 'classes'} in the results.`,
        ...(split.length > 0 ? ['A stratified split keeps the same share in every part.'] : []),
        weights === null
          ? 'With class weights, training takes a rare class as seriously as a common one: mostly it finds more of it (recall) and is wrong about it more often (precision).'
          : `Training weighs the classes: ${weightsText(weights)}.`,
      ].join(' '),
      mends: [...(weights === null ? [weigh] : []), ...split],
    });
  const unseen = sized.filter(({ train }) => train === 0).map(({ label }) => `“${label}”`);
  if (unseen.length > 0)
    found.push({
      code: 'class-without-training-rows',
      severity: 'warning',
      place: 'classes',
      title: `No training row has the label ${unseen.slice(0, 5).join(', ')}${unseen.length > 5 ? ` or ${unseen.length - 5} others` : ''}.`,
      explanation:
        'The network cannot learn what it never sees: it will be wrong on each of them. Split stratified, or merge or remove rare classes.',
      mends: stratify(recipe),
    });
  if (classes.length > 20 && classes.length > all / 2)
    found.push({
      code: 'many-classes',
      severity: 'warning',
      place: 'classes',
      title: `${formatCount(all)} labels are of ${formatCount(classes.length)} different classes.`,
      explanation: 'Is this the right label column? It looks like numbers, names or text.',
      mends: [],
    });
  return found;
}

const weigh: Mend = { label: 'Weigh classes', training: { classWeights: 'balanced' } };

function stratify(recipe: LabelledText): Mend[] {
  if (recipe.task !== 'classification' || recipe.split.method === 'stratified') return [];
  const split = { ...recipe.split, method: 'stratified' as const };
  return [{ label: 'Split stratified', recipe: { ...recipe, split } }];
}

/** Half the width of the 95 % interval around an accuracy on that many rows (normal approximation). */
export const accuracyMargin = (accuracy: number, rows: number): number =>
  1.96 * Math.sqrt((accuracy * (1 - accuracy)) / rows);

/** Of a percentage. */
const points = (share: number): string => `${(share * 100).toFixed(1)} points`;

const shownAccuracy = 0.9;
/** Few improvements are larger. */
const coarse = 0.03;
const largerTest = 0.3;

/** A classifier is measured with its test rows: few of them measure coarsely. */
export function precisionFindings(
  recipe: ClassificationRecipe,
  { facts: { examples } }: DataPreview,
): Finding[] {
  const { test } = examples;
  const margin = accuracyMargin(shownAccuracy, test);
  if (test === 0 || margin <= coarse) return [];
  const { split } = recipe;
  const total = examples.train + examples.validation + test;
  const more = Math.round(total * largerTest);
  return [
    {
      code: 'coarse-test',
      severity: test < 100 ? 'warning' : 'note',
      place: 'source',
      title: `${formatPlural(test, 'test row')} ${test === 1 ? 'tells' : 'tell'} an accuracy of 90 % to ± ${points(margin)} only.`,
      explanation: `Two networks that differ by less cannot be told apart (95 % interval). One row more or less is ${formatPercent(1 / test)}. It takes four times the rows to halve the margin.`,
      mends:
        split.test < largerTest && split.validation + largerTest < 0.7
          ? [
              {
                label: `Test on ${formatPercent(largerTest, 0)}: ± ${points(accuracyMargin(shownAccuracy, more))}`,
                recipe: { ...recipe, split: { ...split, test: largerTest } },
              },
            ]
          : [],
    },
  ];
}
