/** `unroll devices`: what there is to compute on, best first. */
import { exitCodes } from './exit-codes.js';
import { printJson, printResult, table } from './output.js';
import { withEngine } from './session.js';

export async function devices({ json }: { json?: boolean }): Promise<number> {
  const reports = await withEngine((engine) => engine.request('devices.list', {}));
  if (json === true) {
    for (const report of reports) printJson(report);
    return exitCodes.ok.code;
  }
  printResult(
    table([
      ['', 'DEVICE', 'NAME', 'WHY'],
      ...reports.map(({ id, name, available, chosen, reason }) => [
        chosen ? '→' : available ? '✓' : '✗',
        id,
        name,
        reason,
      ]),
    ]),
  );
  return exitCodes.ok.code;
}
