/** Windows over one text: data/text.txt, and the first token of each window in data/splits.json. */
import type { Read } from '../load.ts';
import type { ModelInput, Preprocessor } from '../preprocessing.ts';

export interface Windows {
  /** Of the whole text. */
  ids: Int32Array;
  /** Tokens that the network sees. */
  window: number;
  starts: Record<'train' | 'validation' | 'test', number[]>;
}

export async function readWindows(preprocessor: Preprocessor, read: Read): Promise<Windows> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return {
    ids: preprocessor.encode({ text: decoder.decode(await read('data/text.txt')) }),
    window: preprocessor.preprocessing.recipe.window ?? 1,
    starts: JSON.parse(decoder.decode(await read('data/splits.json'))),
  };
}

/** The windows that begin at these tokens. */
export const windowsAt = (
  preprocessor: Preprocessor,
  { ids, window }: Windows,
  starts: readonly number[],
): ModelInput => preprocessor.batch(starts.map((start) => ids.slice(start, start + window)));
