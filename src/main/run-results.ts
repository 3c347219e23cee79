/** A run's results on its test part, `results.json` in its folder: asking again costs nothing. */
import { join } from 'node:path';
import { z } from 'zod';
import { resultsSchema, type Results } from '#shared/run/results';
import type { RunState } from '#shared/run/state';
import { hasCode, readText, writeAtomic } from './files.js';

const keptSchema = z.object({
  format: z.literal('unroll-results'),
  version: z.literal(1),
  /** Of the weights: a run that went on has others. */
  step: z.number().int().nullable(),
  results: resultsSchema.nullable(),
});

/** Several windows that ask at once wait for one answer. */
const underWay = new Map<string, Promise<Results | null>>();

export async function keptResults(
  folder: string,
  state: RunState,
  compute: () => Promise<Results | null>,
): Promise<Results | null> {
  const path = join(folder, 'results.json');
  const step =
    state.phase === 'done'
      ? state.summary.step
      : state.phase === 'idle'
        ? null
        : state.checkpointStep;
  const kept = await read(path);
  if (kept !== null && kept.step === step) return kept.results;
  const already = underWay.get(path);
  if (already !== undefined) return already;
  const answer = compute().then(async (results) => {
    const content = { format: 'unroll-results', version: 1, step, results };
    await writeAtomic(path, `${JSON.stringify(content)}\n`);
    return results;
  });
  underWay.set(path, answer);
  return answer.finally(() => underWay.delete(path));
}

/** Null where there are none, or none that this version reads: they are computed again. */
async function read(path: string): Promise<z.infer<typeof keptSchema> | null> {
  try {
    return keptSchema.safeParse(JSON.parse(await readText(path))).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, 'file-not-found')) return null;
    throw error;
  }
}
