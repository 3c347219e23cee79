/** Runs that were trained for a moment on files of their own, exported. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataRecipeSchema, type DataRecipe, type Task } from '#shared/data/recipe';
import type { ProjectDocument } from '#shared/graph/document';
import { chain } from '#shared/graph/samples';
import { lower } from '#shared/ir/lower';
import { prepareData } from '../data/index.js';
import { testFolder, type TestFolder } from '../data/test-files.js';
import { openDevice } from '../devices/index.js';
import type { Device } from '../devices/types.js';
import { RunControl } from '../train/control.js';
import { runTraining } from '../train/run.js';
import { exportRun } from './export-run.js';
import { decodeSafetensors } from './safetensors.js';

let files: TestFolder;
let device: Device;
beforeAll(async () => {
  files = testFolder();
  device = await openDevice('cpu');
});
afterAll(async () => {
  await device.dispose();
  files.remove();
});

const split = { validation: 0.2, test: 0.2, method: 'in order' };

interface Case {
  file: string;
  content: string;
  recipe: Record<string, unknown>;
  blocks: string[];
}

const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

const cases: Record<Task, Case> = {
  classification: {
    file: 'mails.jsonl',
    content: lines(30, (i) => JSON.stringify({ text: `“mail” ${i},\n🙂`, label: `k${i % 3}` })),
    recipe: { textColumn: 'text', labelColumn: 'label', maximumTimeSteps: 3, tokenizer: {} },
    blocks: ['embedding', 'gru', 'dense'],
  },
  tagging: {
    file: 'tags.csv',
    content: `text,tags\n${lines(20, (i) => `A b${i} "c",x y x`.replaceAll('"', '""')).replace(/^(.*),/gm, '"$1",')}`,
    recipe: { textColumn: 'text', labelColumn: 'tags', maximumTimeSteps: 2, tokenizer: {} },
    blocks: ['embedding', 'time-distributed-dense'],
  },
  'next-token': {
    file: 'story.txt',
    content: lines(20, (i) => `Line ${i} of a — short — story.`),
    recipe: { tokenizer: { unit: 'word' }, window: 6, stride: 2, limit: 100 },
    blocks: ['embedding', 'time-distributed-dense'],
  },
  forecast: {
    file: 'series.csv',
    content: `"a, ""b""",c,unused\n${lines(40, (i) => `${i / 3},${1e-9 * i},x`)}`,
    recipe: { inputColumns: ['a, "b"'], targetColumns: ['c', 'a, "b"'], window: 4 },
    blocks: ['lstm', 'dense'],
  },
};

async function trained(task: Task): Promise<{ folder: string; document: ProjectDocument }> {
  const { file, content, recipe, blocks } = cases[task];
  const source = { kind: 'file', path: files.write(file, content) };
  const data = dataRecipeSchema.parse({ task, source, split, ...recipe });
  const drawn = chain(task, blocks);
  const document = { ...drawn, data, training: { ...drawn.training, epochs: 1 } };
  const folder = join(files.path, `run-${task}`);
  await rm(folder, { recursive: true, force: true });
  const summary = await runTraining({
    folder,
    document,
    seed: null,
    epochs: null,
    resume: null,
    control: new RunControl(),
    emit: (event) => expect(event).not.toHaveProperty('error'),
    prepareData: prepare,
    openDevice: async () => device,
    lower,
  });
  expect(summary?.epochs).toBe(1);
  return { folder, document };
}

const prepare = (recipe: DataRecipe) => prepareData(recipe, null);

async function exported(
  { folder, document }: { folder: string; document: ProjectDocument },
  target: 'pytorch' | 'onnx' = 'pytorch',
): Promise<{ out: string; warnings: string[] }> {
  const out = join(folder, 'out');
  await rm(out, { recursive: true, force: true });
  const run = { id: 'a-run', created: '2026-01-31T00:00:00Z', studio_version: '1.2.3' };
  const data = () => prepare(document.data);
  const warnings = await exportRun({ folder, out, target, document, run, device, data });
  return { out, warnings };
}

const text = (...path: string[]): Promise<string> => readFile(join(...path), 'utf8');

describe('data/ holds the rows as they were', () => {
  const rows = async (out: string, part: string): Promise<unknown[]> =>
    (await text(out, 'data', `${part}.jsonl`))
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line));

  it('classification: texts that are not cut, in their parts', async () => {
    const { out, warnings } = await exported(await trained('classification'));
    expect(warnings).toEqual([]);
    expect((await readdir(join(out, 'data'))).sort()).toEqual([
      ...['test.jsonl', 'train.jsonl', 'validation.jsonl'],
    ]);
    const [train, test] = [await rows(out, 'train'), await rows(out, 'test')];
    expect([train.length, test.length]).toEqual([18, 6]);
    expect(train[0]).toEqual({ text: '“mail” 0,\n🙂', label: 'k0' });
    expect(test.at(-1)).toEqual({ text: '“mail” 29,\n🙂', label: 'k2' });
  });

  it('tagging: items with a tag each', async () => {
    const { out } = await exported(await trained('tagging'));
    expect((await rows(out, 'train'))[3]).toEqual({
      tokens: ['A', 'b3', '"c"'],
      tags: ['x', 'y', 'x'],
    });
  });

  it('next token: the text, and where windows begin', async () => {
    const { out } = await exported(await trained('next-token'));
    expect(await text(out, 'data', 'text.txt')).toBe(cases['next-token'].content);
    const splits = JSON.parse(await text(out, 'data', 'splits.json'));
    expect(splits.train.slice(0, 3)).toEqual([0, 2, 4]);
    expect(splits.test[0]).toBe(80);
  });

  it('forecast: the columns that are used, with every digit', async () => {
    const { out } = await exported(await trained('forecast'));
    const csv = (await text(out, 'data', 'series.csv')).split('\n');
    expect(csv[0]).toBe('"a, ""b""",c');
    expect(csv[8]).toBe(`${7 / 3},${1e-9 * 7}`);
    expect(csv).toHaveLength(42);
    expect(JSON.parse(await text(out, 'data', 'splits.json')).test[0]).toBe(28);
  });
});

describe('what the export says of itself', () => {
  it('recorded rows are as many as were held out, with finite outputs; no path of the author', async () => {
    const run = await trained('forecast');
    const { out } = await exported(run, 'onnx');
    const tensors = decodeSafetensors(await readFile(join(out, 'recorded.safetensors')));
    expect(tensors.get('features')?.shape).toEqual([8, 4, 1]);
    expect(tensors.get('outputs')?.shape).toEqual([8, 2]);
    expect(tensors.get('outputs')?.values.every(Number.isFinite)).toBe(true);
    const recorded = JSON.parse(await text(out, 'recorded.json'));
    expect(recorded).toMatchObject({ rows: 8, tolerance: 1e-5, generated: null });
    expect(recorded.run).toEqual({
      id: 'a-run',
      created: '2026-01-31T00:00:00Z',
      studio_version: '1.2.3',
      device: 'cpu',
    });
    expect(await readdir(out)).not.toContain('data');
    for (const name of await readdir(out)) expect(await text(out, name)).not.toContain(files.path);
  });

  it('data that changed since are told of; rows are recorded as the run knew them', async () => {
    const run = await trained('classification');
    await writeFile(
      join(files.path, 'mails.jsonl'),
      cases.classification.content.replaceAll('mail', 'letter'),
    );
    const { out, warnings } = await exported(run);
    expect(warnings).toEqual([expect.stringMatching(/^The data changed since/)]);
    expect(JSON.parse(await text(out, 'recorded.json')).inputs[0].text).toContain('mail');
  });

  it('without its data the run still goes, with its proof but nothing to train on', async () => {
    const run = await trained('classification');
    await rm(join(files.path, 'mails.jsonl'));
    const { out, warnings } = await exported(run);
    expect(warnings).toEqual([expect.stringMatching(/^There is no data\/.*no such file/)]);
    expect(JSON.parse(await text(out, 'recorded.json')).rows).toBe(6);
  });

  it('a run without weights is refused', async () => {
    const run = await trained('classification');
    for (const name of ['weights', 'checkpoints'])
      await rm(join(run.folder, name), { recursive: true });
    await expect(exported(run)).rejects.toMatchObject({ code: 'run-has-no-weights' });
  });
});
