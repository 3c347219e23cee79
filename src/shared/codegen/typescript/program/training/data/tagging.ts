/** Tokens and their tags: data/train.jsonl, validation.jsonl and test.jsonl. */
import type { Read } from '../load.ts';
import type { ModelInput, Preprocessor } from '../preprocessing.ts';
import { partsOf } from './parts.ts';
import type { Parts } from './parts.ts';
import { readLines } from './rows.ts';

export interface Batch {
  input: ModelInput;
  /** Tag of each step, [B·T]. */
  targets: Int32Array;
  /** 1 at real steps. */
  mask: Float32Array;
}

export function readData(preprocessor: Preprocessor, read: Read): Promise<Parts<Batch>> {
  const labels = preprocessor.preprocessing.labels ?? [];
  return partsOf(async (part) => {
    const lines = await readLines<{ tokens: string[]; tags: string[] }>(read, `data/${part}.jsonl`);
    const rows = lines.map(({ tokens }) => preprocessor.encode({ tokens }));
    const tags = lines.map((line) => line.tags.map((tag) => labels.indexOf(tag)));
    return {
      size: rows.length,
      lengths: Int32Array.from(rows, (row) => row.length),
      batch(examples) {
        const input = preprocessor.batch(examples.map((i) => rows[i]));
        const [, steps] = input.shape;
        const targets = new Int32Array(input.ids.length);
        const mask = new Float32Array(input.ids.length);
        examples.forEach((example, row) => {
          const { length } = rows[example];
          targets.set(tags[example].slice(0, length), row * steps);
          mask.fill(1, row * steps, row * steps + length);
        });
        return { input, targets, mask };
      },
    };
  });
}
