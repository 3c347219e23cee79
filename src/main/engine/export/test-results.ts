/** What a trained network says of its test part, for the report and the Train view. */
import * as tf from '@tensorflow/tfjs-core';
import { StudioError } from '#shared/errors';
import { greedy } from '#shared/run/prediction';
import {
  resultsSchema,
  type ClassResults,
  type ForecastResults,
  type Results,
  type TextResults,
} from '#shared/run/results';
import type { Preprocessing } from '#shared/data/preprocessing';
import type { Model } from '../compile/model.js';
import { decodeTokens, encodeText, unscaleTargets } from '../data/encode.js';
import { shorten } from '../data/report.js';
import { partNames } from '../data/split.js';
import type { Batch, Dataset, PreparedData } from '../data/types.js';
import { continuation, generateIds } from '../predict/generate.js';
import { softmax } from '../predict/infer.js';
import type { TrainedRun } from '../predict/load.js';
import { yieldToEventLoop } from '../train/control.js';
import { evaluationBatches } from '../train/order.js';

const batchSize = 64;
/** Mistakes that are shown, and characters of each. */
const shownMistakes = 8;
const shownCharacters = 220;

/** Null where there is no test part to ask about. */
export async function testResults(run: TrainedRun, data: PreparedData): Promise<Results | null> {
  const { recipe } = run.preprocessing;
  if (recipe.task === 'next-token') return textResults(run, data);
  if (data.test.size === 0) return null;
  return recipe.task === 'forecast'
    ? forecastResults(run, data.test, recipe.targetColumns)
    : classResults(run, data.test);
}

/**
 * The same for the window.
 * @throws StudioError `data-changed`, `not-finite`.
 */
export async function finiteResults(run: TrainedRun, data: PreparedData): Promise<Results | null> {
  if (JSON.stringify(data.preprocessing) !== JSON.stringify(run.preprocessing))
    throw new StudioError(
      'data-changed',
      'The data changed since the run was trained.',
      'Put the earlier file back, or train again on the new one.',
    );
  const results = await testResults(run, data);
  // Weights that diverged answer with NaN, which no chart can show.
  if (results !== null && !resultsSchema.safeParse(results).success)
    throw new StudioError(
      'not-finite',
      'The network answers with numbers that are not finite.',
      'Train again with a smaller learning rate or with gradient clipping.',
    );
  return results;
}

/** The logits of every batch, [B·…, outputs]. */
async function forEachBatch(
  model: Model,
  dataset: Dataset,
  use: (logits: Float32Array, batch: Batch, indices: readonly number[]) => void,
): Promise<void> {
  for (const indices of evaluationBatches(dataset.lengths, batchSize)) {
    await yieldToEventLoop();
    const batch = dataset.batch(indices);
    const logits = tf.tidy(() => tf.clone(model.forward(batch, null).logits));
    use(Float32Array.from(await logits.data()), batch, indices);
    logits.dispose();
  }
}

async function classResults(
  { model, preprocessing }: TrainedRun,
  test: Dataset,
): Promise<ClassResults> {
  const labels = preprocessing.labels ?? [];
  const { perStep, outputs } = model.program.head;
  const counts = labels.map(() => labels.map(() => 0));
  const perRow = Array.from({ length: test.size }, () => ({ right: 0, total: 0 }));
  const mistakes: { index: number; step: number; actual: number; predicted: number; p: number }[] =
    [];
  await forEachBatch(model, test, (logits, { targets, timeSteps, lengths }, indices) => {
    if (targets.kind === 'values') throw new Error('a classifier has labels as targets');
    const steps = perStep ? timeSteps : 1;
    indices.forEach((index, row) => {
      const real = perStep ? (lengths?.[row] ?? timeSteps) : 1;
      for (let step = 0; step < real; step++) {
        const at = row * steps + step;
        const probabilities = softmax(logits.subarray(at * outputs, (at + 1) * outputs));
        const p = Math.max(...probabilities);
        const predicted = probabilities.indexOf(p);
        const actual = targets.ids[at] ?? 0;
        const line = counts[actual];
        if (line !== undefined) line[predicted] = (line[predicted] ?? 0) + 1;
        const answers = perRow[index];
        if (answers !== undefined) {
          answers.total += 1;
          if (predicted === actual) answers.right += 1;
        }
        if (predicted !== actual) mistakes.push({ index, step, actual, predicted, p });
      }
    });
  });
  const label = (id: number): string => labels[id] ?? String(id);
  mistakes.sort((a, b) => b.p - a.p);
  return {
    kind: 'classes',
    unit: perStep ? 'token' : 'row',
    labels,
    counts,
    perRow,
    mistakes: mistakes.slice(0, shownMistakes).map(({ index, step, actual, predicted, p }) => {
      const { input } = test.describe(index);
      const words = perStep ? marked(input, step) : input;
      return {
        row: index,
        text: shorten(words.replace(/\s+/g, ' ').trim(), shownCharacters),
        actual: label(actual),
        predicted: label(predicted),
        probability: p,
      };
    }),
  };
}

/** The token and what stands around it. */
function marked(text: string, step: number): string {
  const tokens = text.split(/\s+/);
  const around = tokens.slice(Math.max(0, step - 4), step + 5).join(' ');
  return `“${tokens[step] ?? ''}” in “${around}”`;
}

async function forecastResults(
  { model, preprocessing }: TrainedRun,
  test: Dataset,
  names: readonly string[],
): Promise<ForecastResults> {
  const rows = new Map<number, Record<'actual' | 'predicted' | 'persistence', number[][]>>();
  await forEachBatch(model, test, (logits, { targets }, indices) => {
    if (targets.kind !== 'values') throw new Error('a forecast has values as targets');
    const size = logits.length / indices.length;
    indices.forEach((index, row) => {
      const own = (values: Float32Array): number[][] =>
        unscaleTargets(preprocessing, values.slice(row * size, (row + 1) * size));
      rows.set(index, {
        actual: own(targets.values),
        predicted: own(logits),
        persistence: own(targets.persistence),
      });
    });
  });
  const inOrder = [...rows.keys()].sort((a, b) => a - b).flatMap((index) => rows.get(index) ?? []);
  const horizon = inOrder[0]?.actual.length ?? 1;
  const steps = Array.from({ length: horizon }, (_, step) => step);
  return {
    kind: 'forecast',
    horizon,
    targets: names.map((name, target) => {
      const value = (values: number[][], step: number): number => values[step]?.[target] ?? NaN;
      const mean = (of: (row: (typeof inOrder)[number]) => number): number =>
        inOrder.reduce((sum, row) => sum + of(row), 0) / inOrder.length;
      return {
        name,
        actual: inOrder.map(({ actual }) => value(actual, 0)),
        predicted: inOrder.map(({ predicted }) => value(predicted, 0)),
        byStep: steps.map((step) => {
          const error = (row: (typeof inOrder)[number], of: 'predicted' | 'persistence') =>
            value(row[of], step) - value(row.actual, step);
          return {
            meanAbsolute: mean((row) => Math.abs(error(row, 'predicted'))),
            rootMeanSquared: Math.sqrt(mean((row) => error(row, 'predicted') ** 2)),
            persistence: mean((row) => Math.abs(error(row, 'persistence'))),
          };
        }),
      };
    }),
  };
}

const temperatures = [0, 0.8];

/** Goes on from the first half of a window in the middle of the test part. */
async function textResults(run: TrainedRun, data: PreparedData): Promise<TextResults | null> {
  const { preprocessing } = run;
  const part = partNames.toReversed().find((name) => data[name].size > 0);
  if (part === undefined || data.raw.kind !== 'text') return null;
  const start = data.raw.starts[part][Math.floor(data[part].size / 2)] ?? 0;
  const { ids } = encodeText(preprocessing, data.raw.window(start));
  const prompt = ids.slice(0, Math.ceil(ids.length / 2));
  const samples: TextResults['samples'] = [];
  for (const temperature of temperatures) {
    const made = await generateIds(run, prompt, {
      length: lengthOf(preprocessing),
      ...greedy,
      temperature,
    });
    samples.push({
      temperature,
      prompt: decodeTokens(preprocessing, prompt),
      text: continuation(preprocessing, prompt, made),
    });
  }
  return { kind: 'text', heldOut: part !== 'train', samples };
}

/** Some lines of text. */
const lengthOf = ({ recipe }: Preprocessing): number =>
  recipe.task === 'next-token' && recipe.tokenizer.unit === 'word' ? 80 : 320;
