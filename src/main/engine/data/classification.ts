/** Classification data: one text and one label in each row of a table. */
import type { ClassificationRecipe } from '#shared/data/recipe';
import { StudioError } from '#shared/errors';
import {
  plural,
  previewTable,
  tinyPartWarnings,
  unknownWarnings,
  vocabularyReport,
  type Prepared,
  type Warning,
} from './report.js';
import type { Source } from './source.js';
import { requireFilled, splitExamples, type Parts } from './split.js';
import { columnIndex, readTable, type Table } from './table.js';
import {
  classWarnings,
  countClasses,
  duplicateWarnings,
  encodeRows,
  requireClasses,
  requireTrainingClasses,
  sortedLabels,
  textDataset,
  textFacts,
  truncationWarnings,
} from './text-rows.js';
import { tokenize, truncate } from './tokenizer.js';
import type { Dataset } from './types.js';

/**
 * @throws StudioError as `readTable`, and `missing-column`, `missing-label`, `one-class-only`,
 * `too-few-rows`.
 */
export function prepareClassification(recipe: ClassificationRecipe, source: Source): Prepared {
  const table = readTable(source, recipe.format);
  const textAt = columnIndex(table, recipe.textColumn, 'data.textColumn');
  const texts = table.rows.map((cells) => cells[textAt] ?? '');
  const names = readLabels(table, recipe.labelColumn);
  const labels = sortedLabels(names);
  requireClasses(labels, source.file, recipe.labelColumn);
  const labelIds = new Map(labels.map((label, id) => [label, id]));
  const classOf = Int32Array.from(names, (name) => labelIds.get(name) ?? 0);

  const parts = splitExamples(recipe.split, texts.length, classOf);
  requireFilled(parts, recipe.split, 'rows', source.file);
  const classes = countClasses(
    labels,
    (part, count) => part.forEach((row) => count(classOf[row] ?? 0)),
    parts,
  );
  requireTrainingClasses(classes, source.file);

  const rawLengths = new Int32Array(texts.length);
  const tokens = texts.map((text, row) => {
    const all = tokenize(recipe.tokenizer, text);
    rawLengths[row] = all.length;
    return truncate(all, recipe.maximumTimeSteps, recipe.truncate);
  });
  const encoded = encodeRows(recipe.tokenizer, tokens, parts);
  const part = (name: keyof Parts): Dataset =>
    textDataset({
      rows: encoded.rows,
      members: parts[name],
      targets: { kind: 'class', ids: classOf },
      describe: (row) => ({ input: texts[row] ?? '', target: names[row] ?? '' }),
    });
  const datasets = { train: part('train'), validation: part('validation'), test: part('test') };
  return {
    data: {
      facts: textFacts('classification', encoded, parts, labels),
      preprocessing: { recipe, vocabulary: encoded.vocabulary.tokens, labels, scaler: null },
      ...datasets,
    },
    report: {
      source,
      size: texts.length,
      unit: 'rows',
      table: previewTable(table.columns, table.rows),
      vocabulary: vocabularyReport(encoded.vocabulary, encoded.unknownRate),
      classes,
      rawLengths,
      warnings: [
        ...classWarnings(classes),
        ...truncationWarnings(rawLengths, recipe.maximumTimeSteps),
        ...duplicateWarnings(texts, parts),
        ...unknownWarnings(encoded.unknownRate),
        ...emptyTextWarnings(rawLengths),
        ...tinyPartWarnings(datasets),
      ],
    },
  };
}

function readLabels(table: Table, column: string): string[] {
  const index = columnIndex(table, column, 'data.labelColumn');
  return table.rows.map((cells, row) => {
    const label = (cells[index] ?? '').trim();
    if (label !== '') return label;
    throw new StudioError(
      'missing-label',
      'This row has no label.',
      'Write its class, or remove the row.',
      { file: table.file, line: table.lines[row] ?? 1, column },
    );
  });
}

function emptyTextWarnings(rawLengths: Int32Array): Warning[] {
  const empty = rawLengths.reduce((sum, length) => sum + (length === 0 ? 1 : 0), 0);
  if (empty === 0) return [];
  return [
    {
      code: 'empty-text',
      message: `${plural(empty, 'row')} without text: the network sees one <unk> instead.`,
      hint: 'Remove them, unless an empty text means something.',
    },
  ];
}
