/** From a first look at a file to a recipe to start on, and why. Pure; the person changes the rest. */
import type { FileDescription } from '#shared/data/facts';
import type { DataRecipe, SplitRecipe, Task } from '#shared/data/recipe';

type Column = FileDescription['columns'][number];

export type Suggestion =
  | { recipe: DataRecipe; why: string }
  /** Why no task fits the file. */
  | { recipe: null; why: string };

const inOrder: SplitRecipe = { validation: 0.1, test: 0.1, method: 'in order', seed: 7 };
const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, Math.floor(value)));
const quoted = (names: readonly string[]): string => names.map((name) => `“${name}”`).join(', ');

const labelNames =
  /^(label|class|category|target|sentiment|intent|topic|rating|stars|tags?|labels|ner|pos|y)$/i;
const tagNames = /^(tags|labels|ner|pos|ner_tags|pos_tags)$/i;
const textNames = /^(text|sentence|review|message|body|content|comment|document|tokens|words|x)$/i;
const targetNames =
  /^(target|y|value|price|close|sales|demand|load|count|births|temp_max|temperature)$/i;
/** Numbers that count rows carry nothing to learn. */
const counterNames = /^(id|index|idx|row|no|nr|number|unnamed.*|)$/i;

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');
const meanLength = ({ samples }: Column): number =>
  samples.reduce((sum, sample) => sum + sample.length, 0) / Math.max(1, samples.length);

function textColumn(columns: readonly Column[]): Column | null {
  const texts = columns.filter(({ kind }) => kind === 'text');
  return (
    texts.find(({ name }) => textNames.test(name)) ??
    [...texts].sort((a, b) => meanLength(b) - meanLength(a))[0] ??
    // A table of few rows has so few distinct texts that they look like categories.
    columns.find(({ name, kind }) => kind === 'category' && textNames.test(name)) ??
    null
  );
}

function labelColumn(columns: readonly Column[], text: Column, rows: number): Column | null {
  const most = clamp(rows / 2, 2, 200);
  const candidates = columns.filter(
    (column) =>
      column !== text && column.kind !== 'time' && column.distinct >= 2 && column.distinct <= most,
  );
  return (
    candidates.find(({ name }) => labelNames.test(name)) ??
    candidates
      .filter(({ kind }) => kind === 'category')
      .sort((a, b) => a.distinct - b.distinct)[0] ??
    candidates.find(({ kind, distinct }) => kind === 'number' && distinct <= 10) ??
    null
  );
}

/** A column with one label for each token of the text. */
function tagColumn(columns: readonly Column[], text: Column): Column | null {
  return (
    columns.find(
      (column) =>
        column !== text &&
        tagNames.test(column.name) &&
        column.kind === 'text' &&
        column.samples.length > 0 &&
        column.samples.every(
          (sample, index) => words(sample).length === words(text.samples[index] ?? '').length,
        ) &&
        column.samples.some((sample) => words(sample).length > 1),
    ) ?? null
  );
}

const seriesColumns = (columns: readonly Column[]): Column[] =>
  columns.filter(({ kind, name }) => kind === 'number' && !counterNames.test(name));

/** Room for the longest row seen, and some: the preview says what is cut. */
function timeStepsFor(text: Column): number {
  const longest = Math.max(1, ...text.samples.map((sample) => words(sample).length));
  return clamp(longest * 1.5, 16, 200);
}

const wordTokens = (rows: number) => ({
  unit: 'word' as const,
  lowercase: true,
  vocabularyLimit: 10_000,
  minimumCount: rows > 1000 ? 2 : 1,
});

/** A recipe for one task on this file; null where the file has not the columns for it. */
export function recipeForTask(task: Task, file: FileDescription): DataRecipe | null {
  const source = { kind: 'file' as const, path: file.path };
  const { columns, rows } = file;
  if (task === 'next-token') {
    const short = file.bytes < 500;
    const window = clamp(file.bytes / 8, 1, 64);
    return {
      task,
      source,
      tokenizer: { unit: 'character', lowercase: false, vocabularyLimit: null, minimumCount: 1 },
      window,
      stride: short ? 1 : window,
      limit: file.bytes > 1_000_000 ? 400_000 : null,
      split: short ? { ...inOrder, validation: 0, test: 0 } : inOrder,
    };
  }
  if (task === 'forecast') {
    const numbers = seriesColumns(columns);
    const target = numbers.find(({ name }) => targetNames.test(name)) ?? numbers.at(-1);
    if (target === undefined) return null;
    return {
      task,
      source,
      format: 'auto',
      timeColumn: columns.find(({ kind }) => kind === 'time')?.name ?? null,
      sortByTime: false,
      inputColumns: numbers.map(({ name }) => name),
      targetColumns: [target.name],
      window: clamp(rows / 20, 2, 30),
      stride: 1,
      horizon: 1,
      scaler: 'standard',
      split: { ...inOrder, test: 0.2 },
    };
  }
  const text = textColumn(columns);
  if (text === null) return null;
  const shared = {
    source,
    format: 'auto' as const,
    textColumn: text.name,
    tokenizer: wordTokens(rows),
    maximumTimeSteps: timeStepsFor(text),
    duplicates: 'keep' as const,
  };
  if (task === 'tagging') {
    const tags = tagColumn(columns, text) ?? columns.find((column) => column !== text);
    if (tags === undefined) return null;
    return {
      task,
      ...shared,
      labelColumn: tags.name,
      split: { validation: 0.1, test: 0.2, method: 'random', seed: 7 },
    };
  }
  const label = labelColumn(columns, text, rows) ?? columns.find((column) => column !== text);
  if (label === undefined) return null;
  return {
    task,
    ...shared,
    labelColumn: label.name,
    truncate: 'end',
    split: { validation: 0.1, test: 0.2, method: 'stratified', seed: 7 },
  };
}

function taskFor(file: FileDescription): { task: Task; why: string } | null {
  if (file.format === 'text')
    return {
      task: 'next-token',
      why:
        file.bytes > 1_000_000
          ? 'A text: predict the next character. It is long, so the first 400,000 characters are used.'
          : 'A text: predict the next character.',
    };
  const text = textColumn(file.columns);
  if (text !== null) {
    const tags = tagColumn(file.columns, text);
    if (tags !== null)
      return {
        task: 'tagging',
        why: `${quoted([tags.name])} has one label for each word of ${quoted([text.name])}: tag each token.`,
      };
    const label = labelColumn(file.columns, text, file.rows);
    if (label !== null)
      return {
        task: 'classification',
        why: `Classify ${quoted([text.name])} into the ${label.distinct} values of ${quoted([label.name])}.`,
      };
  }
  const numbers = seriesColumns(file.columns);
  if (numbers.length > 0)
    return {
      task: 'forecast',
      why: `Forecast from ${numbers.length === 1 ? 'the number column' : 'the number columns'} ${quoted(numbers.slice(0, 4).map(({ name }) => name))}${numbers.length > 4 ? ' and others' : ''}.`,
    };
  return null;
}

export function suggestRecipe(file: FileDescription): Suggestion {
  const found = taskFor(file);
  if (found === null)
    return {
      recipe: null,
      why: `No task fits ${quoted(file.columns.map(({ name }) => name))}: a classification needs a text and a label column, a forecast needs numbers.`,
    };
  const recipe = recipeForTask(found.task, file);
  if (recipe === null) throw new Error(`no recipe for the task ${found.task} that was found`);
  return { recipe, why: found.why };
}
