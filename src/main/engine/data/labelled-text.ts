/** From rows with a text and labels to what training needs: the end of preparing, for either task. */
import type { ClassificationRecipe, TaggingRecipe } from '#shared/data/recipe';
import { noEvidence } from '#shared/data/evidence';
import { findRepeats, textGroups } from './evidence.js';
import { previewTable, previewTokens, vocabularyReport, type Prepared } from './report.js';
import type { Source } from './source.js';
import { allRows, splitExamples, splitGroups, type Parts } from './split.js';
import type { Table } from './table.js';
import {
  encodeRows,
  requireTrainingClasses,
  rowOf,
  textDataset,
  textFacts,
  type ClassCounts,
  type IndexedRows,
  type TextDatasetInput,
} from './text-rows.js';
import { dateColumns } from './times.js';
import { tokenize, tokenizeItems } from './tokenizer.js';
import type { Dataset, LabelledRow } from './types.js';

export interface LabelledText {
  recipe: ClassificationRecipe | TaggingRecipe;
  source: Source;
  table: Table;
  texts: readonly string[];
  tokens: IndexedRows;
  /** Tokens of each row before truncation. */
  rawLengths: Int32Array;
  parts: Parts;
  labels: string[];
  classes: ClassCounts;
  targets: TextDatasetInput['targets'];
  targetText(row: number): string;
  raw(row: number): LabelledRow;
}

/** Rows that repeat each other's text go where the recipe wants them. */
export function splitRows(
  { split, duplicates }: LabelledText['recipe'],
  texts: readonly string[],
  classOf: Int32Array | null,
): Parts {
  return duplicates === 'keep'
    ? splitExamples(split, texts.length, classOf)
    : splitGroups(split, textGroups(texts), classOf, duplicates === 'drop' ? 'first' : 'all');
}

/** @throws StudioError `too-few-rows` where training would see a single class. */
export function prepareLabelledText(input: LabelledText): Prepared {
  const { recipe, source, table, texts, rawLengths, parts, labels, classes, targets } = input;
  requireTrainingClasses(classes, source.file);
  const encoded = encodeRows(recipe.tokenizer, input.tokens, parts);
  const part = (name: keyof Parts): Dataset =>
    textDataset({
      rows: encoded.rows,
      members: parts[name],
      targets,
      describe: (row) => ({ input: texts[row] ?? '', target: input.targetText(row) }),
    });
  const datasets = { train: part('train'), validation: part('validation'), test: part('test') };
  const used = allRows(parts);
  return {
    data: {
      facts: textFacts(recipe.task, encoded, parts, classes),
      preprocessing: { recipe, vocabulary: encoded.vocabulary.tokens, labels, scaler: null },
      ...datasets,
      raw: { kind: 'rows', row: (part, example) => input.raw(rowOf(parts[part], example)) },
    },
    report: {
      source,
      size: texts.length,
      unit: 'rows',
      periods: null,
      table: previewTable(table.columns, table.rows),
      tokenized: {
        column: recipe.textColumn,
        rows: previewTokens(
          texts,
          encoded.vocabulary,
          (text) =>
            recipe.task === 'tagging'
              ? tokenizeItems(recipe.tokenizer, text)
              : tokenize(recipe.tokenizer, text),
          {
            maximum: recipe.maximumTimeSteps,
            end: recipe.task === 'classification' ? recipe.truncate : 'end',
          },
        ),
      },
      vocabulary: vocabularyReport(encoded.vocabulary, encoded.unknownRate),
      classes,
      rawLengths: used.map((row) => rawLengths[row] ?? 0),
      trainingLengths: parts.train.map((row) => rawLengths[row] ?? 0),
      evidence: {
        ...noEvidence,
        repeats: findRepeats(textGroups(texts), input.targetText, parts),
        emptyTexts: used.filter((row) => rawLengths[row] === 0).length,
        neverSeenRate: encoded.neverSeenRate,
        dates: dateColumns(table),
      },
    },
  };
}
