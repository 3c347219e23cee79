/** Tagging data: a text and as many labels as it has items between white space, in each row of a table. */
import type { TaggingRecipe } from '#shared/data/recipe';
import { StudioError } from '#shared/errors';
import { prepareLabelledText, splitRows } from './labelled-text.js';
import { plural, type Prepared } from './report.js';
import type { Source } from './source.js';
import { requireFilled } from './split.js';
import { columnIndex, readTable, type Table } from './table.js';
import { countClasses, requireClasses, sortedLabels } from './text-rows.js';
import { splitItems, TokenIndex, tokenizeItems, truncate } from './tokenizer.js';

/**
 * @throws StudioError as `readTable`, and `missing-column`, `missing-label`, `tag-count`,
 * `one-class-only`, `too-few-rows`, `split-without-classes`.
 */
export function prepareTagging(recipe: TaggingRecipe, source: Source): Prepared {
  const table = readTable(source, recipe.format);
  const { texts, tags } = readTags(table, recipe);
  const labels = sortedLabels(tags.flat());
  requireClasses(labels, source.file, recipe.labelColumn);
  const labelIds = new Map(labels.map((label, id) => [label, id]));

  const parts = splitRows(recipe, texts, null);
  requireFilled(parts, recipe.split, 'rows', source.file);
  const rawLengths = Int32Array.from(tags, (row) => row.length);
  const kept = tags.map((row) => truncate(row, recipe.maximumTimeSteps, 'end'));
  const targets = kept.map((row) => Int32Array.from(row, (tag) => labelIds.get(tag) ?? 0));
  const classes = countClasses(
    labels,
    (part, count) => part.forEach((row) => targets[row]?.forEach(count)),
    parts,
  );

  const index = new TokenIndex();
  const rows = texts.map((text) =>
    index.idsOf(truncate(tokenizeItems(recipe.tokenizer, text), recipe.maximumTimeSteps, 'end')),
  );
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
    targets: { kind: 'steps', ids: targets },
    targetText: (row) => kept[row]?.join(' ') ?? '',
    raw: (row) => ({ tokens: splitItems(texts[row] ?? ''), tags: tags[row] ?? [] }),
  });
}

function readTags(table: Table, recipe: TaggingRecipe): { texts: string[]; tags: string[][] } {
  const textAt = columnIndex(table, recipe.textColumn, 'data.textColumn');
  const labelAt = columnIndex(table, recipe.labelColumn, 'data.labelColumn');
  const texts = table.rows.map((cells) => cells[textAt] ?? '');
  const tags = table.rows.map((cells, row) => {
    const place = {
      file: table.file,
      line: table.lines[row] ?? 1,
      column: recipe.labelColumn,
    };
    const labels = splitItems(cells[labelAt] ?? '');
    const items = splitItems(texts[row] ?? '');
    if (labels.length === 0) {
      throw new StudioError(
        'missing-label',
        'This row has no labels.',
        'Write one label for each token, or remove the row.',
        place,
      );
    }
    if (labels.length !== items.length) {
      throw new StudioError(
        'tag-count',
        `This row has ${plural(items.length, 'token')} but ${plural(labels.length, 'label')}.`,
        'Write exactly one label for each token; both are separated by spaces.',
        place,
      );
    }
    return labels;
  });
  return { texts, tags };
}
