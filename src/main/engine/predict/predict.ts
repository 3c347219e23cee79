/** What a trained network says of new input, in the terms of its task. */
import { StudioError } from '#shared/errors';
import type { ForecastRecipe } from '#shared/data/recipe';
import type { Prediction, PredictionInput, PredictionRequest } from '#shared/run/prediction';
import type { ModelInput } from '../compile/model.js';
import { encodeSeries, encodeText, unscaleTargets } from '../data/encode.js';
import type { Preprocessing } from '#shared/data/preprocessing';
import type { Batch, PreparedData } from '../data/types.js';
import { continuation, generateIds, nextTokens } from './generate.js';
import type { TrainedRun } from './load.js';
import { actualRows, rollOut } from './rollout.js';
import { infer, lastOf, rank, softmax, tokenInput } from './infer.js';

export interface PredictOptions {
  run: TrainedRun;
  request: PredictionRequest;
  /** The run's data; read only for `test-row`. */
  data: () => Promise<PreparedData>;
}

/** @throws StudioError `empty-text`, `wrong-input`, `series-too-short`, `series-shape`, `no-such-row`. */
export async function predict({ run, request, data }: PredictOptions): Promise<Prediction> {
  const { preprocessing } = run;
  const row = request.input.kind === 'test-row' ? await testRow(data, request.input.index) : null;
  const input = row ?? newInput(preprocessing, request.input);
  switch (preprocessing.recipe.task) {
    case 'classification':
      return classify(run, input, actualClass(row, run), await rowText(request.input, data));
    case 'tagging':
      return tag(run, input, await rowText(request.input, data));
    case 'next-token':
      return next(run, input, request);
    case 'forecast':
      return forecast(run, preprocessing.recipe, input, request, data);
  }
}

/** One row as the network reads it. @throws StudioError as `predict`. */
export async function readInput(
  { preprocessing }: TrainedRun,
  input: PredictionInput,
  data: () => Promise<PreparedData>,
): Promise<ModelInput> {
  return input.kind === 'test-row' ? testRow(data, input.index) : newInput(preprocessing, input);
}

const newInput = (preprocessing: Preprocessing, input: PredictionInput): ModelInput =>
  preprocessing.recipe.task === 'forecast'
    ? seriesInput(preprocessing, input)
    : textInput(preprocessing, input);

async function testRow(data: () => Promise<PreparedData>, index: number): Promise<Batch> {
  const { test: dataset } = await data();
  if (index >= dataset.size)
    throw new StudioError(
      'no-such-row',
      `There is no test row ${index}: the test part has ${dataset.size} rows.`,
      dataset.size === 0
        ? 'Give the project a test share above 0 and train again.'
        : `Choose one from 0 to ${dataset.size - 1}.`,
    );
  return dataset.batch([index]);
}

function textInput(preprocessing: Preprocessing, input: PredictionInput): ModelInput {
  if (input.kind !== 'text')
    throw new StudioError('wrong-input', 'This network reads text, not numbers.', 'Give a text.');
  if (input.text === '' || (!readsCharacters(preprocessing) && input.text.trim() === ''))
    throw new StudioError('empty-text', 'The text is empty.', 'Give at least one token.');
  const { ids } = encodeText(preprocessing, input.text);
  const { recipe } = preprocessing;
  // A next-token network was trained on windows: it sees as much of the text as a window holds.
  return tokenInput(recipe.task === 'next-token' ? ids.slice(-recipe.window) : ids);
}

const readsCharacters = ({ recipe }: Preprocessing): boolean =>
  recipe.task !== 'forecast' && recipe.tokenizer.unit === 'character';

function seriesInput(preprocessing: Preprocessing, input: PredictionInput): ModelInput {
  if (input.kind !== 'series')
    throw new StudioError(
      'wrong-input',
      'This network reads numbers, not text.',
      'Give rows of numbers, one number for each input column.',
    );
  const values = encodeSeries(preprocessing, input.rows);
  const features = values.length / input.rows.length;
  const { recipe } = preprocessing;
  const timeSteps = recipe.task === 'forecast' ? recipe.window : input.rows.length;
  return {
    size: 1,
    timeSteps,
    input: { kind: 'features', values: values.slice(-timeSteps * features), features },
    lengths: null,
  };
}

/** The text of a test row before it was tokenized and cut. */
async function rowText(
  input: PredictionInput,
  data: () => Promise<PreparedData>,
): Promise<string | null> {
  if (input.kind !== 'test-row') return null;
  const { raw } = await data();
  if (raw.kind !== 'rows') return null;
  const row = raw.row('test', input.index);
  return 'text' in row ? row.text : row.tokens.join(' ');
}

export function labelsOf({ labels }: Preprocessing): string[] {
  if (labels === null) throw new Error('a classifier’s preprocessing has no labels');
  return labels;
}

function actualClass(row: Batch | null, { preprocessing }: TrainedRun): string | null {
  if (row?.targets.kind !== 'class') return null;
  return labelsOf(preprocessing)[row.targets.ids[0] ?? -1] ?? null;
}

/** The texts of the tokens that the network saw. */
export function tokensOf(input: ModelInput, { vocabulary }: Preprocessing): string[] {
  if (input.input.kind !== 'tokens') return [];
  const length = input.lengths?.[0] ?? input.timeSteps;
  return Array.from(input.input.ids.subarray(0, length), (id) => vocabulary?.[id] ?? '<unk>');
}

async function classify(
  { model, preprocessing }: TrainedRun,
  input: ModelInput,
  actual: string | null,
  text: string | null,
): Promise<Prediction> {
  const { logits, attention } = await infer(model, input);
  const tokens = tokensOf(input, preprocessing);
  const ranked = rank(softmax(logits), labelsOf(preprocessing));
  return {
    kind: 'classification',
    label: ranked[0]?.label ?? '',
    ranked,
    tokens,
    attention,
    actual,
    text,
  };
}

async function tag(
  { model, preprocessing }: TrainedRun,
  input: ModelInput,
  text: string | null,
): Promise<Prediction> {
  const { logits, attention } = await infer(model, input);
  const labels = labelsOf(preprocessing);
  const tokens = tokensOf(input, preprocessing);
  return {
    kind: 'tagging',
    tokens,
    tags: tokens.map((_, step) => {
      const scores = logits.slice(step * labels.length, (step + 1) * labels.length);
      const [best] = rank(softmax(scores), labels);
      if (best === undefined) throw new Error('a tagger has no labels');
      return best;
    }),
    text,
    attention,
  };
}

async function next(
  run: TrainedRun,
  input: ModelInput,
  options: PredictionRequest,
): Promise<Prediction> {
  const { model, preprocessing } = run;
  if (input.input.kind !== 'tokens') throw new Error('a next-token network reads tokens');
  const { ids } = input.input;
  const { logits, attention } = await infer(model, input);
  return {
    kind: 'next-token',
    next: nextTokens(lastOf(logits, model), options, preprocessing),
    generated: continuation(preprocessing, ids, await generateIds(run, ids, options)),
    tokens: tokensOf(input, preprocessing),
    foreseen: model.program.head.perStep ? foreseen(logits, ids, preprocessing) : null,
    attention,
  };
}

/** @param logits [T·V]: those of a step are about the token behind it. */
function foreseen(logits: Float32Array, ids: Int32Array, { vocabulary }: Preprocessing) {
  const size = logits.length / ids.length;
  return Array.from(ids.subarray(1), (id, step) => {
    const probabilities = softmax(logits.subarray(step * size, (step + 1) * size));
    const best = probabilities.reduce((a, p, i) => (p > (probabilities[a] ?? 0) ? i : a), 0);
    return {
      probability: probabilities[id] ?? 0,
      expected: { label: vocabulary?.[best] ?? '', probability: probabilities[best] ?? 0 },
    };
  });
}

async function forecast(
  { model, preprocessing }: TrainedRun,
  recipe: ForecastRecipe,
  row: ModelInput,
  { input, horizon }: PredictionRequest,
  data: () => Promise<PreparedData>,
): Promise<Prediction> {
  if (row.input.kind !== 'features') throw new Error('a forecast reads numbers');
  const steps = horizon ?? recipe.horizon;
  const { attention } = await infer(model, row);
  const predicted = await rollOut(model, recipe, row.input.values, steps);
  return {
    kind: 'forecast',
    targets: recipe.targetColumns,
    values: unscaleTargets(preprocessing, predicted),
    history: history(recipe, row, preprocessing),
    actual: input.kind === 'test-row' ? actualOf(await data(), recipe, input.index, steps) : null,
    attention,
  };
}

function actualOf(
  data: PreparedData,
  recipe: ForecastRecipe,
  index: number,
  steps: number,
): number[][] {
  const start = data.raw.kind === 'series' ? (data.raw.starts.test[index] ?? 0) : 0;
  return actualRows(data, recipe, start + recipe.window, steps);
}

/** The target columns of the window, [time][target] in own units; empty where a target is no input. */
function history(
  recipe: ForecastRecipe,
  { input, timeSteps }: ModelInput,
  preprocessing: Preprocessing,
): number[][] {
  if (input.kind !== 'features') return [];
  const { values, features } = input;
  const columns = recipe.targetColumns.map((name) => recipe.inputColumns.indexOf(name));
  if (columns.includes(-1)) return [];
  const scaled = Float32Array.from({ length: timeSteps * columns.length }, (_, i) => {
    const column = columns[i % columns.length] ?? 0;
    return values[Math.floor(i / columns.length) * features + column] ?? 0;
  });
  return unscaleTargets(preprocessing, scaled);
}
