import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chain } from '#shared/graph/samples';
import type { ProjectDocument } from '#shared/graph/document';
import { lower } from '#shared/ir/lower';
import type { RunSummary } from '#shared/run/events';
import { prepare } from '../data/index.js';
import type { Prepared } from '../data/index.js';
import { openDevice } from '../devices/index.js';
import type { Device } from '../devices/types.js';
import { readRun } from '../predict/load.js';
import { compile } from '../compile/model.js';
import { RunControl } from '../train/control.js';
import { runTraining } from '../train/run.js';
import { exportReport } from './report.js';
import { testResults } from './test-results.js';

let device: Device;
let folder: string;
beforeAll(async () => {
  device = await openDevice('cpu');
  folder = await mkdtemp(join(tmpdir(), 'unroll-report-'));
});
afterAll(async () => {
  await device.dispose();
  await rm(folder, { recursive: true, force: true });
});

interface Trained {
  folder: string;
  document: ProjectDocument;
  prepared: Prepared;
  summary: RunSummary;
}

async function train(name: string, drawn: ProjectDocument): Promise<Trained> {
  const at = join(folder, name);
  const training = { ...drawn.training, epochs: 1, earlyStopping: null };
  const document = { ...drawn, name: 'A <b>bold</b> name', training };
  const prepared = await prepare(document.data, null);
  const summary = await runTraining({
    folder: at,
    document,
    seed: null,
    epochs: null,
    resume: null,
    control: new RunControl(),
    emit: () => {},
    prepareData: async () => prepared.data,
    openDevice: async () => device,
    lower,
  });
  if (summary === null) throw new Error('the run failed');
  return { folder: at, document, prepared, summary };
}

async function report(run: Trained, data: () => Promise<Prepared>) {
  const out = join(run.folder, 'report');
  await mkdir(out);
  const warnings = await exportReport({
    folder: run.folder,
    out,
    document: run.document,
    run: { id: '20260131-120000-a1b2', created: '2026-01-31T12:00:00Z', studio_version: '9.9' },
    device,
    data,
  });
  const page = await readFile(join(out, 'report.html'), 'utf8');
  const markdown = await readFile(join(out, 'report.md'), 'utf8');
  return { warnings, page, markdown, out };
}

async function resultsOf(run: Trained) {
  const { program, preprocessing, weights } = await readRun(run.folder);
  const model = compile(program, device, weights);
  try {
    return await testResults({ model, preprocessing }, run.prepared.data);
  } finally {
    model.dispose();
  }
}

describe('the report of a run', () => {
  test('counts a classifier’s answers as the run’s own test score does', async () => {
    const pooled = ['embedding', 'pool-over-time', 'dense'] as const;
    const run = await train('classes', chain('classification', pooled));
    const results = await resultsOf(run);
    if (results?.kind !== 'classes') throw new Error('a classifier has classes');
    const total = results.counts.flat().reduce((sum, count) => sum + count, 0);
    const correct = results.counts.reduce((sum, row, label) => sum + (row[label] ?? 0), 0);
    expect(total).toBe(run.prepared.data.test.size);
    expect(correct / total).toBeCloseTo(run.summary.test?.accuracy ?? NaN, 10);
    for (const { actual, predicted } of results.mistakes) expect(actual).not.toBe(predicted);

    const { page, markdown, warnings } = await report(run, async () => run.prepared);
    expect(warnings).toEqual([]);
    for (const text of [page, markdown]) {
      expect(text).toContain('20260131-120000-a1b2');
      expect(text).toContain('CC BY 4.0');
      expect(text).toContain('Confusion matrix');
    }
    expect(page).toContain('A &lt;b&gt;bold&lt;/b&gt; name');
    expect(page).not.toContain('<b>bold');
  });

  test('finds a forecast’s errors as the run’s own test score does', async () => {
    const drawn = chain('forecast', [['lstm', { units: 4 }], 'dense']);
    const run = await train('forecast', drawn);
    const results = await resultsOf(run);
    if (results?.kind !== 'forecast') throw new Error('a forecast has values');
    const [target] = results.targets;
    expect(target?.actual).toHaveLength(run.prepared.data.test.size);
    expect(target?.byStep).toHaveLength(7);
    const mean =
      (target?.byStep ?? []).reduce((sum, { meanAbsolute }) => sum + meanAbsolute, 0) / 7;
    expect(mean).toBeCloseTo(run.summary.test?.meanAbsoluteError ?? NaN, 5);
  });

  test('of a language model goes on with a text; without the data it says what is missing', async () => {
    const run = await train('text', languageModel());
    const results = await resultsOf(run);
    if (results?.kind !== 'text') throw new Error('a language model has texts');
    expect(results.samples.map(({ text }) => text.length)).toEqual([320, 320]);

    const { page, warnings } = await report(run, async () => {
      const changed = { ...run.prepared.data.preprocessing, vocabulary: ['other'] };
      return { ...run.prepared, data: { ...run.prepared.data, preprocessing: changed } };
    });
    expect(warnings).toEqual([
      'The report has no data card and no results of single rows: the data changed since the run was trained.',
    ]);
    expect(page).toContain('<h2>Training</h2>');
  });
});

function languageModel(): ProjectDocument {
  const drawn = chain('next-token', ['embedding', ['lstm', { units: 4 }], 'dense']);
  if (drawn.data.task !== 'next-token') throw new Error('unreachable');
  const split = { ...drawn.data.split, validation: 0, test: 0 };
  return { ...drawn, data: { ...drawn.data, window: 4, stride: 1, split } };
}
