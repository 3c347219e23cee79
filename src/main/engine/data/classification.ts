/** Classification data: one text and one label in each row of a table. */
import type { ClassificationRecipe } from '#shared/data/recipe';
import { StudioError } from '#shared/errors';
import { prepareLabelledText, splitRows } from './labelled-text.js';
import type { Prepared } from './report.js';
import type { Source } from './source.js';
import { requireFilled } from './split.js';
import { columnIndex, readTable, type Table } from './table.js';
import { countClasses, requireClasses, sortedLabels } from './text-rows.js';
import { TokenIndex, tokenize, truncate } from './tokenizer.js';

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

  const parts = splitRows(recipe, texts, classOf);
  requireFilled(parts, recipe.split, 'rows', source.file);
  const classes = countClasses(
    labels,
    (part, count) => part.forEach((row) => count(classOf[row] ?? 0)),
    parts,
  );

  const rawLengths = new Int32Array(texts.length);
  const index = new TokenIndex();
  const rows = texts.map((text, row) => {
    const all = tokenize(recipe.tokenizer, text);
    rawLengths[row] = all.length;
    return index.idsOf(truncate(all, recipe.maximumTimeSteps, recipe.truncate));
  });
  return prepareLabelledText({
    recipe,
    source,
    table,
    texts,
    tokens: { index, rows },
    rawLengths,
    parts,
    labels,
    classes,
    targets: { kind: 'class', ids: classOf },
    targetText: (row) => names[row] ?? '',
    raw: (row) => ({ text: texts[row] ?? '', label: names[row] ?? '' }),
  });
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
