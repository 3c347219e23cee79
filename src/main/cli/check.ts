/** `unroll check`: problems of a project, its graph and its data, one a line. */
import { formatError } from '#shared/errors';
import { formatProblem } from '#shared/graph/problems';
import { exitCodes } from './exit-codes.js';
import { failingAs, printJson, printResult } from './output.js';
import { findProblems, hasErrors, loadProject, withEngine } from './session.js';

export async function check(name: string, { json }: { json?: boolean }): Promise<number> {
  const project = await failingAs('badProject', () => loadProject(name));
  const findings = await withEngine((engine) =>
    failingAs('badProject', () => findProblems(engine, project)),
  );
  const { problems, dataError, warnings } = findings;
  if (json === true) {
    for (const problem of problems) printJson({ type: 'problem', ...problem });
    if (dataError !== null) printJson({ type: 'data-error', error: dataError });
    for (const warning of warnings) printJson({ type: 'data-warning', ...warning });
  } else {
    for (const problem of problems) printResult(formatProblem(problem));
    if (dataError !== null)
      printResult(`error: data: ${formatError(dataError)} [${dataError.code}]`);
    for (const { message, hint, code } of warnings)
      printResult(`warning: data: ${message}${hint === '' ? '' : ` ${hint}`} [${code}]`);
    if (problems.length === 0 && dataError === null && warnings.length === 0)
      printResult(`"${project.document.name}": no problems.`);
  }
  return hasErrors(findings) ? exitCodes.badProject.code : exitCodes.ok.code;
}
