/** Texts and their classes: data/train.jsonl, validation.jsonl and test.jsonl. */
import type { Read } from '../load.ts';
import type { ModelInput, Preprocessor } from '../preprocessing.ts';
import { partsOf } from './parts.ts';
import type { Parts } from './parts.ts';
import { readLines } from './rows.ts';

export interface Batch {
  input: ModelInput;
  /** Class of each row. */
  targets: Int32Array;
  /** 1 where a target counts. */
  mask: Float32Array;
}

export function readData(preprocessor: Preprocessor, read: Read): Promise<Parts<Batch>> {
  const labels = preprocessor.preprocessing.labels ?? [];
  return partsOf(async (part) => {
    const lines = await readLines<{ text: string; label: string }>(read, `data/${part}.jsonl`);
    const rows = lines.map(({ text }) => preprocessor.encode({ text }));
    const classes = lines.map(({ label }) => labels.indexOf(label));
    return {
      size: rows.length,
      lengths: Int32Array.from(rows, (row) => row.length),
      batch: (examples) => ({
        input: preprocessor.batch(examples.map((i) => rows[i])),
        targets: Int32Array.from(examples, (i) => classes[i]),
        mask: new Float32Array(examples.length).fill(1),
      }),
    };
  });
}
