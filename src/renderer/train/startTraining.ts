import type { RunEntry } from '#shared/ipc/studio';
import { useProject } from '../stores/project.js';
import { useRuns } from '../stores/runs.js';
import { reportError, useStudio } from '../stores/studio.js';

/** Starts a run of the open project on the chosen device and shows it. Errors become notices. */
export async function startTraining(): Promise<RunEntry | null> {
  const { path, document } = useProject.getState();
  if (path === null || document === null) return null;
  try {
    const device = useStudio.getState().deviceChoice;
    const entry = await useRuns.getState().start({ projectPath: path, document, device });
    useStudio.getState().setView('train');
    return entry;
  } catch (error) {
    reportError(error);
    return null;
  }
}
