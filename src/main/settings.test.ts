import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { defaultSettings } from '#shared/settings';
import { checkWorkspace, openSettings } from './settings.js';
import { readOnlyFolder, temporaryFolder } from './test-folders.js';

async function freshPath(): Promise<string> {
  return join(await temporaryFolder(onTestFinished), 'config', 'settings.json');
}

it('a first start has the defaults and writes no file', async () => {
  const path = await freshPath();
  const settings = await openSettings(path);
  expect(settings.current()).toEqual(defaultSettings);
  expect(settings.problem).toBeNull();
  await expect(readFile(path)).rejects.toThrow();
});

it('a change is told, written, and there at the next start; what it leaves out stays', async () => {
  const path = await freshPath();
  const settings = await openSettings(path);
  const told: unknown[] = [];
  settings.onChange((next) => told.push(next));
  await Promise.all([settings.update({ theme: 'dark' }), settings.update({ threads: 2 })]);
  const wanted = { ...defaultSettings, theme: 'dark', threads: 2 };
  expect(told.at(-1)).toEqual(wanted);
  expect((await openSettings(path)).current()).toEqual(wanted);
});

it('two studios of one person do not undo what the other set', async () => {
  const path = await freshPath();
  const [one, two] = [await openSettings(path), await openSettings(path)];
  await one.update({ theme: 'dark' });
  expect(await two.update({ device: 'cpu' })).toMatchObject({ theme: 'dark', device: 'cpu' });
});

it.each([
  ['no JSON', '{'],
  ['a value of another kind', '{"version":1,"theme":"purple"}'],
  ['a newer version', '{"version":99}'],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00])],
])('%s counts as the defaults and is kept aside', async (_, content) => {
  const path = await freshPath();
  await mkdir(dirname(path));
  await writeFile(path, content);
  const settings = await openSettings(path);
  expect(settings.current()).toEqual(defaultSettings);
  expect(settings.problem).toMatchObject({ code: 'settings-damaged', place: { file: path } });
  const [kept] = await readdir(dirname(path));
  expect(kept).toMatch(/^settings\.json\..+\.bak$/);
  expect(await readFile(join(dirname(path), kept ?? ''))).toEqual(Buffer.from(content));
  await settings.update({ theme: 'light' });
  expect((await openSettings(path)).current().theme).toBe('light');
});

it('a workspace must be a folder that is there and can be written', async () => {
  const folder = await temporaryFolder(onTestFinished);
  await checkWorkspace(folder);
  expect(await readdir(folder)).toEqual([]);
  const file = join(folder, 'file');
  await writeFile(file, '');
  const code = (path: string): Promise<unknown> =>
    checkWorkspace(path).then(
      () => null,
      (error: unknown) => error,
    );
  expect(await code('relative')).toMatchObject({ code: 'relative-path' });
  expect(await code(join(folder, 'missing'))).toMatchObject({ code: 'file-not-found' });
  expect(await code(file)).toMatchObject({ code: 'not-a-folder' });
  expect(await code(join(file, 'below'))).toMatchObject({ code: 'file-not-readable' });
  const closed = await readOnlyFolder(folder, onTestFinished);
  expect(await code(closed)).toMatchObject({ code: 'folder-not-writable' });

  const settings = await openSettings(join(folder, 'settings.json'));
  await expect(settings.update({ workspace: closed, theme: 'dark' })).rejects.toThrow();
  expect(settings.current()).toEqual(defaultSettings);
});
