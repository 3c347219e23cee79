/** Runs the `verify` program of many export folders in one process: a JSON line for each. */
import { pathToFileURL } from 'node:url';

const programs = process.argv.slice(2);
process.argv.push('--json');
for (const program of programs)
  await import(pathToFileURL(program).href).catch((error) =>
    console.log(JSON.stringify({ passed: false, error: error.stack })),
  );
