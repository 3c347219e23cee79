/** `unroll import`: a `.unroll.zip` becomes a project and a run of the workspace. */
import { basename, join, resolve } from 'node:path';
import { examplesFolder } from '../app-paths.js';
import { readBytes } from '../files.js';
import { importProjectZip } from '../project-import.js';
import { createProjects } from '../projects.js';
import { openWorkspace, workspacePath } from '../workspace.js';
import { exitCodes } from './exit-codes.js';
import { failingAs, printJson, printResult } from './output.js';

export async function importCommand(
  file: string,
  { json = false, workspace: given }: { json?: boolean; workspace?: string },
): Promise<number> {
  const path = resolve(file);
  const bytes = await failingAs('usage', () => readBytes(path));
  const { project, runId, runWasThere, folder } = await failingAs('badProject', async () => {
    const workspace = await openWorkspace(workspacePath(given));
    const projects = createProjects(workspace, examplesFolder);
    const imported = await importProjectZip(basename(path), bytes, workspace, projects);
    return { ...imported, folder: join(workspace.runs, imported.runId) };
  });
  if (json) printJson({ type: 'imported', project: project.path, run: runId, folder, runWasThere });
  else {
    printResult(`Project: ${project.path}`);
    printResult(`Run: ${folder}${runWasThere ? ' (it was there already)' : ''}`);
  }
  return exitCodes.ok.code;
}
