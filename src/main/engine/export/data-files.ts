/** `data/` of an export: the rows that a run was trained and tested on, as they were before encoding. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { partNames } from '../data/split.js';
import type { PreparedData } from '../data/types.js';
import { fileError, makeFolder, writeWhole } from '../train/files.js';

/**
 * Labelled text: `train.jsonl`, `validation.jsonl`, `test.jsonl`. Next token: `text.txt`; forecast:
 * `series.csv`; both with the starts of each part's windows in `splits.json`.
 *
 * @throws StudioError `disk-full` or `folder-not-writable`.
 */
export async function writeData(
  folder: string,
  { raw, train, validation, test }: PreparedData,
): Promise<void> {
  await makeFolder(folder);
  switch (raw.kind) {
    case 'rows': {
      const sizes = { train: train.size, validation: validation.size, test: test.size };
      for (const part of partNames) {
        const row = (example: number): string => `${JSON.stringify(raw.row(part, example))}\n`;
        await writeLines(join(folder, `${part}.jsonl`), sizes[part], row);
      }
      return;
    }
    case 'text':
      await writeWhole(join(folder, 'text.txt'), raw.text);
      break;
    case 'series': {
      const { columns } = raw;
      const rows = columns[0]?.values.length ?? 0;
      const header = `${columns.map(({ name }) => csvCell(name)).join(',')}\n`;
      await writeLines(join(folder, 'series.csv'), rows + 1, (line) =>
        line === 0
          ? header
          : `${columns.map(({ values }) => String(values[line - 1])).join(',')}\n`,
      );
    }
  }
  const starts = Object.fromEntries(partNames.map((part) => [part, Array.from(raw.starts[part])]));
  await writeWhole(join(folder, 'splits.json'), `${JSON.stringify(starts)}\n`);
}

const csvCell = (text: string): string =>
  /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** Line by line, so that large data are not in memory twice. */
async function writeLines(
  path: string,
  count: number,
  line: (index: number) => string,
): Promise<void> {
  function* lines(): Generator<string> {
    for (let index = 0; index < count; index++) yield line(index);
  }
  try {
    await pipeline(Readable.from(lines(), { objectMode: true }), createWriteStream(path));
  } catch (error) {
    throw fileError(error, path);
  }
}
