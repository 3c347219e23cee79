/** The engine as a real process: built, forked, killed. */
import { fork, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProjectDocument } from '#shared/graph/document';
import { parseDocument } from '#shared/graph/parse';
import { createClient } from '#shared/ipc/channel';
import type { Client, Port } from '#shared/ipc/channel';
import { engineContract } from '#shared/ipc/engine';
import type { EngineContract } from '#shared/ipc/engine';
import type { RunEvent, RunSummary } from '#shared/run/events';

const root = fileURLToPath(new URL('../../../', import.meta.url));
let place: string;
let document: ProjectDocument;
const children: ChildProcess[] = [];

beforeAll(async () => {
  // Inside the repository, so that the bundle finds node_modules.
  place = await mkdtemp(join(root, 'node_modules', '.engine-test-'));
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir: place,
      rollupOptions: {
        input: { engine: join(root, 'src/main/engine/index.ts') },
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  });
  const path = join(root, 'resources/examples/weather-forecast.unroll.json');
  document = parseDocument(await readFile(path, 'utf8'), path);
}, 60_000);

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(place, { recursive: true, force: true });
});

interface Engine {
  child: ChildProcess;
  client: Client<EngineContract>;
  /** Resolves with the exit code or signal. */
  ended: Promise<number | string | null>;
}

function engine(): Engine {
  const child = fork(join(place, 'engine.js'), [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.push(child);
  const ended = new Promise<number | string | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code)),
  );
  const port: Port = {
    send: (message) => void child.send(Object(message)),
    onMessage: (listener) => {
      child.on('message', listener);
      return () => child.off('message', listener);
    },
    onClose: (listener) => {
      child.once('exit', (code, signal) => listener(String(signal ?? code)));
      return () => {};
    },
    close: () => child.disconnect(),
  };
  return { child, client: createClient(engineContract, port), ended };
}

/** Starts or resumes a run; `at` hears every event. */
async function train(
  { client }: Engine,
  folder: string,
  resume: boolean,
  at: (event: RunEvent) => void = () => {},
): Promise<RunSummary | null> {
  const end = new Promise<RunSummary | null>((resolve, reject) => {
    client.listen('run.event', ({ event }) => {
      at(event);
      if (event.type === 'done') resolve(event.summary);
      if (event.type === 'failed') reject(new Error(event.error.message));
    });
    client.onClose(() => resolve(null));
  });
  await client.request('run.start', {
    runId: 'run',
    folder,
    document: { ...document, training: { ...document.training, earlyStopping: null } },
    baseFolder: null,
    device: 'wasm',
    epochs: 8,
    resume: resume ? 'same' : null,
  });
  return end;
}

async function losses(folder: string): Promise<unknown[]> {
  const lines = (await readFile(join(folder, 'log.jsonl'), 'utf8')).trim().split('\n');
  return lines
    .map((line): Record<string, unknown> => JSON.parse(line))
    .filter((event) => event.type === 'batch')
    .map(({ step, loss }) => [step, loss]);
}

describe('the engine process', { timeout: 120_000 }, () => {
  test('killed with SIGKILL in mid-training, a new one resumes and ends at the same losses', async () => {
    const [whole, broken] = [join(place, 'whole'), join(place, 'broken')];
    const first = engine();
    const uninterrupted = await train(first, whole, false);
    let checkpoint = 0;
    const killed = await train(first, broken, false, (event) => {
      // A pause writes a checkpoint, however fast the device is.
      if (event.type === 'epoch' && event.epoch === 2)
        void first.client.request('run.pause', { runId: 'run' });
      if (event.type === 'paused') void first.client.request('run.continue', { runId: 'run' });
      if (event.type === 'checkpoint') checkpoint = event.step;
      if (event.type === 'batch' && checkpoint > 0 && event.step > checkpoint)
        first.child.kill('SIGKILL');
    });
    expect(killed).toBeNull();
    expect(await first.ended).toBe('SIGKILL');
    const second = engine();
    let from = 0;
    const resumed = await train(second, broken, true, (event) => {
      if (event.type === 'started') from = event.fromStep;
    });
    expect(from).toBe(checkpoint);
    expect(await losses(broken)).toEqual(await losses(whole));
    expect(resumed?.train).toEqual(uninterrupted?.train);
    expect(resumed?.test).toEqual(uninterrupted?.test);
    second.client.close();
    expect(await second.ended).toBe(0);
  });

  test('trains on through a Ctrl-C, and ends when its parent disconnects', async () => {
    const lonely = engine();
    void train(lonely, join(place, 'lonely'), false, (event) => {
      // Windows has no signals between processes: `kill` would just end it.
      if (event.type === 'started' && process.platform !== 'win32') lonely.child.kill('SIGINT');
      if (event.type === 'epoch' && event.epoch === 1) lonely.client.close();
    });
    expect(await lonely.ended).toBe(0);
  });

  test('started by hand, it says that it is started by the studio', async () => {
    const { status, stderr } = spawnSync(process.execPath, [join(place, 'engine.js')], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('started by Unroll Studio');
  });
});
