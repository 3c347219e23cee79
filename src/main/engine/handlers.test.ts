import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dataRecipeSchema } from '#shared/data/recipe';
import type { GraphNode, ProjectDocument } from '#shared/graph/document';
import { parseDocument } from '#shared/graph/parse';
import { createClient, serve } from '#shared/ipc/channel';
import type { Client, EventPayload, Input, Port, Server } from '#shared/ipc/channel';
import { engineContract } from '#shared/ipc/engine';
import type { EngineContract } from '#shared/ipc/engine';
import type { RunEvent } from '#shared/run/events';
import { trainingRecipeSchema } from '#shared/training/recipe';
import { createHandlers } from './handlers.js';
import { Random } from './train/random.js';

/** Two ends of a wire that carries structured clones, like the one between the processes. */
function wire(): [Port, Port] {
  const listeners: [Set<(m: unknown) => void>, Set<(m: unknown) => void>] = [new Set(), new Set()];
  const end = (mine: 0 | 1): Port => ({
    send: (message) => {
      const copy: unknown = structuredClone(message);
      setImmediate(() => {
        for (const listener of listeners[mine === 0 ? 1 : 0]) listener(copy);
      });
    },
    onMessage: (listener) => {
      listeners[mine].add(listener);
      return () => listeners[mine].delete(listener);
    },
    onClose: () => () => {},
    close: () => {},
  });
  return [end(0), end(1)];
}

let client: Client<EngineContract>;
let folder: string;
let events: RunEvent[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unroll-engine-'));
  events = [];
  const [ours, theirs] = wire();
  const server: Server<EngineContract> = serve(
    engineContract,
    theirs,
    createHandlers({
      runEvent: (payload) => server.emit('run.event', payload),
      generated: (payload) => server.emit('run.generated', payload),
      log: (payload) => server.emit('log', payload),
    }),
  );
  client = createClient(engineContract, ours);
  client.listen('run.event', ({ event }) => events.push(event));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function example(id: string): Promise<ProjectDocument> {
  const path = new URL(`../../../resources/examples/${id}.unroll.json`, import.meta.url);
  return parseDocument(await readFile(path, 'utf8'), path.pathname);
}

const start = (document: ProjectDocument, epochs: number | null, runId = 'run') =>
  client.request('run.start', {
    runId,
    folder,
    document,
    baseFolder: null,
    device: 'wasm',
    epochs,
  });

/** The next event of this type, or the first after `from`. */
function heard<T extends RunEvent['type']>(type: T): Promise<Extract<RunEvent, { type: T }>> {
  return new Promise((resolve, reject) => {
    const stop = client.listen('run.event', ({ event }) => {
      const wanted = (e: RunEvent): e is Extract<RunEvent, { type: T }> => e.type === type;
      if (wanted(event)) {
        stop();
        resolve(event);
      } else if (event.type === 'failed') {
        stop();
        reject(new Error(event.error.message));
      }
    });
  });
}

const predict = (
  request: Input<EngineContract, 'run.predict'>['request'],
  device: 'auto' | 'cpu' = 'auto',
) => client.request('run.predict', { folder, baseFolder: null, device, request });

describe('the engine', () => {
  test('trains the shipped next-character example below 0.1 and says "o" after "hell"', async () => {
    const done = heard('done');
    await start(await example('next-character'), null);
    const { summary } = await done;
    expect(summary.train.loss).toBeLessThan(0.1);
    const answer = await predict({ input: { kind: 'text', text: 'hell' }, length: 1 });
    expect(answer).toMatchObject({ kind: 'next-token', generated: 'o', tokens: [...'hell'] });
    if (answer.kind !== 'next-token') throw new Error(answer.kind);
    expect(answer.next[0]?.label).toBe('o');
    // What it says of "hel" is what it foresaw of the second l.
    const before = await predict({ input: { kind: 'text', text: 'hel' } });
    if (before.kind !== 'next-token') throw new Error(before.kind);
    expect(answer.foreseen).toHaveLength(3);
    const [best] = before.next;
    const last = answer.foreseen?.[2];
    expect(last?.expected.label).toBe(best?.label);
    expect(last?.expected.probability).toBeCloseTo(best?.probability ?? NaN, 5);
    expect(last?.probability).toBeCloseTo(
      before.next.find(({ label }) => label === 'l')?.probability ?? NaN,
      5,
    );
    // Sampling is seeded; a hot distribution gives other texts for other seeds.
    const sample = async (seed: number): Promise<string> => {
      const input = { kind: 'text' as const, text: 'hell' };
      const sampled = await predict({ input, length: 30, temperature: 5, seed });
      return sampled.kind === 'next-token' ? sampled.generated : '';
    };
    expect(await sample(1)).toBe(await sample(1));
    expect(await sample(1)).not.toBe(await sample(2));
    expect(await sample(1)).toMatch(/^[helo]{30}$/);
    // The same text as it grows: each step goes on from the one before, and ends as asked in one go.
    const steps: EventPayload<EngineContract, 'run.generated'>[] = [];
    const stopListening = client.listen('run.generated', (step) => steps.push(step));
    const request = {
      job: 'text',
      folder,
      baseFolder: null,
      text: 'hell',
      temperature: 5,
      seed: 1,
    };
    const grown = await client.request('run.generate', { ...request, length: 5_000 });
    expect(grown).toMatchObject({ tokens: 5_000, stopped: false });
    expect(grown.text.slice(0, 30)).toBe(await sample(1));
    stopListening();
    expect(steps.length).toBeGreaterThan(1);
    for (const { job, text, tokens, next } of steps) {
      expect(job).toBe('text');
      expect(text).toHaveLength(tokens);
      expect(grown.text.startsWith(text)).toBe(true);
      expect(next.reduce((sum, { chance }) => sum + chance, 0)).toBeCloseTo(1, 5);
    }
    const narrow = await client.request('run.generate', { ...request, length: 30, topK: 1 });
    const greedy = await client.request('run.generate', { ...request, length: 30, temperature: 0 });
    expect(narrow.text).toBe(greedy.text);
    // Called off, it ends with what there is.
    const step = new Promise((resolve) => client.listen('run.generated', resolve));
    const endless = client.request('run.generate', { ...request, length: 10_000 });
    await step;
    await client.request('job.cancel', { job: 'text' });
    const { text, tokens, stopped } = await endless;
    expect(stopped).toBe(true);
    expect(tokens).toBeLessThan(10_000);
    expect(text).toHaveLength(tokens);
  });

  test('refuses a second training while one runs, and answers predictions meanwhile', async () => {
    const checkpoint = heard('checkpoint');
    await start(await example('next-character'), 100_000);
    await expect(start(await example('next-character'), 1, 'other')).rejects.toMatchObject({
      code: 'engine-busy',
    });
    // The checkpoint at the start knows nothing yet.
    await checkpoint;
    await expect(predict({ input: { kind: 'text', text: 'he' } }, 'cpu')).rejects.toMatchObject({
      code: 'run-has-no-weights',
    });
    await heard('checkpoint');
    const answer = await predict({ input: { kind: 'text', text: 'he' } }, 'cpu');
    expect(answer.kind).toBe('next-token');
    const paused = heard('paused');
    await client.request('run.pause', { runId: 'run' });
    await paused;
    expect((await predict({ input: { kind: 'text', text: 'he' } })).kind).toBe('next-token');
    const continued = heard('continued');
    await client.request('run.continue', { runId: 'run' });
    await continued;
    const done = heard('done');
    await client.request('run.stop', { runId: 'run' });
    expect((await done).summary.reason).toBe('stopped');
    await expect(client.request('run.stop', { runId: 'run' })).rejects.toMatchObject({
      code: 'run-not-active',
    });
  });

  test('classifies text, shows unknown words and attention, and compares a test row', async () => {
    const document = await example('stacked-lstm-attention');
    // A tenth of the rows is enough to learn what an answer looks like.
    const split = { ...document.data.split, validation: 0.05, test: 0.85 };
    const done = heard('done');
    await start({ ...document, data: { ...document.data, split } }, 1);
    await done;
    const answer = await predict({ input: { kind: 'text', text: 'A great film, zzyzx!' } });
    if (answer.kind !== 'classification') throw new Error(answer.kind);
    expect(answer.tokens).toContain('<unk>');
    expect(answer.tokens).toContain('great');
    expect(answer.ranked.reduce((sum, r) => sum + r.probability, 0)).toBeCloseTo(1, 5);
    expect(answer.ranked[0]?.label).toBe(answer.label);
    const [attention] = answer.attention;
    expect(attention).toMatchObject({ node: 'attention', perStep: false });
    expect(attention?.weights[0]).toHaveLength(answer.tokens.length);
    expect(attention?.weights[0]?.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    const prefixes = await client.request('run.prefixes', {
      job: 'prefixes',
      folder,
      baseFolder: null,
      input: { kind: 'text', text: 'A great film, zzyzx!' },
    });
    expect(prefixes.tokens).toEqual(answer.tokens);
    for (const { label, probability } of answer.ranked) {
      const last = prefixes.probabilities.at(-1)?.[prefixes.labels.indexOf(label)];
      expect(last).toBeCloseTo(probability, 5);
    }
    expect(answer.actual).toBeNull();
    const row = await predict({ input: { kind: 'test-row', index: 3 } });
    if (row.kind !== 'classification') throw new Error(row.kind);
    expect(row.actual).toMatch(/positive|negative|[01]/);
    // Its text, asked as one's own, is read the same.
    const again = await predict({ input: { kind: 'text', text: row.text ?? '' } });
    expect(again).toMatchObject({ tokens: row.tokens, ranked: row.ranked, text: null });
    await expect(predict({ input: { kind: 'test-row', index: 10_000 } })).rejects.toMatchObject({
      code: 'no-such-row',
    });
    await expect(predict({ input: { kind: 'text', text: '  ' } })).rejects.toMatchObject({
      code: 'empty-text',
    });
    await expect(predict({ input: { kind: 'series', rows: [[1]] } })).rejects.toMatchObject({
      code: 'wrong-input',
    });
  });

  test('forecasts in the data’s own units, and says how many rows it needs', async () => {
    const document = await example('weather-forecast');
    if (document.data.task !== 'forecast') throw new Error(document.data.task);
    const { window, horizon, targetColumns, inputColumns } = document.data;
    const done = heard('done');
    await start(document, 5);
    await done;
    const row = await predict({ input: { kind: 'test-row', index: 0 } });
    if (row.kind !== 'forecast') throw new Error(row.kind);
    expect(row.values).toHaveLength(horizon);
    expect(row.history).toHaveLength(window);
    expect(row.targets).toEqual(targetColumns);
    const [value, actual] = [row.values[0]?.[0] ?? NaN, row.actual?.[0]?.[0] ?? NaN];
    // Degrees, not standard deviations.
    expect(Math.abs(value - actual)).toBeLessThan(15);
    const rows = Array.from({ length: window - 1 }, () => inputColumns.map(() => 10));
    const failure = predict({ input: { kind: 'series', rows } });
    await expect(failure).rejects.toMatchObject({ code: 'series-too-short' });
    await expect(failure).rejects.toThrow(String(window));
    const series = [...rows, ...rows].map((own, i) => own.map(() => 10 + (i % 2)));
    const answer = await predict({ input: { kind: 'series', rows: series } });
    if (answer.kind !== 'forecast') throw new Error(answer.kind);
    expect(answer.history).toHaveLength(window);
    expect(answer.history.at(-1)?.[0]).toBeCloseTo(series.at(-1)?.[0] ?? NaN, 4);

    // Rolled out: the same as asking again with what was predicted, the other columns held.
    const steps = 2 * horizon + 1;
    const far = await predict({ input: { kind: 'series', rows: series }, horizon: steps });
    if (far.kind !== 'forecast') throw new Error(far.kind);
    expect(far.values).toHaveLength(steps);
    const grown = [...series];
    const fed: number[][] = [];
    while (fed.length < steps) {
      const next = await predict({ input: { kind: 'series', rows: grown } });
      if (next.kind !== 'forecast') throw new Error(next.kind);
      fed.push(...next.values);
      for (const values of next.values)
        grown.push(
          inputColumns.map(
            (name, i) => values[targetColumns.indexOf(name)] ?? grown.at(-1)?.[i] ?? NaN,
          ),
        );
    }
    far.values.forEach((values, step) =>
      values.forEach((own, i) =>
        expect(Math.abs(own - (fed[step]?.[i] ?? NaN))).toBeLessThan(1e-4),
      ),
    );

    // On the test part: at the network's own horizon these are the errors of the results.
    const place = { folder, baseFolder: null };
    const results = await client.request('run.results', place);
    if (results?.kind !== 'forecast') throw new Error('no results');
    const rolled = await client.request('run.rollOut', { ...place, job: 'roll', horizon });
    expect(rolled.held).toEqual(inputColumns.filter((name) => !targetColumns.includes(name)));
    expect(rolled.windows).toBe(results.targets[0]?.actual.length);
    for (const [i, { byStep }] of rolled.targets.entries())
      for (const [step, { meanAbsolute, persistence }] of byStep.entries()) {
        const known = results.targets[i]?.byStep[step];
        expect(meanAbsolute).toBeCloseTo(known?.meanAbsolute ?? NaN, 4);
        expect(persistence).toBeCloseTo(known?.persistence ?? NaN, 4);
      }
    const further = await client.request('run.rollOut', { ...place, job: 'roll', horizon: steps });
    expect(further.targets[0]?.byStep).toHaveLength(steps);
    expect(further.windows).toBe(rolled.windows - (steps - horizon));
    await expect(
      client.request('run.rollOut', { ...place, job: 'roll', horizon: 400 }),
    ).rejects.toMatchObject({ code: 'horizon-too-long' });
  });

  test('tags every token of a text, learned from a user’s own file', async () => {
    // A word is a name exactly where it follows "mr".
    const words = ['mr', 'smith', 'met', 'jones', 'and', 'left'];
    const random = new Random(1, 'names');
    const lines = Array.from({ length: 200 }, () => {
      const text = Array.from({ length: 2 + random.integer(5) }, () => words[random.integer(6)]);
      const tags = text.map((_, k) => (text[k - 1] === 'mr' ? 'NAME' : 'O'));
      return JSON.stringify({ text: text.join(' '), tags: tags.join(' ') });
    });
    await writeFile(join(folder, 'names.jsonl'), lines.join('\n'));
    const base = await example('sentiment-rnn');
    const node = (id: string, block: string, params: GraphNode['params'] = {}): GraphNode => ({
      id,
      block,
      name: id,
      params,
      position: { x: 0, y: 0 },
    });
    const chain = [
      node('tokens', 'tokens-input'),
      node('embedding', 'embedding', { units: 8 }),
      node('lstm', 'lstm', { units: 12, output: 'all steps' }),
      node('dense', 'time-distributed-dense', { units: null }),
      node('head', 'classify-each-step'),
    ];
    const document: ProjectDocument = {
      ...base,
      graph: {
        nodes: chain,
        edges: chain.slice(1).map((to, i) => ({
          id: `edge-${to.id}`,
          source: { node: chain[i]?.id ?? '', port: 'out' },
          target: { node: to.id, port: 'in' },
        })),
        groups: [],
        comments: [],
      },
      data: dataRecipeSchema.parse({
        task: 'tagging',
        source: { kind: 'file', path: 'names.jsonl' },
        textColumn: 'text',
        labelColumn: 'tags',
        tokenizer: {},
        maximumTimeSteps: 10,
        split: {},
      }),
      training: trainingRecipeSchema.parse({
        epochs: 25,
        batchSize: 16,
        optimizer: { kind: 'adam', learningRate: 0.03 },
      }),
    };
    const done = heard('done');
    await client.request('run.start', {
      runId: 'run',
      folder: join(folder, 'run'),
      document,
      baseFolder: folder,
      device: 'wasm',
    });
    const { summary } = await done;
    expect(summary.test?.accuracy).toBeGreaterThan(0.95);
    const answer = await client.request('run.predict', {
      folder: join(folder, 'run'),
      baseFolder: null,
      request: { input: { kind: 'text', text: 'and mr jones left' } },
    });
    if (answer.kind !== 'tagging') throw new Error(answer.kind);
    expect(answer.tokens).toEqual(['and', 'mr', 'jones', 'left']);
    expect(answer.tags.map((tag) => tag.label)).toEqual(['O', 'O', 'NAME', 'O']);
  });

  test('a graph with an error fails the run and names the block', async () => {
    const document = await example('next-character');
    const head = document.graph.nodes.at(-1)?.id ?? '';
    const graph = {
      ...document.graph,
      edges: document.graph.edges.filter((edge) => edge.target.node !== head),
    };
    await expect(Promise.all([heard('done'), start({ ...document, graph }, 1)])).rejects.toThrow(
      /nothing is connected/,
    );
    expect(events.at(-1)).toMatchObject({
      type: 'failed',
      error: { code: 'graph-not-ready', place: { node: head } },
    });
  });

  test('a run that is not there, or has no weights yet, says so', async () => {
    await expect(predict({ input: { kind: 'text', text: 'a' } })).rejects.toMatchObject({
      code: 'run-not-found',
    });
    const done = heard('done');
    await start(await example('next-character'), 100_000);
    await client.request('run.stop', { runId: 'run' });
    expect((await done).summary.step).toBe(0);
    await expect(predict({ input: { kind: 'text', text: 'a' } })).rejects.toMatchObject({
      code: 'run-has-no-weights',
    });
  });
});
