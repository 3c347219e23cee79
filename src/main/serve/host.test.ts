import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { StudioError } from '#shared/errors';
import { createClient, type Port } from '#shared/ipc/channel';
import { sampleDocument } from '#shared/graph/samples';
import { serializeDocument } from '#shared/graph/parse';
import { studioContract, type StudioClient } from '#shared/ipc/studio';
import { appRoot } from '../app-paths.js';
import { forkEngine } from '../engine-process.js';
import { openSettings } from '../settings.js';
import { createStudio, type Studio } from '../studio.js';
import { temporaryFolder } from '../test-folders.js';
import { hostAllowed } from './access.js';
import { startHost, type BrowserHost } from './host.js';

let folder: string;
let studio: Studio;
let host: BrowserHost;

beforeEach(async () => {
  folder = await temporaryFolder(onTestFinished);
  const rendererFolder = join(folder, 'renderer');
  await mkdir(join(rendererFolder, 'assets'), { recursive: true });
  await writeFile(
    join(rendererFolder, 'index.html'),
    '<!doctype html><title>Unroll Studio</title>',
  );
  await writeFile(join(rendererFolder, 'assets', 'a.js'), 'export {};');
  await writeFile(join(folder, 'secret.txt'), 'secret');
  const examplesFolder = join(folder, 'examples');
  await mkdir(examplesFolder);
  await writeFile(join(examplesFolder, 'first.unroll.json'), serializeDocument(sampleDocument));
  studio = await createStudio({
    workspace: join(folder, 'workspace'),
    workspaceAsked: true,
    settings: await openSettings(join(folder, 'settings.json')),
    host: 'browser',
    engineSpawn: forkEngine,
    enginePath: join(appRoot, 'tests', 'support', 'stub-engine.mjs'),
    examplesFolder,
  });
  host = await startHost({ studio, rendererFolder, port: 0 });
  onTestFinished(async () => {
    await studio.close(0);
    await host.close();
  });
});

const token = (): string => new URL(host.url).searchParams.get('token') ?? '';

interface Answer {
  status: number;
  body: string;
  headers: NodeJS.Dict<string | string[]>;
}

const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: host.port, path, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body, headers: response.headers }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });

/** HTTP status of a refused socket, 101 for one that opens. */
const tryWebSocket = (query: string, headers: Record<string, string> = {}): Promise<number> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}/ws${query}`, { headers });
    socket.on('open', () => {
      socket.close();
      resolve(101);
    });
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => {});
  });

async function openWindow(): Promise<StudioClient> {
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}/ws?token=${token()}`);
  onTestFinished(() => socket.terminate());
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
  const port: Port = {
    send: (message) => socket.send(JSON.stringify(message)),
    onMessage(listener) {
      socket.on('message', (data: Buffer) => listener(JSON.parse(data.toString())));
      return () => {};
    },
    onClose(listener) {
      socket.on('close', (_, reason) => listener(reason.toString()));
      return () => {};
    },
    close: () => socket.close(),
  };
  return createClient(studioContract, port);
}

describe('who is let in', () => {
  it('the page needs the token; its assets hold nothing secret', async () => {
    expect((await get('/')).status).toBe(403);
    expect((await get('/?token=wrong')).body).toContain('unroll serve');
    expect((await get(`/?token=${token()}`)).body).toContain('Unroll Studio');
    expect((await get('/assets/a.js')).status).toBe(200);
  });

  it('a socket without the token, with a wrong one, or on another path is refused', async () => {
    expect(await tryWebSocket('')).toBe(403);
    expect(await tryWebSocket('?token=')).toBe(403);
    expect(await tryWebSocket(`?token=${token().slice(1)}`)).toBe(403);
    expect(await tryWebSocket(`/other?token=${token()}`)).toBe(403);
    expect(await tryWebSocket(`?token=${token()}`)).toBe(101);
  });

  it('a page of another origin is refused although it has the token', async () => {
    const query = `?token=${token()}`;
    expect(await tryWebSocket(query, { Origin: 'https://evil.example' })).toBe(403);
    expect(await tryWebSocket(query, { Origin: 'null' })).toBe(403);
    expect(await tryWebSocket(query, { Origin: 'http://127.0.0.1:1' })).toBe(403);
    expect(await tryWebSocket(query, { Origin: `http://127.0.0.1:${host.port}` })).toBe(101);
    expect((await get(`/${query}`, { Origin: 'https://evil.example' })).status).toBe(403);
  });

  it('a foreign name that leads here (DNS rebinding) is refused; a forwarded port is not', async () => {
    const query = `?token=${token()}`;
    expect((await get(`/${query}`, { Host: 'evil.example' })).status).toBe(403);
    expect(await tryWebSocket(query, { Host: `evil.example:${host.port}` })).toBe(403);
    const forwarded = { Host: 'localhost:9000', Origin: 'http://localhost:9000' };
    expect(await tryWebSocket(query, forwarded)).toBe(101);
  });

  it.each([
    ['127.0.0.1:80', '127.0.0.1', true],
    ['[::1]:80', '127.0.0.1', true],
    ['10.0.0.5:80', '127.0.0.1', false],
    ['10.0.0.5:80', '10.0.0.5', true],
    ['10.0.0.5:80', '0.0.0.0', true],
    ['gpu-box:80', '0.0.0.0', true],
    ['evil.example', '0.0.0.0', false],
    ['', '127.0.0.1', false],
    ['a@127.0.0.1', '127.0.0.1', false],
  ])('Host %j on %s: %s', (header, bound, allowed) => {
    expect(hostAllowed(header, bound, 'gpu-box')).toBe(allowed);
  });
});

describe('what is served', () => {
  it('has a content security policy without scripts from elsewhere, and no sniffing or referrer', async () => {
    const { headers } = await get(`/?token=${token()}`);
    expect(headers['content-security-policy']).toMatch(/default-src 'self';/);
    expect(headers['content-security-policy']).not.toMatch(/script-src|unsafe-eval/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  it('no file outside the window’s folder', async () => {
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/../../secret.txt',
    ])
      expect((await get(path)).body).not.toContain('secret');
  });
});

const openFirstExample = (window: StudioClient) =>
  window.request('projects.openExample', { id: 'first' });

describe('windows', () => {
  it('all hear of a run that one starts, and of the state of the engine', async () => {
    const [one, two] = [await openWindow(), await openWindow()];
    const heard: string[] = [];
    two.listen('run.changed', ({ state }) => heard.push(state.phase));
    expect((await one.request('app.info', {})).host).toBe('browser');
    const { path, document } = await openFirstExample(one);
    await one.request('runs.start', { projectPath: path, document });
    await vi.waitFor(() => expect(heard).toEqual(['preparing', 'training', 'done']), {
      timeout: 15_000,
    });
    const late = await openWindow();
    const status = new Promise((resolve) => late.listen('engine.status', resolve));
    await late.request('app.info', {});
    expect(await status).toEqual({ status: 'ready', error: null });
  });

  it('are told of a project file that was chosen outside of them', async () => {
    const window = await openWindow();
    const told = new Promise((resolve) => window.listen('app.open', resolve));
    const { path } = await openFirstExample(window);
    studio.open(path);
    expect(await told).toEqual({ path });
  });

  it('hear that the engine was killed; a request that waited for it is rejected by name', async () => {
    const window = await openWindow();
    const heard: string[] = [];
    window.listen('engine.status', ({ status }) => heard.push(status));
    await window.request('app.devices', {});
    const pending = window.request('data.preview', {
      recipe: sampleDocument.data,
      projectPath: null,
    });
    pending.catch(() => {});
    await window.request('app.devices', {});
    process.kill(studio.enginePid() ?? 0, 'SIGKILL');
    await expect(pending).rejects.toMatchObject({ code: 'engine-died' });
    await vi.waitFor(() => expect(heard.slice(-2)).toEqual(['restarting', 'ready']), {
      timeout: 15_000,
    });
  });

  it('a frame that is no message is ignored, a wrong request is answered with invalid-message', async () => {
    const window = await openWindow();
    await expect(window.request('runs.log', JSON.parse('{"runId": 3}'))).rejects.toMatchObject({
      code: 'invalid-message',
    });
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}/ws?token=${token()}`);
    await new Promise((resolve) => socket.on('open', resolve));
    socket.send('not JSON');
    socket.send(Buffer.from([1, 2, 3]));
    socket.send('[1,2]');
    socket.close();
    expect(await window.request('projects.list', {})).toEqual([]);
  });
});

describe('importing data', () => {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');

  it('keeps nothing before it is told to, then under a safe name, once for each content', async () => {
    const window = await openWindow();
    const stage = async (name: string, ...pieces: string[]): Promise<string> => {
      let id: string | null = null;
      for (const piece of pieces)
        ({ id } = await window.request('data.stage', { id, name, base64: base64(piece) }));
      return id ?? '';
    };
    const keep = async (name: string, ...pieces: string[]) => {
      const id = await stage(name, ...pieces);
      return (await window.request('data.keep', { id, name, rewrite: null })).path;
    };
    const data = join(folder, 'workspace', 'data');
    const unwanted = await stage('unwanted.csv', 'a,b\n1,2\n');
    await window.request('data.discard', { id: unwanted });
    expect(await readdir(data)).toEqual([]);

    const path = join(data, 'mails-new.csv');
    expect(await keep('../../Mails (new).CSV', 'a,b\n', '1,2\n')).toBe(path);
    expect(await readFile(path, 'utf8')).toBe('a,b\n1,2\n');
    expect(await keep('mails new.csv', 'other')).toBe(join(data, 'mails-new-2.csv'));
    expect(await keep('mails new.csv', 'a,b\n1,2\n')).toBe(path);
    expect(await keep('mails new.csv', 'other')).toBe(join(data, 'mails-new-2.csv'));

    const [staging] = await readdir(join(folder, 'workspace', 'incoming'));
    expect(await readdir(join(folder, 'workspace', 'incoming', staging ?? ''))).toEqual([]);
    await expect(
      window.request('data.stage', { id: null, name: 'x.csv', base64: 'a*b' }),
    ).rejects.toMatchObject({ code: 'invalid-message' });
  });
});

it('a port in use is named, with what to do', async () => {
  const again = startHost({ studio, rendererFolder: join(folder, 'renderer'), port: host.port });
  await expect(again).rejects.toThrow(StudioError);
  await expect(again).rejects.toMatchObject({
    code: 'port-in-use',
    message: expect.stringContaining(String(host.port)),
    hint: expect.stringContaining('--port'),
  });
});

it('a window that was not built is named', async () => {
  await expect(startHost({ studio, rendererFolder: folder })).rejects.toMatchObject({
    code: 'not-built',
    hint: 'Run `npm run build`.',
  });
});
