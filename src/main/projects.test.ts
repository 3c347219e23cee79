import { mkdir, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { ProjectDocument } from '#shared/graph/document';
import { serializeDocument } from '#shared/graph/parse';
import { sampleDocument } from '#shared/graph/samples';
import { createProjects, type Projects } from './projects.js';
import { canMount, mountDisk, readOnlyFolder, temporaryFolder } from './test-folders.js';
import { openWorkspace, type Workspace } from './workspace.js';

const named = (name: string): ProjectDocument => ({ ...sampleDocument, id: `id ${name}`, name });

let folder: string;
let workspace: Workspace;
let examples: string;
let projects: Projects;

beforeEach(async () => {
  folder = await temporaryFolder(onTestFinished);
  workspace = await openWorkspace(join(folder, 'workspace'));
  examples = join(folder, 'examples');
  await mkdir(examples);
  await writeFile(join(examples, 'first.unroll.json'), serializeDocument(named('First')));
  projects = createProjects(workspace, examples);
});

const onDisk = async (path: string): Promise<string> => readFile(path, 'utf8');

describe('creating and opening', () => {
  it('a new project never overwrites another of the same name', async () => {
    const [one, two] = await Promise.all([
      projects.create(named('Café № 1')),
      projects.create({ ...named('Café № 1'), description: 'the other' }),
    ]);
    expect([one.path, two.path].sort()).toEqual([
      join(workspace.projects, 'cafe-no-1-2.unroll.json'),
      join(workspace.projects, 'cafe-no-1.unroll.json'),
    ]);
    expect((await projects.open(one.path)).document).toEqual(one.document);
    expect((await projects.open(two.path)).document).toEqual(two.document);
  });

  it('an example is copied once; the copy is what opens again, with its changes', async () => {
    const first = await projects.openExample('first');
    await projects.save(first.path, { ...first.document, name: 'Mine' }, first.revision);
    const again = await projects.openExample('first');
    expect(again.path).toBe(first.path);
    expect(again.document.name).toBe('Mine');
    await rm(first.path);
    expect((await projects.openExample('first')).document.name).toBe('First');
    await expect(projects.openExample('../first')).rejects.toMatchObject({
      code: 'unknown-example',
      hint: 'Examples: first.',
    });
  });

  it('two windows of a first start get one copy of the example', async () => {
    expect(await projects.startPath()).toBeNull();
    const opened = await Promise.all([
      projects.openExample('first'),
      projects.openExample('first'),
    ]);
    expect(opened[0].path).toBe(opened[1].path);
    expect(await readdir(workspace.projects)).toHaveLength(1);
  });

  it('the next start shows the project that was open last', async () => {
    const first = await projects.openExample('first');
    const { path } = await projects.create(named('Later'));
    const restarted = createProjects(await openWorkspace(workspace.folder), examples);
    expect(await restarted.startPath()).toBe(path);
    await rm(path);
    expect(await restarted.startPath()).toBe(first.path);
  });

  it('lists projects newest first, one that is damaged too, one elsewhere that was opened', async () => {
    const broken = join(workspace.projects, 'broken.unroll.json');
    await writeFile(broken, '{"format":');
    await utimes(broken, new Date('2026-01-01'), new Date('2026-01-01'));
    const elsewhere = join(folder, 'elsewhere.unroll.json');
    await writeFile(elsewhere, serializeDocument(named('Elsewhere')));
    await projects.open(elsewhere);
    const list = await projects.list();
    expect(list.map(({ name }) => name)).toEqual(['Elsewhere', 'broken']);
    await expect(projects.open(broken)).rejects.toMatchObject({
      code: 'not-json',
      place: { line: 1 },
    });
  });
});

describe('saving', () => {
  it('round trips, and each save gives the revision for the next one', async () => {
    const { path, revision } = await projects.create(named('A'));
    const second = await projects.save(path, named('B'), revision);
    const third = await projects.save(path, named('C'), second);
    const opened = await projects.open(path);
    expect(opened).toEqual({ path, document: named('C'), revision: third });
  });

  it('refuses to overwrite what another program wrote, and leaves it as it is', async () => {
    const { path, revision } = await projects.create(named('A'));
    const theirs = serializeDocument(named('Theirs'));
    await writeFile(path, theirs);
    await expect(projects.save(path, named('Mine'), revision)).rejects.toMatchObject({
      code: 'revision-conflict',
      place: { file: path },
    });
    expect(await onDisk(path)).toBe(theirs);
  });

  it('overwriting on purpose (revision null) keeps the other version as a backup', async () => {
    const { path } = await projects.create(named('A'));
    const theirs = serializeDocument(named('Theirs'));
    await writeFile(path, theirs);
    await projects.save(path, named('Mine'), null);
    expect(await onDisk(path)).toBe(serializeDocument(named('Mine')));
    expect(await backups()).toContain(theirs);
  });

  it('two windows that save from the same revision: one wins, the other is told', async () => {
    const { path, revision } = await projects.create(named('A'));
    const results = await Promise.allSettled([
      projects.save(path, named('One'), revision),
      projects.save(path, named('Two'), revision),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(await onDisk(path)).toBe(serializeDocument(named('One')));
  });

  it('a session keeps the version that it found before its first save; at most 20 are kept', async () => {
    const path = join(workspace.projects, 'old.unroll.json');
    for (let session = 0; session < 23; session++) {
      await writeFile(path, serializeDocument(named(`Found ${session}`)));
      const fresh = createProjects(workspace, examples);
      const { revision } = await fresh.open(path);
      const next = await fresh.save(path, named('First save'), revision);
      await fresh.save(path, named('Second save'), next);
    }
    const kept = await backups();
    expect(kept).toHaveLength(20);
    expect(kept.at(-1)).toBe(serializeDocument(named('Found 22')));
    expect(kept).not.toContain(serializeDocument(named('Found 2')));
  });

  async function backups(): Promise<string[]> {
    const [project] = await readdir(workspace.backups);
    const of = join(workspace.backups, project ?? '');
    return Promise.all((await readdir(of)).sort().map((name) => onDisk(join(of, name))));
  }
});

describe('a disk that refuses', () => {
  it('a folder without write permission is named', async () => {
    const locked = await readOnlyFolder(folder, onTestFinished);
    const path = join(locked, 'a.unroll.json');
    await expect(projects.save(path, named('A'), null)).rejects.toMatchObject({
      code: 'folder-not-writable',
      message: expect.stringContaining(path),
      hint: expect.stringContaining(locked),
    });
    await expect(openWorkspace(join(locked, 'workspace'))).rejects.toMatchObject({
      code: 'folder-not-writable',
    });
  });

  it('a path through a file is refused by name, for the workspace too', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(openWorkspace(join(file, 'workspace'))).rejects.toMatchObject({
      code: 'folder-not-writable',
    });
    await expect(openWorkspace(file)).rejects.toMatchObject({ code: 'folder-not-writable' });
    await expect(
      projects.save(join(file, 'a.unroll.json'), named('A'), null),
    ).rejects.toMatchObject({ code: 'file-not-readable' });
  });

  it.skipIf(!canMount)(
    'a full disk is named, and the project on it stays whole (real 64 kB disk; needs root)',
    async () => {
      const disk = await mountDisk(folder, 'size=64k', onTestFinished);
      const small = await openWorkspace(join(disk, 'w'));
      const onSmall = createProjects(small, examples);
      const { path, revision, document } = await onSmall.create(named('A'));
      await writeFile(join(disk, 'filler'), Buffer.alloc(64 * 1024)).catch(() => {});
      const grown = { ...document, description: 'x'.repeat(8000) };
      await expect(onSmall.save(path, grown, revision)).rejects.toMatchObject({
        code: 'disk-full',
        message: expect.stringContaining(path),
        hint: expect.stringContaining('Free some space'),
      });
      await expect(onSmall.create(named('B'))).rejects.toMatchObject({ code: 'disk-full' });
      expect(await readdir(small.projects)).toEqual(['a.unroll.json']);
      await rm(join(disk, 'filler'));
      expect((await onSmall.open(path)).document).toEqual(document);
      await onSmall.save(path, grown, revision);
    },
  );
});
