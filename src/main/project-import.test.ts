import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { ProjectDocument } from '#shared/graph/document';
import { sampleDocument } from '#shared/graph/samples';
import type { Imported } from '#shared/ipc/studio';
import { importProjectZip } from './project-import.js';
import { sha256, writeProjectZip } from './project-zip.js';
import { createProjects, type Projects } from './projects.js';
import { readRecord, readRunDocument, type RunRecord } from './run-record.js';
import { temporaryFolder } from './test-folders.js';
import { openWorkspace, type Workspace } from './workspace.js';

let folder: string;
let workspace: Workspace;
let projects: Projects;
beforeEach(async () => {
  folder = await temporaryFolder(onTestFinished);
  workspace = await openWorkspace(join(folder, 'elsewhere'));
  projects = createProjects(workspace, join(folder, 'no examples'));
  await mkdir(join(folder, 'secret place'), { recursive: true });
  await writeFile(join(folder, 'secret place', 'My rows.CSV'), 'text,label\na,1\n');
});

const ownData: ProjectDocument = {
  ...sampleDocument,
  data: { ...sampleDocument.data, source: { kind: 'file', path: 'secret place/My rows.CSV' } },
};

/** A run's folder as a training leaves it, as far as packing it looks. */
async function runFolder(id: string, document: ProjectDocument): Promise<[string, RunRecord]> {
  const run = join(folder, 'runs', id);
  const checkpoint = join(run, 'checkpoints', '12');
  await mkdir(checkpoint, { recursive: true });
  await mkdir(join(run, 'checkpoints', '8'));
  const preprocessing = {
    recipe: document.data,
    vocabulary: ['<pad>'],
    labels: null,
    scaler: null,
  };
  await writeFile(join(run, 'preprocessing.json'), JSON.stringify(preprocessing));
  await writeFile(join(run, 'log.jsonl'), '{"type":"batch"}\n');
  await writeFile(join(checkpoint, 'weights.bin'), new Uint8Array([1, 2, 3]));
  const record: RunRecord = {
    format: 'unroll-run',
    version: 1,
    id,
    projectId: document.id,
    projectName: document.name,
    created: '2026-01-31T00:00:00Z',
    baseFolder: folder,
    device: 'auto',
    seed: 3,
    epochs: null,
    tags: ['baseline'],
    note: '',
    series: null,
    parent: null,
    owner: null,
    state: { phase: 'idle' },
  };
  return [run, record];
}

async function packed(id: string, document: ProjectDocument): Promise<Uint8Array> {
  const [run, record] = await runFolder(id, document);
  const path = join(folder, `${id}.unroll.zip`);
  const options = { folder: run, record, document, version: '1', path, overwrite: false };
  expect(await writeProjectZip(options)).toEqual([]);
  await expect(writeProjectZip(options)).rejects.toMatchObject({ code: 'export-exists' });
  return readFile(path);
}

const open = (bytes: Uint8Array): Promise<Imported> =>
  importProjectZip('mine.unroll.zip', bytes, workspace, projects);

describe('a .unroll.zip', () => {
  it('becomes a project with its own data and a run with its newest checkpoint; no path of before is in it', async () => {
    const bytes = await packed('run-1', ownData);
    const content = Object.values(unzipSync(bytes)).map((file) => Buffer.from(file).toString());
    for (const text of content) {
      expect(text).not.toContain(folder);
      expect(text).not.toContain('secret place');
    }
    const { project, runId, runWasThere } = await open(bytes);
    expect(runWasThere).toBe(false);
    expect(project.document.id).toBe(ownData.id);
    const { source } = project.document.data;
    if (source.kind !== 'file') throw new Error('the data were left behind');
    const data = resolve(workspace.projects, source.path);
    expect(data).toBe(join(workspace.data, 'my-rows.csv'));
    expect(await readFile(data, 'utf8')).toBe('text,label\na,1\n');

    const run = join(workspace.runs, runId);
    expect(await readdir(join(run, 'checkpoints'))).toEqual(['12']);
    expect(await readFile(join(run, 'log.jsonl'), 'utf8')).toBe('{"type":"batch"}\n');
    const record = await readRecord(run);
    expect(record).toMatchObject({ baseFolder: workspace.projects, seed: 3 });
    expect((await readRunDocument(run)).data).toEqual(project.document.data);
    const preprocessing = JSON.parse(await readFile(join(run, 'preprocessing.json'), 'utf8'));
    expect(preprocessing.recipe).toEqual(project.document.data);
    expect((await readdir(workspace.folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('opened again makes nothing twice and overwrites nothing', async () => {
    const bytes = await packed('run-1', ownData);
    const { project } = await open(bytes);
    const changed = { ...project.document, name: 'Changed since' };
    await projects.save(project.path, changed, project.revision);
    const again = await open(bytes);
    expect(again).toMatchObject({ runId: 'run-1', runWasThere: true });
    expect(again.project).toMatchObject({ path: project.path, document: changed });
    expect(await readdir(workspace.projects)).toHaveLength(1);
    expect(await readdir(workspace.data)).toHaveLength(1);
  });

  it('a second run of the same project joins it; of another version it brings that along', async () => {
    const { project } = await open(await packed('run-1', ownData));
    const second = await open(await packed('run-2', ownData));
    expect(second.project.path).toBe(project.path);

    const other = { ...ownData, training: { ...ownData.training, epochs: 77 } };
    const third = await open(await packed('run-3', other));
    expect(third.project.path).not.toBe(project.path);
    const { id, training } = third.project.document;
    expect(training.epochs).toBe(77);
    expect(id).not.toBe(ownData.id);
    const run = join(workspace.runs, 'run-3');
    expect((await readRecord(run)).projectId).toBe(id);
    expect((await readRunDocument(run)).id).toBe(id);
    expect(await readRunDocument(join(workspace.runs, 'run-1'))).toMatchObject({ id: ownData.id });
  });

  it('says so where the data file is gone', async () => {
    const [run, record] = await runFolder('run-1', {
      ...ownData,
      data: { ...sampleDocument.data, source: { kind: 'file', path: 'gone.csv' } },
    });
    const document = {
      ...ownData,
      data: { ...ownData.data, source: { kind: 'file' as const, path: 'gone.csv' } },
    };
    const path = join(folder, 'a.unroll.zip');
    const options = { folder: run, record, document, version: '1', path, overwrite: false };
    const [warning] = await writeProjectZip(options);
    expect(warning).toContain(join(folder, 'gone.csv'));
    expect((await open(await readFile(path))).runWasThere).toBe(false);
  });
});

describe('what can’t be opened says why and leaves the workspace as it was', () => {
  const manifest = (files: Record<string, Uint8Array>): Uint8Array =>
    strToU8(
      JSON.stringify({
        format: 'unroll-zip',
        version: 1,
        studio: '1',
        created: '2026-01-31',
        files: Object.fromEntries(
          Object.entries(files).map(([name, bytes]) => [
            name,
            { bytes: bytes.length, sha256: sha256(bytes) },
          ]),
        ),
      }),
    );
  const zipped = (files: Record<string, Uint8Array>): Uint8Array =>
    zipSync({ 'unroll.json': manifest(files), ...files });

  const without = (files: Record<string, Uint8Array>, name: string): Record<string, Uint8Array> =>
    Object.fromEntries(Object.entries(files).filter(([path]) => path !== name));

  const refused = async (bytes: Uint8Array, message: RegExp): Promise<void> => {
    await expect(open(bytes)).rejects.toMatchObject({
      code: 'bad-zip',
      message: expect.stringMatching(message),
    });
    expect(await readdir(workspace.runs)).toEqual([]);
    expect(await readdir(workspace.projects)).toEqual([]);
    expect(await readdir(workspace.data)).toEqual([]);
    expect((await readdir(folder)).includes('escaped')).toBe(false);
  };

  it.each([
    '../escaped',
    '../../escaped',
    '/tmp/escaped',
    'data/../../escaped',
    'data/..\\escaped',
    'run/checkpoints/1/../../../escaped',
    'run/.bashrc',
  ])('a path that leaves its place: %s', async (path) => {
    await refused(zipped({ [path]: strToU8('x') }), /does not belong in it/);
  });

  it('files that unpack to more than 512 MB, and those that say less than they are', async () => {
    const saying = (size: number): Uint8Array => {
      const bytes = zipped({ 'data/a.csv': new Uint8Array(100_000) });
      const view = new DataView(bytes.buffer);
      // Uncompressed sizes in the central directory, whose entries begin with these four bytes.
      for (let at = 0; at < bytes.length - 28; at++)
        if (view.getUint32(at, true) === 0x02014b50 && view.getUint32(at + 24, true) === 100_000)
          view.setUint32(at + 24, size, true);
      return bytes;
    };
    await refused(saying(530 * 1024 * 1024), /larger than can be opened/);
    await refused(saying(50), /damaged/);
  });

  it.each([
    ['a text', strToU8('hello, I am a text')],
    ['nothing', new Uint8Array()],
    ['another zip', zipSync({ 'data/a.csv': strToU8('a') })],
    ['one without a run', zipped({ 'project.unroll.json': strToU8('{}') })],
  ])('%s', async (_, bytes) => {
    await expect(open(bytes)).rejects.toMatchObject({
      code: expect.stringMatching(/^(bad-zip|run-not-found)$/),
    });
    expect(await readdir(workspace.runs)).toEqual([]);
  });

  it('one changed or missing byte', async () => {
    const files = unzipSync(await packed('run-1', ownData));
    const weights = 'run/checkpoints/12/weights.bin';
    await refused(zipSync({ ...files, [weights]: new Uint8Array([1, 2, 4]) }), /damaged/);
    await refused(zipSync(without(files, weights)), /weights\.bin" is damaged or missing/);
    const whole = await packed('run-2', ownData);
    await refused(whole.subarray(0, whole.length - 50), /damaged/);
  });

  it('a run whose id is a path', async () => {
    const files = unzipSync(await packed('run-1', ownData));
    const record = JSON.parse(Buffer.from(files['run/run.json'] ?? '').toString());
    const evil = strToU8(JSON.stringify({ ...record, id: '../../escaped' }));
    await refused(
      zipped({ ...without(files, 'unroll.json'), 'run/run.json': evil }),
      /can't be the id/,
    );
  });
});
