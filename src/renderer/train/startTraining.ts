import type { RunEntry } from '#shared/ipc/studio';
import { useProject } from '../stores/project.js';
import { useRuns } from '../stores/runs.js';
import { reportError, useStudio } from '../stores/studio.js';

/** Starts a run of the open project on the chosen device and shows it. Errors become notices. */
export async function startTraining(): Promise<RunEntry | null> {
  const { path, document } = useProject.getState();
  if (path === null || document === null) return null;
  try {
    const device = useStudio.getState().settings.device;
    const entry = await useRuns.getState().start({ projectPath: path, document, device });
    useStudio.getState().setView('train');
    return entry;
  } catch (error) {
    reportError(error);
    return null;
  }
}

/** Why no run can be started now, or put behind the one that trains; null where one can. */
export function trainingObstacle({ evenBehindAnother = false } = {}): string | null {
  const { connection, engine } = useStudio.getState();
  if (connection.phase !== 'open') return 'The studio is not connected.';
  if (engine.status !== 'ready') return 'The engine is not running yet.';
  const { document, problems, preview } = useProject.getState();
  if (document === null) return 'No project is open.';
  if (!evenBehindAnother && useRuns.getState().activeRunId !== null) return 'A run is training.';
  if (problems.some(({ severity }) => severity === 'error'))
    return 'The network has problems to solve first.';
  if (preview.phase === 'loading') return 'The data is being prepared.';
  return null;
}
