/**
 * The open project: document, history, what the analysis and the data say about it, and saving. Every
 * change goes through `dispatch` as edits; nothing else writes the document.
 */
import { create, type StoreApi, type UseBoundStore } from 'zustand';
import { StudioError, toWireError, type WireError } from '#shared/errors';
import type { DataFacts, DataPreview } from '#shared/data/facts';
import { analyze, type Analysis } from '#shared/graph/analyze';
import { applyEdits, type Edit } from '#shared/graph/edits';
import type { ProjectDocument } from '#shared/graph/document';
import type { Problem } from '#shared/graph/problems';
import type { OpenProject } from '#shared/ipc/studio';
import type { StudioConnection } from '../client.js';
import { client } from '../transport.js';
import { emptyHistory, record, type History } from './history.js';

export type SaveState =
  | 'saved'
  | 'saving'
  | 'unsaved'
  /** `conflict`: the file changed on disk since it was read; autosave waits for a decision. */
  | { error: WireError; conflict: boolean };

export interface Selection {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
  readonly groups: readonly string[];
  readonly comments: readonly string[];
}

/** What `data.preview` says of the document's data recipe. */
export type PreviewState =
  | { phase: 'none' }
  /** `last` is the answer for an earlier recipe, still good to look at. */
  | { phase: 'loading'; last: DataPreview | null }
  | { phase: 'ready'; preview: DataPreview }
  | { phase: 'failed'; error: WireError };

export interface DispatchOptions {
  /** Names the undo step: `Move block`. */
  label: string;
  /** Dispatches with the same key right after each other become one undo step. */
  merge?: string;
}

export interface ProjectState {
  /** True while a project is being fetched to be shown. */
  opening: boolean;
  path: string | null;
  document: ProjectDocument | null;
  analysis: Analysis | null;
  /** null until the data was prepared. */
  facts: DataFacts | null;
  preview: PreviewState;
  /** Everything that is wrong: graph, blocks and data. Errors come first. */
  problems: readonly Problem[];
  saveState: SaveState;
  /** Another window edits this project: here nothing changes it. */
  readOnly: boolean;
  /** It is read-only here, and the other window has let go of it. */
  free: boolean;
  selection: Selection;
  history: History;
  canUndo: boolean;
  canRedo: boolean;

  dispatch(edits: Edit[], options: DispatchOptions): void;
  undo(): void;
  redo(): void;
  select(selection: Partial<Selection>): void;

  open(path: string): Promise<void>;
  openExample(id: string): Promise<void>;
  /** Writes a new project file and shows it. */
  createProject(document: ProjectDocument): Promise<void>;
  /** Unpacks a `.unroll.zip` into the workspace, with its run, and shows the project. */
  importProject(file: { name: string; base64: string }): Promise<void>;
  /** A copy under a new id in the workspace, which is then shown. */
  duplicate(): Promise<void>;
  /** Saves what is unsaved; rejects with the error that is also in `saveState`. */
  save(): Promise<void>;
  /** Takes the file's content and drops what is here. */
  reload(): Promise<void>;
  /** Edits the project here from now on; the other window saves first and looks on. */
  takeOver(): Promise<void>;
  /** After a conflict: writes what is here to a new file. */
  keepMine(): Promise<void>;
  /** Asks for the data's facts again. */
  refreshPreview(): void;
}

export interface ProjectTimings {
  /** Milliseconds from the last edit to the save. */
  autosave: number;
  /** Milliseconds from the last change of the data recipe to `data.preview`. */
  preview: number;
}

const nothingSelected: Selection = { nodes: [], edges: [], groups: [], comments: [] };

function dataProblem(error: WireError): Problem {
  const { file, line, column } = error.place;
  const where = [
    file === undefined ? '' : line === undefined ? file : `${file}:${line}`,
    column === undefined ? '' : `column ${column}`,
  ].filter((part) => part !== '');
  return {
    code: error.code,
    severity: 'error',
    message: where.length > 0 ? `${where.join(', ')}: ${error.message}` : error.message,
    hint: error.hint,
    node: null,
    port: null,
    edge: null,
    fixes: [],
  };
}

function findProblems(analysis: Analysis | null, preview: PreviewState): Problem[] {
  const found = [...(analysis?.problems ?? [])];
  if (preview.phase === 'failed') found.unshift(dataProblem(preview.error));
  const rank = (problem: Problem): number => (problem.severity === 'error' ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b));
}

/** Moving, renaming, grouping or commenting on things does not change what the analysis says. */
const analysisDependsOn = ({ type }: Edit): boolean =>
  !['move-node', 'set-name', 'set-description'].includes(type) && !/group$|comment$/.test(type);

const selectionKinds = ['nodes', 'edges', 'groups', 'comments'] as const;

/** What of the selection is still there; the same object where all of it is. */
function stillThere(selection: Selection, graph: ProjectDocument['graph']): Selection {
  const left = { ...selection };
  let gone = false;
  for (const kind of selectionKinds) {
    if (selection[kind].length === 0) continue;
    const ids = new Set(graph[kind].map(({ id }) => id));
    left[kind] = selection[kind].filter((id) => ids.has(id));
    gone ||= left[kind].length < selection[kind].length;
  }
  return gone ? left : selection;
}

/** Errors of a save after which the person must choose between two versions. */
const conflicts = ['revision-conflict', 'open-elsewhere'];

const copyOf = (document: ProjectDocument): ProjectDocument => ({
  ...document,
  id: crypto.randomUUID(),
  name: `${document.name.slice(0, 190)} (copy)`,
});

export function createProjectStore(
  connection: Pick<StudioConnection, 'request' | 'listen' | 'onStatus'>,
  timings: ProjectTimings = { autosave: 600, preview: 300 },
): UseBoundStore<StoreApi<ProjectState>> {
  let revision: string | null = null;
  let saveTimer: ReturnType<typeof setTimeout> | null = null;
  let saving: Promise<void> | null = null;
  let previewTimer: ReturnType<typeof setTimeout> | null = null;
  /** Grows with every question, so that a late answer to an old one is dropped. */
  let previewTicket = 0;
  let previewUnderWay = false;

  const store = create<ProjectState>()((set, get) => {
    const show = (project: OpenProject): void => {
      if (saveTimer !== null) clearTimeout(saveTimer);
      saveTimer = null;
      revision = project.revision;
      const analysis = analyze(project.document, null);
      const preview: PreviewState = { phase: 'none' };
      set({
        path: project.path,
        document: project.document,
        analysis,
        facts: null,
        preview,
        problems: findProblems(analysis, preview),
        saveState: 'saved',
        selection: nothingSelected,
        history: emptyHistory,
        canUndo: false,
        canRedo: false,
      });
      askPreview(0);
    };

    const hold = async (path: string, takeOver = false): Promise<void> => {
      const { held } = await connection.request('projects.hold', { path, takeOver });
      set({ readOnly: !held, free: false });
    };

    const showWhen = async (fetched: Promise<OpenProject>): Promise<void> => {
      set({ opening: true });
      try {
        const project = await fetched;
        await hold(project.path);
        show(project);
      } finally {
        set({ opening: false });
      }
    };

    /** Brings everything derived in line with a changed document. */
    const changed = (document: ProjectDocument, edits: readonly Edit[], history: History): void => {
      const before = get();
      if (before.readOnly) return;
      const analysis = edits.some(analysisDependsOn)
        ? analyze(document, before.facts)
        : before.analysis;
      const conflicting = typeof before.saveState === 'object' && before.saveState.conflict;
      set({
        document,
        analysis,
        problems:
          analysis === before.analysis ? before.problems : findProblems(analysis, before.preview),
        selection: stillThere(before.selection, document.graph),
        saveState: conflicting ? before.saveState : 'unsaved',
        history,
        canUndo: history.past.length > 0,
        canRedo: history.future.length > 0,
      });
      if (!conflicting) scheduleSave(timings.autosave);
      const old = before.document;
      if (
        old !== null &&
        (old.data !== document.data || old.training.batchSize !== document.training.batchSize)
      )
        askPreview(timings.preview);
    };

    const scheduleSave = (delay: number): void => {
      if (saveTimer !== null) clearTimeout(saveTimer);
      saveTimer = setTimeout(() => {
        saveTimer = null;
        // The error is shown through `saveState`.
        get()
          .save()
          .catch(() => {});
      }, delay);
    };

    const writeOnce = async (): Promise<void> => {
      const { path, document } = get();
      if (path === null || document === null) return;
      set({ saveState: 'saving' });
      try {
        const saved = await connection.request('projects.save', { path, document, revision });
        // Another project was opened meanwhile.
        if (get().path !== path) return;
        revision = saved.revision;
        const unchanged = get().document === document;
        set({ saveState: unchanged ? 'saved' : 'unsaved' });
        if (!unchanged) scheduleSave(timings.autosave);
      } catch (thrown) {
        const error = toWireError(thrown);
        if (get().path === path)
          set({ saveState: { error, conflict: conflicts.includes(error.code) } });
        throw thrown;
      }
    };

    /** What is unsaved is written before another project takes its place. */
    const leave = async (): Promise<void> => {
      const { saveState } = get();
      if (typeof saveState === 'object' && saveState.conflict)
        throw new StudioError(
          'unsaved-changes',
          'This project has changes that are not saved, and its file was changed by another program.',
          'Choose first which of the two to keep: the bar above has the buttons.',
        );
      await get().save();
    };

    const askPreview = (delay: number): void => {
      if (previewTimer !== null) clearTimeout(previewTimer);
      previewTicket++;
      const before = get().preview;
      const last =
        before.phase === 'ready' ? before.preview : before.phase === 'loading' ? before.last : null;
      const preview: PreviewState = { phase: 'loading', last };
      set((state) => ({ preview, problems: findProblems(state.analysis, preview) }));
      previewTimer = setTimeout(() => {
        previewTimer = null;
        requestPreview();
      }, delay);
    };

    /** One at a time: large data take seconds, and of several changes meanwhile only the last counts. */
    const requestPreview = (): void => {
      const { path, document } = get();
      if (document === null || previewUnderWay) return;
      previewUnderWay = true;
      const ticket = previewTicket;
      connection
        .request('data.preview', {
          recipe: document.data,
          projectPath: path,
          batchSize: document.training.batchSize,
        })
        .then(
          (answer): PreviewState => ({ phase: 'ready', preview: answer }),
          (thrown: unknown): PreviewState => ({ phase: 'failed', error: toWireError(thrown) }),
        )
        .then((next) => {
          previewUnderWay = false;
          if (ticket !== previewTicket) {
            if (previewTimer === null) requestPreview();
            return;
          }
          const facts = next.phase === 'ready' ? next.preview.facts : null;
          const current = get().document;
          const analysis = current === null ? null : analyze(current, facts);
          set({ preview: next, facts, analysis, problems: findProblems(analysis, next) });
        });
    };

    return {
      opening: false,
      path: null,
      document: null,
      analysis: null,
      facts: null,
      preview: { phase: 'none' },
      problems: [],
      saveState: 'saved',
      readOnly: false,
      free: false,
      selection: nothingSelected,
      history: emptyHistory,
      canUndo: false,
      canRedo: false,

      dispatch(edits, { label, merge }) {
        const { document, history, opening } = get();
        // An edit of a project that is just being replaced would be lost.
        if (document === null || opening || edits.length === 0) return;
        const result = applyEdits(document, edits);
        changed(result.document, edits, record(history, result.inverse, label, merge ?? null));
      },
      undo() {
        const { document, history } = get();
        const step = history.past.at(-1);
        if (document === null || step === undefined) return;
        const result = applyEdits(document, step.edits);
        changed(result.document, step.edits, {
          past: history.past.slice(0, -1),
          future: [...history.future, { ...step, edits: result.inverse }],
        });
      },
      redo() {
        const { document, history } = get();
        const step = history.future.at(-1);
        if (document === null || step === undefined) return;
        const result = applyEdits(document, step.edits);
        changed(result.document, step.edits, {
          past: [...history.past, { ...step, edits: result.inverse, merge: null }],
          future: history.future.slice(0, -1),
        });
      },
      select(chosen) {
        const same = (a: readonly string[], b: readonly string[]): boolean =>
          a.length === b.length && a.every((id, index) => id === b[index]);
        const selection = { ...nothingSelected, ...chosen };
        const before = get().selection;
        if (selectionKinds.every((kind) => same(selection[kind], before[kind]))) return;
        set({ selection });
      },

      async open(path) {
        await leave();
        await showWhen(connection.request('projects.open', { path }));
      },
      async openExample(id) {
        await leave();
        await showWhen(connection.request('projects.openExample', { id }));
      },
      async createProject(document) {
        await leave();
        await showWhen(connection.request('projects.create', { document }));
      },
      async importProject(file) {
        await leave();
        await showWhen(connection.request('projects.import', file).then(({ project }) => project));
      },
      async duplicate() {
        const { document } = get();
        if (document !== null) await get().createProject(copyOf(document));
      },
      async save() {
        if (saveTimer !== null) clearTimeout(saveTimer);
        saveTimer = null;
        // One at a time: the revision of one save is what the next one builds on.
        while (saving !== null) await saving.catch(() => {});
        if (get().saveState === 'saved') return;
        saving = writeOnce().finally(() => {
          saving = null;
        });
        return saving;
      },
      async reload() {
        const { path } = get();
        if (path !== null) show(await connection.request('projects.open', { path }));
      },
      async keepMine() {
        const { document } = get();
        if (document === null) return;
        const copy = await connection.request('projects.create', { document: copyOf(document) });
        await hold(copy.path);
        show(copy);
      },
      async takeOver() {
        const { path } = get();
        if (path === null) return;
        await hold(path, true);
        await get().reload();
      },
      refreshPreview: () => askPreview(0),
    };
  });

  const retryWhatFailed = (): void => {
    const { preview, saveState, document, refreshPreview, save } = store.getState();
    if (document === null) return;
    if (preview.phase === 'failed') refreshPreview();
    if (saveState === 'unsaved' || (typeof saveState === 'object' && !saveState.conflict))
      save().catch(() => {});
  };
  connection.onStatus((status) => {
    if (status.phase !== 'open') return;
    const { path } = store.getState();
    if (path === null) return;
    // A new connection holds nothing yet, and another window may have come first.
    connection
      .request('projects.hold', { path })
      .then(({ held }) => {
        store.setState({ readOnly: !held, free: false });
        retryWhatFailed();
      })
      // The connection went away again; the next one asks anew.
      .catch(() => {});
  });
  connection.listen('project.wanted', ({ path }) => {
    if (store.getState().path !== path) return;
    store.setState({ readOnly: true, free: false });
    store
      .getState()
      .save()
      // What can't be saved stays here, and the banner offers to keep it as a copy.
      .catch(() => {})
      .then(() => connection.request('projects.letGo', {}))
      // Asked for again, it is told of when the other window lets go.
      .then(() => connection.request('projects.hold', { path }))
      .then(({ held }) => store.setState({ free: held }))
      .catch(() => {});
  });
  connection.listen('project.free', ({ path, free }) => {
    if (store.getState().path === path && store.getState().readOnly) store.setState({ free });
  });
  connection.listen('engine.status', ({ status }) => {
    if (status === 'ready') retryWhatFailed();
  });
  return store;
}

export const useProject = createProjectStore(client);

export const dispatch = (edits: Edit[], options: DispatchOptions): void =>
  useProject.getState().dispatch(edits, options);
