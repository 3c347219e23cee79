/** The folder in which the studio keeps what belongs to it. */
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { calibrationSchema } from '#shared/run/timing';
import { hasCode, makeFolder, readText, writeAtomic } from './files.js';

const stateSchema = z.object({
  /** Project files, newest first, in the workspace or elsewhere. */
  recent: z.array(z.string()).default([]),
  /** Where the copy of each example lies. */
  examples: z.record(z.string(), z.string()).default({}),
  /** Of the devices of every machine that opened the workspace. Those of another format are measured anew. */
  calibrations: z.array(calibrationSchema).catch([]),
});
export type WorkspaceState = z.infer<typeof stateSchema>;

export interface Workspace {
  folder: string;
  projects: string;
  data: string;
  runs: string;
  trash: string;
  backups: string;
  /** What the studio remembers from one start to the next. A missing or broken file is an empty state. */
  readState(): Promise<WorkspaceState>;
  /** Changes happen one after the other. */
  updateState(change: (state: WorkspaceState) => WorkspaceState): Promise<void>;
}

export const defaultWorkspace = join(homedir(), 'Unroll Studio');

/** `given` (relative to the current folder), else UNROLL_WORKSPACE, else `~/Unroll Studio`. */
export function workspacePath(given?: string): string {
  const named = given ?? process.env['UNROLL_WORKSPACE'];
  if (named === undefined || named === '') return defaultWorkspace;
  return isAbsolute(named) ? named : resolve(named);
}

/** Makes the folders. Throws `folder-not-writable` or `disk-full`. */
export async function openWorkspace(folder: string): Promise<Workspace> {
  const at = (name: string): string => join(folder, name);
  const statePath = at('state.json');
  let queue: Promise<unknown> = Promise.resolve();

  const readState = async (): Promise<WorkspaceState> => {
    let text: string;
    try {
      text = await readText(statePath);
    } catch (error) {
      if (hasCode(error, 'file-not-found') || hasCode(error, 'invalid-utf8'))
        return stateSchema.parse({});
      throw error;
    }
    try {
      return stateSchema.parse(JSON.parse(text));
    } catch {
      return stateSchema.parse({});
    }
  };

  const workspace: Workspace = {
    folder,
    projects: at('projects'),
    data: at('data'),
    runs: at('runs'),
    trash: at('trash'),
    backups: at('backups'),
    readState,
    updateState(change) {
      const next = queue.then(async () => {
        const state = change(await readState());
        await writeAtomic(statePath, `${JSON.stringify(state, null, 2)}\n`);
      });
      queue = next.catch(() => {});
      return next;
    },
  };
  for (const path of [folder, workspace.projects, workspace.data, workspace.runs])
    await makeFolder(path);
  return workspace;
}
