/** A file on its way into the project: sent, looked at, chosen about, kept or dropped. */
import { create } from 'zustand';
import { StudioError, toWireError, type WireError } from '#shared/errors';
import type { FileLook, Reading } from '#shared/data/look';
import type { DataRecipe, Task } from '#shared/data/recipe';
import { reportError } from '../stores/studio.js';
import { client } from '../transport.js';
import {
  choiceAfter,
  choiceForTask,
  firstChoice,
  rewriteOf,
  type ImportChoice,
} from './importChoice.js';
import { stageFile } from './importFile.js';
import { setRecipe } from './recipeEdit.js';
import { withRole, type Role } from './roles.js';

export interface Choosing {
  phase: 'choosing';
  id: string;
  name: string;
  look: FileLook;
  choice: ImportChoice;
  busy: 'reading' | 'keeping' | null;
  error: WireError | null;
}

export type ImportState =
  | { phase: 'idle' }
  | { phase: 'sending'; name: string; share: number }
  | { phase: 'failed'; name: string; error: WireError }
  | Choosing;

interface ImportStore {
  state: ImportState;
  start(file: File): Promise<void>;
  fail(name: string, error: StudioError): void;
  read(reading: Reading): Promise<void>;
  setTask(task: Task): void;
  setRole(column: string, role: Role): void;
  setRecipe(recipe: DataRecipe): void;
  setPolicy(policy: ImportChoice['policy']): void;
  setSortByTime(sortByTime: boolean): void;
  /** Keeps the file and makes it the project's data, in one step that can be undone. */
  keep(): Promise<void>;
  cancel(): void;
}

export const useImport = create<ImportStore>()((set, get) => {
  /** Grows with every question and with every cancel, so that a late answer is dropped. */
  let ticket = 0;

  const choosing = (): Choosing | null => {
    const { state } = get();
    return state.phase === 'choosing' ? state : null;
  };
  const patch = (change: Partial<Choosing>): void => {
    const state = choosing();
    if (state !== null) set({ state: { ...state, ...change } });
  };
  const choose = (choice: ImportChoice): void => patch({ choice, error: null });

  /** The beginning is looked at first, because it is there at once; then all of it. */
  const look = async (id: string, name: string, reading: Reading | null): Promise<void> => {
    const mine = ++ticket;
    patch({ busy: 'reading', error: null });
    try {
      const show = (found: FileLook, busy: Choosing['busy']): void => {
        const before = choosing();
        const choice =
          before === null ? firstChoice(found) : choiceAfter(before.look, found, before.choice);
        set({ state: { phase: 'choosing', id, name, look: found, choice, busy, error: null } });
      };
      const head = await client.request('data.look', { id, name, reading, whole: false });
      if (mine !== ticket) return;
      show(head, 'reading');
      const whole = await client.request('data.look', {
        id,
        name,
        reading: head.reading,
        whole: true,
      });
      if (mine === ticket) show(whole, null);
    } catch (thrown) {
      if (mine !== ticket) return;
      const error = toWireError(thrown);
      if (choosing() !== null) return patch({ busy: null, error });
      discard(id);
      set({ state: { phase: 'failed', name, error } });
    }
  };

  const discard = (id: string): void => {
    client.request('data.discard', { id }).catch(reportError);
  };

  return {
    state: { phase: 'idle' },
    async start(file) {
      get().cancel();
      const mine = ++ticket;
      const { name } = file;
      set({ state: { phase: 'sending', name, share: 0 } });
      try {
        const id = await stageFile(file, (share) => {
          if (mine !== ticket) return false;
          set({ state: { phase: 'sending', name, share } });
          return true;
        });
        if (id !== null) await look(id, name, null);
      } catch (thrown) {
        if (mine === ticket) set({ state: { phase: 'failed', name, error: toWireError(thrown) } });
      }
    },
    fail: (name, error) => set({ state: { phase: 'failed', name, error: error.toWire() } }),
    async read(reading) {
      const state = choosing();
      if (state !== null) await look(state.id, state.name, reading);
    },
    setTask(task) {
      const state = choosing();
      if (state !== null) choose(choiceForTask(state.look, task));
    },
    setRole(column, role) {
      const state = choosing();
      if (state === null || state.choice.recipe === null) return;
      choose({ ...state.choice, why: '', recipe: withRole(state.choice.recipe, column, role) });
    },
    setRecipe(recipe) {
      const state = choosing();
      if (state !== null) choose({ ...state.choice, why: '', recipe });
    },
    setPolicy(policy) {
      const state = choosing();
      if (state !== null) choose({ ...state.choice, policy });
    },
    setSortByTime(sortByTime) {
      const state = choosing();
      if (state?.choice.recipe?.task !== 'forecast') return;
      choose({ ...state.choice, recipe: { ...state.choice.recipe, sortByTime } });
    },
    async keep() {
      const state = choosing();
      if (state === null || state.choice.recipe === null || state.busy !== null) return;
      const mine = ++ticket;
      const { id, name, choice, look: found } = state;
      patch({ busy: 'keeping', error: null });
      try {
        const rewrite = rewriteOf(found, choice);
        const { path } = await client.request('data.keep', { id, name, rewrite });
        set({ state: { phase: 'idle' } });
        setRecipe({ ...state.choice.recipe, source: { kind: 'file', path } }, `Import ${name}`);
      } catch (thrown) {
        if (mine === ticket) patch({ busy: null, error: toWireError(thrown) });
      }
    },
    cancel() {
      ticket++;
      const state = choosing();
      set({ state: { phase: 'idle' } });
      if (state !== null) discard(state.id);
    },
  };
});

/** What was dropped or picked: one file. */
export function importFrom(files: FileList, items: DataTransferItemList | null): void {
  const { start, fail } = useImport.getState();
  const [file] = files;
  const isFolder = [...(items ?? [])].some((item) => item.webkitGetAsEntry()?.isDirectory === true);
  if (isFolder || file === undefined)
    fail(
      file?.name ?? 'a folder',
      new StudioError(
        'not-a-file',
        'This is a folder, not a file.',
        'Drop one file with all rows: text, CSV, TSV or JSON Lines.',
      ),
    );
  else if (files.length > 1)
    fail(
      `${files.length} files`,
      new StudioError(
        'several-files',
        `${files.length} files were dropped; a project trains on one.`,
        'Put their rows into one file, or drop the one to train on: validation and test rows are split off from it.',
      ),
    );
  else void start(file);
}
