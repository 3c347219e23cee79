import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { writeFolder, type Manifest } from './export-folder.js';
import { readOnlyFolder, temporaryFolder } from './test-folders.js';

let parent: string;
let path: string;
beforeEach(async () => {
  parent = await temporaryFolder(onTestFinished);
  path = join(parent, 'out');
});

const manifest: Manifest = {
  format: 'unroll-export',
  version: 1,
  target: 'onnx',
  run: 'a-run',
  created: '2026-01-31T00:00:00Z',
};

const write = (text: string, overwrite = false): Promise<void> =>
  writeFolder(path, overwrite, manifest, (folder) => writeFile(join(folder, 'model'), text));

const model = (): Promise<string> => readFile(join(path, 'model'), 'utf8');
/** Everything beside the export itself. */
const others = async (): Promise<string[]> =>
  (await readdir(parent)).filter((name) => name !== 'out');

/** Process id that nobody has any more. */
const ended = (): number => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  return pid;
};

describe('an export folder', () => {
  it('is not there until it is whole, then has its manifest, and takes an empty folder', async () => {
    await mkdir(path);
    await writeFolder(path, false, manifest, async (folder) => {
      await writeFile(join(folder, 'model'), 'half');
      expect(await readdir(path)).toEqual([]);
      expect(await others()).toEqual([expect.stringMatching(/^\.out\.partial-\d+-[0-9a-f]{6}$/)]);
    });
    expect((await readdir(path)).sort()).toEqual(['.unroll-export.json', 'model']);
    expect(await others()).toEqual([]);
  });

  it('is not overwritten without being told to; then the old one stays until the new is whole', async () => {
    await write('old');
    await expect(write('new')).rejects.toMatchObject({ code: 'export-exists' });
    await writeFolder(path, true, manifest, async (folder) => {
      await writeFile(join(folder, 'model'), 'new');
      expect(await model()).toBe('old');
    });
    expect(await model()).toBe('new');
    expect(await others()).toEqual([]);
  });

  it('a failure leaves nothing behind, and an earlier export as it was', async () => {
    const fail = (overwrite: boolean) =>
      writeFolder(path, overwrite, manifest, async (folder) => {
        await writeFile(join(folder, 'model'), 'half');
        throw new Error('the power went');
      });
    await expect(fail(false)).rejects.toThrow('the power went');
    expect(await readdir(parent)).toEqual([]);
    await write('old');
    await expect(fail(true)).rejects.toThrow('the power went');
    expect(await model()).toBe('old');
    expect(await others()).toEqual([]);
  });

  it('what is no export of ours is never replaced', async () => {
    await mkdir(path);
    await writeFile(join(path, 'thesis.txt'), 'three years');
    await expect(write('new', true)).rejects.toMatchObject({ code: 'not-an-export' });
    await writeFile(join(path, '.unroll-export.json'), '{"format":"mine"}');
    await expect(write('new', true)).rejects.toMatchObject({ code: 'not-an-export' });
    expect((await readdir(path)).sort()).toEqual(['.unroll-export.json', 'thesis.txt']);
  });

  it('what comes there while it is written is not overwritten', async () => {
    const late = writeFolder(path, false, manifest, async () => write('first'));
    await expect(late).rejects.toMatchObject({ code: 'export-exists' });
    expect(await model()).toBe('first');
    expect(await others()).toEqual([]);
  });

  it('leftovers of a process that ended in the middle go; those of one that runs stay', async () => {
    const [dead, alive] = [`.out.partial-${ended()}-00000a`, `.out.partial-${process.pid}-00000b`];
    for (const name of [dead, alive, '.outer.partial-1-00000c']) await mkdir(join(parent, name));
    await write('new');
    expect((await others()).sort()).toEqual([alive, '.outer.partial-1-00000c'].sort());
  });

  it('an export that a crash had moved away comes back, and then counts as being there', async () => {
    const moved = join(parent, `.out.replaced-${ended()}-00000a`);
    await mkdir(moved);
    await writeFile(join(moved, 'model'), 'old');
    await writeFile(join(moved, '.unroll-export.json'), JSON.stringify(manifest));
    await expect(write('new')).rejects.toMatchObject({ code: 'export-exists' });
    expect(await model()).toBe('old');
    await write('new', true);
    expect(await model()).toBe('new');
    expect(await others()).toEqual([]);
  });

  it('names a file that is in the way, and a folder that can’t be written', async () => {
    await writeFile(path, 'a file');
    await expect(write('new', true)).rejects.toMatchObject({ code: 'export-exists' });
    path = join(await readOnlyFolder(parent, onTestFinished), 'out');
    await expect(write('new')).rejects.toMatchObject({ code: 'folder-not-writable' });
  });
});
