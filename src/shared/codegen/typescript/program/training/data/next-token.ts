/** Windows of a text; the targets are the same tokens one step later. */
import type { Read } from '../load.ts';
import type { ModelInput, Preprocessor } from '../preprocessing.ts';
import { partsOf } from './parts.ts';
import type { Parts } from './parts.ts';
import { readWindows, windowsAt } from './windows.ts';

export interface Batch {
  input: ModelInput;
  /** The token after each step, [B·T]. */
  targets: Int32Array;
  /** 1 where a target counts. */
  mask: Float32Array;
}

export async function readData(preprocessor: Preprocessor, read: Read): Promise<Parts<Batch>> {
  const windows = await readWindows(preprocessor, read);
  return partsOf(async (part) => {
    const starts = windows.starts[part];
    return {
      size: starts.length,
      lengths: new Int32Array(starts.length).fill(windows.window),
      batch(examples) {
        const first = examples.map((i) => starts[i]);
        const next = first.map((start) => start + 1);
        const { ids } = windowsAt(preprocessor, windows, next);
        const mask = new Float32Array(ids.length).fill(1);
        return { input: windowsAt(preprocessor, windows, first), targets: ids, mask };
      },
    };
  });
}
