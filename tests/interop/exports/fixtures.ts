/**
 * Graphs to export: every example graph of the catalog and every shipped example, over small made-up data
 * (120 tokens or a few columns, 12 steps), so that a whole walk runs in a minute.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exampleGraphs } from '#shared/catalog/example-graphs';
import type { DataFacts } from '#shared/data/facts';
import type { Preprocessing } from '#shared/data/preprocessing';
import type { ProjectDocument } from '#shared/graph/document';
import { parseDocument } from '#shared/graph/parse';
import { sampleDocuments } from '#shared/graph/random-documents';
import type { SampleInput } from '../../../src/main/engine/data/samples.js';
import type { Batch } from '../../../src/main/engine/data/types.js';
import { padId, unknownId } from '../../../src/main/engine/data/tokenizer.js';
import { Random } from '../../../src/main/engine/train/random.js';

const vocabularySize = 120;
const timeSteps = 12;
const classes = 3;
const examples = 'resources/examples';

export interface Fixture {
  /** Can stand in a path; unique. */
  name: string;
  document: ProjectDocument;
  facts: DataFacts;
}

/** @returns `attention-0`, `attention-1`, …, then `sentiment-bilstm`, …. */
export async function allFixtures(): Promise<Fixture[]> {
  const graphs = Object.entries(exampleGraphs).flatMap(([block, documents]) =>
    documents.map((document, index) => fixture(`${block}-${index}`, document)),
  );
  const names = (await readdir(examples)).filter((name) => name.endsWith('.unroll.json')).sort();
  const shipped = await Promise.all(
    names.map(async (name) =>
      fixture(
        name.slice(0, -'.unroll.json'.length),
        parseDocument(await readFile(join(examples, name), 'utf8'), name),
      ),
    ),
  );
  return [...graphs, ...shipped];
}

export function fixtureNamed(fixtures: readonly Fixture[], name: string): Fixture {
  const found = fixtures.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no fixture ${name}`);
  return found;
}

/** Random graphs over the catalog, the same ones for every target: `random-0`, `random-1`, …. */
export const randomFixtures = (count: number): Fixture[] =>
  sampleDocuments(count, randomSeed).map(({ document }, i) => fixture(`random-${i}`, document));

const randomSeed = 2026;

/** The document with data recipe and facts that fit made-up rows. */
export function fixture(name: string, document: ProjectDocument): Fixture {
  const { data } = document;
  const counts = { train: 100, validation: 10, test: 20 };
  switch (data.task) {
    case 'forecast':
      return {
        name,
        document: { ...document, data: { ...data, window: timeSteps } },
        facts: {
          task: data.task,
          input: {
            kind: 'sequence',
            features: data.inputColumns.length,
            timeSteps,
            names: data.inputColumns,
          },
          output: { size: data.horizon * data.targetColumns.length, labels: null },
          examples: counts,
          meanTimeSteps: timeSteps,
        },
      };
    case 'next-token':
      return {
        name,
        document: { ...document, data: { ...data, window: timeSteps } },
        facts: {
          task: data.task,
          input: { kind: 'tokens', vocabularySize, timeSteps, padded: false },
          output: { size: vocabularySize, labels: vocabulary(data.tokenizer.unit) },
          examples: counts,
          meanTimeSteps: timeSteps,
        },
      };
    case 'classification':
    case 'tagging':
      return {
        name,
        document: { ...document, data: { ...data, maximumTimeSteps: timeSteps } },
        facts: {
          task: data.task,
          input: { kind: 'tokens', vocabularySize, timeSteps, padded: true },
          output: { size: classes, labels: labels(), counts: labelCounts },
          examples: counts,
          meanTimeSteps: timeSteps / 2,
        },
      };
  }
}

/** Training labels of each class. */
const labelCounts = [70, 25, 5];

const labels = (): string[] => Array.from({ length: classes }, (_, id) => `class "${id}"`);

/** `word17`, or characters beyond ASCII. */
const vocabulary = (unit: 'word' | 'character'): string[] =>
  Array.from({ length: vocabularySize }, (_, id) => {
    if (id === padId) return '<pad>';
    if (id === unknownId) return '<unk>';
    return unit === 'word' ? `word${id}` : String.fromCodePoint(0x4e00 + id);
  });

export function preprocessingOf({ document: { data } }: Fixture): Preprocessing {
  if (data.task !== 'forecast')
    return {
      recipe: data,
      vocabulary: vocabulary(data.tokenizer.unit),
      labels: data.task === 'next-token' ? null : labels(),
      scaler: null,
    };
  const names = [...new Set([...data.inputColumns, ...data.targetColumns])];
  const columns = names.map((name, i) => ({ name, offset: 3.7 * i - 1.3, scale: 0.4 + 1.7 * i }));
  return { recipe: data, vocabulary: null, labels: null, scaler: { columns } };
}

export interface Rows {
  batch: Batch;
  inputs: SampleInput[];
}

/** Random rows: the longest, the shortest (one step), the other lengths in between. */
export function randomRows(given: Fixture, size: number, seed: number): Rows {
  const random = new Random(seed, `rows of ${given.name}`);
  return given.facts.input.kind === 'tokens'
    ? tokenRows(given, size, random)
    : seriesRows(given, size, given.facts.input.features, random);
}

function tokenRows({ document: { data }, facts }: Fixture, size: number, random: Random): Rows {
  if (data.task === 'forecast') throw new Error('a forecast has no tokens');
  const padded = facts.input.kind === 'tokens' && facts.input.padded;
  const length = (row: number): number =>
    [timeSteps, 1, 2][row] ?? 1 + Math.min(random.integer(timeSteps), random.integer(timeSteps));
  const lengths = Int32Array.from({ length: size }, (_, row) => (padded ? length(row) : timeSteps));
  const ids = new Int32Array(size * timeSteps);
  const stepIds = new Int32Array(size * timeSteps);
  const words = vocabulary(data.tokenizer.unit);
  const unknown = data.tokenizer.unit === 'word' ? 'unheard' : '?';
  const inputs = Array.from(lengths, (steps, row): SampleInput => {
    for (let step = 0; step < steps; step++) {
      ids[row * timeSteps + step] = 1 + random.integer(vocabularySize - 1);
      stepIds[row * timeSteps + step] = random.integer(facts.output.size);
    }
    const tokens = Array.from(ids.subarray(row * timeSteps, row * timeSteps + steps), (id) =>
      id === unknownId ? unknown : (words[id] ?? ''),
    );
    if (data.task === 'tagging') return { tokens };
    return { text: tokens.join(data.tokenizer.unit === 'word' ? ' ' : '') };
  });
  return {
    batch: {
      size,
      timeSteps,
      input: { kind: 'tokens', ids },
      lengths: padded ? lengths : null,
      targets:
        data.task === 'classification'
          ? { kind: 'class', ids: Int32Array.from(lengths, () => random.integer(classes)) }
          : { kind: 'steps', ids: stepIds },
    },
    inputs,
  };
}

function seriesRows(given: Fixture, size: number, features: number, random: Random): Rows {
  const { recipe, scaler } = preprocessingOf(given);
  if (recipe.task !== 'forecast' || scaler === null)
    throw new Error('only a forecast has a series');
  const scalers = recipe.inputColumns.map((name) => {
    const found = scaler.columns.find((column) => column.name === name);
    if (found === undefined) throw new Error(`no scaler for ${name}`);
    return found;
  });
  const rows = Array.from({ length: size }, () =>
    Array.from({ length: timeSteps }, () =>
      scalers.map(({ offset, scale }) => offset + scale * random.normal()),
    ),
  );
  const scaled = rows.flatMap((row) =>
    row.flatMap((cells) =>
      cells.map((value, i) => (value - (scalers[i]?.offset ?? 0)) / (scalers[i]?.scale ?? 1)),
    ),
  );
  const values = new Float32Array(size * given.facts.output.size).map(() => random.normal());
  return {
    batch: {
      size,
      timeSteps,
      input: { kind: 'features', values: Float32Array.from(scaled), features },
      lengths: null,
      targets: { kind: 'values', values, persistence: new Float32Array(values.length) },
    },
    inputs: rows.map((row) => ({ rows: row })),
  };
}
