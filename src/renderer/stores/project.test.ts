import { afterEach, describe, expect, it, vi } from 'vitest';
import { StudioError } from '#shared/errors';
import { noEvidence } from '#shared/data/evidence';
import type { DataFacts, DataPreview } from '#shared/data/facts';
import type { ProjectDocument } from '#shared/graph/document';
import { sampleDocument } from '#shared/graph/samples';
import type { StudioHandlers } from '#shared/ipc/studio';
import { testHost, type TestHost } from '../testing.js';
import { createProjectStore } from './project.js';

const facts: DataFacts = {
  task: 'classification',
  input: { kind: 'tokens', vocabularySize: 5000, timeSteps: 40, padded: true },
  output: { size: 2, labels: ['negative', 'positive'] },
  examples: { train: 70, validation: 10, test: 20 },
  meanTimeSteps: 12,
};
const preview: DataPreview = {
  facts,
  source: { title: 'Reviews', size: 100, unit: 'rows', licence: null, origin: null },
  periods: null,
  table: { columns: ['text', 'label'], rows: [] },
  tokenized: null,
  vocabulary: null,
  classes: [],
  lengths: {
    bins: [],
    mean: 12,
    maximum: 40,
    truncated: 0,
    distribution: [],
  },
  batch: { shape: [32, 40], lengths: [], rows: [] },
  evidence: noEvidence,
};

/** A disk with one project file, and main's rules about revisions. */
function disk() {
  const files = new Map([['/p/sample', { document: sampleDocument, revision: 1 }]]);
  const saves: ProjectDocument[] = [];
  const read = (path: string) => {
    const file = files.get(path);
    if (file === undefined) throw new StudioError('no-such-file', `There is no ${path}.`);
    return { path, document: file.document, revision: String(file.revision) };
  };
  const handlers: Partial<StudioHandlers> = {
    'projects.open': ({ path }) => read(path),
    'projects.create': ({ document }) => {
      files.set(`/p/${document.id}`, { document, revision: 1 });
      return read(`/p/${document.id}`);
    },
    'projects.save': ({ path, document, revision }) => {
      const now = read(path);
      if (revision !== now.revision)
        throw new StudioError('revision-conflict', 'The file was changed by another program.');
      const next = Number(now.revision) + 1;
      files.set(path, { document, revision: next });
      saves.push(document);
      return { revision: String(next) };
    },
    'projects.hold': () => ({ held: true }),
    'data.preview': () => preview,
  };
  return { files, saves, handlers };
}

let host: TestHost | null = null;
afterEach(() => host?.connection.close());

async function open(handlers: Partial<StudioHandlers>, autosave = 20) {
  host = testHost(handlers);
  const store = createProjectStore(host.connection, { autosave, preview: 5 });
  host.connection.start();
  await store.getState().open('/p/sample');
  return store;
}

const rename = (name: string) => [{ type: 'set-name' as const, name }];
const units = (value: number) => [
  { type: 'set-params' as const, id: 'lstm', params: { units: value, output: 'last step' } },
];
const unitsIn = (document: ProjectDocument | null): unknown =>
  document?.graph.nodes.find((node) => node.id === 'lstm')?.params.units;

describe('undo and redo', () => {
  it('takes steps back one by one and does them again', async () => {
    const store = await open(disk().handlers);
    const { dispatch, undo, redo } = store.getState();
    dispatch(rename('One'), { label: 'Rename' });
    dispatch(units(64), { label: 'Units' });
    expect(store.getState()).toMatchObject({ canUndo: true, canRedo: false });
    undo();
    expect(unitsIn(store.getState().document)).toBe(16);
    expect(store.getState().document?.name).toBe('One');
    undo();
    expect(store.getState().document).toEqual(sampleDocument);
    expect(store.getState()).toMatchObject({ canUndo: false, canRedo: true });
    redo();
    redo();
    expect(store.getState().document?.name).toBe('One');
    expect(unitsIn(store.getState().document)).toBe(64);
    expect(store.getState().canRedo).toBe(false);
  });

  it('makes one step of a slider drag, and another of the next drag', async () => {
    const store = await open(disk().handlers);
    const { dispatch, undo } = store.getState();
    for (const value of [17, 20, 24]) dispatch(units(value), { label: 'Units', merge: 'drag 1' });
    for (const value of [25, 32]) dispatch(units(value), { label: 'Units', merge: 'drag 2' });
    expect(store.getState().history.past).toHaveLength(2);
    undo();
    expect(unitsIn(store.getState().document)).toBe(24);
    undo();
    expect(unitsIn(store.getState().document)).toBe(16);
  });

  it('merges edits of different things under one key and still undoes all of them', async () => {
    const store = await open(disk().handlers);
    const { dispatch, undo } = store.getState();
    dispatch(rename('Two'), { label: 'Both', merge: 'both' });
    dispatch(units(99), { label: 'Both', merge: 'both' });
    undo();
    expect(store.getState().document).toEqual(sampleDocument);
  });

  it('forgets what could be redone after a new edit', async () => {
    const store = await open(disk().handlers);
    const { dispatch, undo } = store.getState();
    dispatch(rename('One'), { label: 'Rename' });
    undo();
    dispatch(rename('Two'), { label: 'Rename' });
    expect(store.getState().canRedo).toBe(false);
  });

  it('unselects what an undo removes', async () => {
    const store = await open(disk().handlers);
    const { dispatch, undo, select } = store.getState();
    const node = { id: 'x', block: 'dropout', name: 'X', params: {}, position: { x: 0, y: 99 } };
    dispatch([{ type: 'add-node', node }], { label: 'Add' });
    select({ nodes: ['x', 'lstm'] });
    undo();
    expect(store.getState().selection).toMatchObject({ nodes: ['lstm'], edges: [] });
  });
});

describe('saving', () => {
  it('writes once after a row of edits', async () => {
    const { handlers, saves } = disk();
    const store = await open(handlers);
    const { dispatch } = store.getState();
    dispatch(rename('A'), { label: 'Rename' });
    dispatch(rename('AB'), { label: 'Rename' });
    expect(store.getState().saveState).toBe('unsaved');
    await vi.waitFor(() => expect(store.getState().saveState).toBe('saved'), { timeout: 15_000 });
    expect(saves.map((document) => document.name)).toEqual(['AB']);
  });

  it('saves again what was edited while a save was under way', async () => {
    const { handlers, saves } = disk();
    const save = handlers['projects.save'];
    const gate = { open: (): void => {} };
    const opened = new Promise<void>((resolve) => (gate.open = resolve));
    const store = await open({
      ...handlers,
      'projects.save': async (input) => {
        await opened;
        if (save === undefined) throw new Error('no save');
        return save(input);
      },
    });
    const { dispatch } = store.getState();
    dispatch(rename('A'), { label: 'Rename' });
    await vi.waitFor(() => expect(store.getState().saveState).toBe('saving'), { timeout: 15_000 });
    dispatch(rename('B'), { label: 'Rename' });
    gate.open();
    await vi.waitFor(() => expect(store.getState().saveState).toBe('saved'), { timeout: 15_000 });
    expect(saves.map((document) => document.name)).toEqual(['A', 'B']);
  });

  it('never overwrites a file that changed on disk; "reload" takes the file', async () => {
    const { handlers, files } = disk();
    const store = await open(handlers);
    files.set('/p/sample', { document: { ...sampleDocument, name: 'Theirs' }, revision: 5 });
    store.getState().dispatch(rename('Mine'), { label: 'Rename' });
    await vi.waitFor(
      () =>
        expect(store.getState().saveState).toMatchObject({
          conflict: true,
          error: { code: 'revision-conflict' },
        }),
      { timeout: 15_000 },
    );
    store.getState().dispatch(rename('Mine still'), { label: 'Rename' });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(files.get('/p/sample')?.document.name).toBe('Theirs');
    await store.getState().reload();
    expect(store.getState()).toMatchObject({ saveState: 'saved', canUndo: false });
    expect(store.getState().document?.name).toBe('Theirs');
  });

  it('"keep mine" writes a copy under a new id and leaves the other file alone', async () => {
    const { handlers, files } = disk();
    const store = await open(handlers);
    files.set('/p/sample', { document: { ...sampleDocument, name: 'Theirs' }, revision: 5 });
    store.getState().dispatch(rename('Mine'), { label: 'Rename' });
    await expect(store.getState().save()).rejects.toMatchObject({ code: 'revision-conflict' });
    await store.getState().keepMine();
    const { path, document, saveState } = store.getState();
    expect(path).not.toBe('/p/sample');
    expect(document?.name).toBe('Mine (copy)');
    expect(document?.id).not.toBe('sample');
    expect(saveState).toBe('saved');
    expect(files.get('/p/sample')?.document.name).toBe('Theirs');
  });

  it('does not leave a project whose changes could not be saved', async () => {
    const { handlers, files } = disk();
    const store = await open(handlers);
    files.set('/p/sample', { document: { ...sampleDocument, name: 'Theirs' }, revision: 5 });
    store.getState().dispatch(rename('Mine'), { label: 'Rename' });
    await expect(store.getState().open('/p/sample')).rejects.toMatchObject({
      code: 'revision-conflict',
    });
    await expect(store.getState().open('/p/sample')).rejects.toMatchObject({
      code: 'unsaved-changes',
    });
    expect(store.getState().document?.name).toBe('Mine');
  });

  it('shows why a save failed and tries again with the next edit', async () => {
    const { handlers } = disk();
    const save = handlers['projects.save'];
    let full = true;
    const store = await open({
      ...handlers,
      'projects.save': (input) => {
        if (full) throw new StudioError('disk-full', 'The disk is full.', 'Free some space.');
        if (save === undefined) throw new Error('no save');
        return save(input);
      },
    });
    store.getState().dispatch(rename('A'), { label: 'Rename' });
    await vi.waitFor(
      () =>
        expect(store.getState().saveState).toMatchObject({
          conflict: false,
          error: { code: 'disk-full', hint: 'Free some space.' },
        }),
      { timeout: 15_000 },
    );
    full = false;
    store.getState().dispatch(rename('B'), { label: 'Rename' });
    await vi.waitFor(() => expect(store.getState().saveState).toBe('saved'), { timeout: 15_000 });
  });

  it('saves what is unsaved when the host comes back', async () => {
    const { handlers, saves } = disk();
    const store = await open(handlers, 10);
    host?.setDown(true);
    host?.server().close();
    store.getState().dispatch(rename('Offline'), { label: 'Rename' });
    await vi.waitFor(
      () => expect(store.getState().saveState).toMatchObject({ error: { code: 'not-connected' } }),
      { timeout: 15_000 },
    );
    host?.setDown(false);
    await vi.waitFor(() => expect(store.getState().saveState).toBe('saved'), { timeout: 3000 });
    expect(saves.at(-1)?.name).toBe('Offline');
  });

  it('writes the open project before another one takes its place', async () => {
    const { handlers, saves } = disk();
    const store = await open(handlers, 10_000);
    store.getState().dispatch(rename('Last words'), { label: 'Rename' });
    await store.getState().duplicate();
    expect(saves.map((document) => document.name)).toEqual(['Last words']);
    expect(store.getState().document?.name).toBe('Last words (copy)');
  });
});

describe('data facts', () => {
  it('arrive after opening and reach the shapes', async () => {
    const store = await open(disk().handlers);
    await vi.waitFor(() => expect(store.getState().facts).toEqual(facts), { timeout: 15_000 });
    expect(store.getState().preview).toMatchObject({ phase: 'ready' });
  });

  it('show an error of the data as a problem with its place, until the recipe is mended', async () => {
    const { handlers } = disk();
    const store = await open({
      ...handlers,
      'data.preview': ({ recipe }) => {
        if ('textColumn' in recipe && recipe.textColumn === 'txt')
          throw new StudioError(
            'no-such-column',
            'There is no column "txt".',
            'Columns: text, label.',
            {
              file: 'reviews.csv',
              line: 1,
            },
          );
        return preview;
      },
    });
    const { data } = sampleDocument;
    if (data.task !== 'classification') throw new Error('the sample is a classification');
    store
      .getState()
      .dispatch([{ type: 'set-data', data: { ...data, textColumn: 'txt' } }], { label: 'Data' });
    await vi.waitFor(
      () =>
        expect(store.getState().problems).toContainEqual(
          expect.objectContaining({
            code: 'no-such-column',
            severity: 'error',
            message: 'reviews.csv:1: There is no column "txt".',
          }),
        ),
      { timeout: 15_000 },
    );
    store.getState().undo();
    await vi.waitFor(() => expect(store.getState().facts).toEqual(facts), { timeout: 15_000 });
    expect(store.getState().problems.map(({ code }) => code)).not.toContain('no-such-column');
  });

  it('are asked for once more after several changes while an answer is under way', async () => {
    const asked: string[] = [];
    let answer = (): void => {};
    const store = await open({
      ...disk().handlers,
      'data.preview': async ({ recipe }) => {
        asked.push('textColumn' in recipe ? recipe.textColumn : '');
        await new Promise<void>((resolve) => (answer = resolve));
        return preview;
      },
    });
    await vi.waitFor(() => expect(asked).toEqual(['text']), { timeout: 15_000 });
    const { data } = sampleDocument;
    if (data.task !== 'classification') throw new Error('the sample is a classification');
    for (const textColumn of ['a', 'b', 'c']) {
      store
        .getState()
        .dispatch([{ type: 'set-data', data: { ...data, textColumn } }], { label: 'Data' });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(asked).toEqual(['text']);
    answer();
    await vi.waitFor(() => expect(asked).toEqual(['text', 'c']), { timeout: 15_000 });
    expect(store.getState().preview.phase).toBe('loading');
    answer();
    await vi.waitFor(() => expect(store.getState().preview.phase).toBe('ready'), {
      timeout: 15_000,
    });
  });

  it('are not asked for again when only blocks change', async () => {
    let asked = 0;
    const store = await open({
      ...disk().handlers,
      'data.preview': () => {
        asked += 1;
        return preview;
      },
    });
    await vi.waitFor(() => expect(store.getState().facts).toEqual(facts), { timeout: 15_000 });
    store.getState().dispatch(units(20), { label: 'Units' });
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(asked).toBe(1);
  });
});
