/** `unroll check`: problems of a project, its graph and its data, one a line. */
import { formatError } from '#shared/errors';
import { documentFallbacks } from '#shared/graph/fallbacks';
import { formatProblem } from '#shared/graph/problems';
import type { DeviceChoice } from '#shared/ipc/devices';
import { exitCodes } from './exit-codes.js';
import { failingAs, printJson, printResult } from './output.js';
import { fallbackLines } from './progress.js';
import { bestDevice, findProblems, hasErrors, loadProject, withEngine } from './session.js';

export async function check(
  name: string,
  { device, json }: { device: DeviceChoice; json?: boolean },
): Promise<number> {
  const project = await failingAs('badProject', () => loadProject(name));
  const { findings, chosen } = await withEngine(async (engine) => ({
    findings: await failingAs('badProject', () => findProblems(engine, project)),
    chosen: device === 'auto' ? await bestDevice(engine) : device,
  }));
  const fallbacks = documentFallbacks(chosen, project.document);
  const { problems, dataError, warnings } = findings;
  if (json === true) {
    for (const problem of problems) printJson({ type: 'problem', ...problem });
    if (dataError !== null) printJson({ type: 'data-error', error: dataError });
    for (const warning of warnings) printJson({ type: 'data-warning', ...warning });
    for (const fallback of fallbacks) printJson({ type: 'fallback', device: chosen, ...fallback });
  } else {
    for (const problem of problems) printResult(formatProblem(problem));
    if (dataError !== null)
      printResult(`error: data: ${formatError(dataError)} [${dataError.code}]`);
    for (const { message, hint, code } of warnings)
      printResult(`warning: data: ${message}${hint === '' ? '' : ` ${hint}`} [${code}]`);
    for (const line of fallbackLines(project.document, fallbacks)) printResult(`note: ${line}`);
    if (problems.length === 0 && dataError === null && warnings.length === 0)
      printResult(`"${project.document.name}": no problems.`);
  }
  return hasErrors(findings) ? exitCodes.badProject.code : exitCodes.ok.code;
}
