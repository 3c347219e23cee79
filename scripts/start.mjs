/**
 * `npm start`: the studio in Electron where that works, otherwise in the browser, with one line that says
 * why. `npm start -- --browser` asks for the browser, `--workspace FOLDER` and `--port N` as `unroll serve`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { electronExecutable, fetchElectron, hasDisplay } from './electron.mjs';

/** An Electron that ends with an error this soon, in milliseconds, could not start. */
const startTime = 15_000;

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    browser: { type: 'boolean', default: false },
    workspace: { type: 'string' },
    port: { type: 'string' },
  },
});

if (!['main/cli.js', 'main/electron.js', 'renderer/index.html'].every(isBuilt)) build();
const reason = await whyNoElectron();
if (reason !== null) {
  console.log(`Opening the studio in the browser: ${reason}.`);
  process.argv = [
    ...process.argv.slice(0, 2),
    'serve',
    ...(hasDisplay() ? ['--open'] : []),
    ...(values.workspace === undefined ? [] : ['--workspace', values.workspace]),
    ...(values.port === undefined ? [] : ['--port', values.port]),
  ];
  await import('../bin/unroll.js');
}

/** Runs the studio in Electron and returns null when it was closed, or says why that can't be done. */
async function whyNoElectron() {
  if (values.browser) return 'as asked for';
  if (!hasDisplay()) return 'there is no display for a window';
  if (process.platform === 'linux' && process.getuid?.() === 0)
    return 'Electron does not run as root';
  if (!existsSync(join(root, 'node_modules', 'electron'))) return 'Electron is not installed';
  const executable = electronExecutable(root) ?? (await fetchElectron(root));
  if (executable === null) return "Electron's binary is not installed and could not be downloaded";
  const test = spawnSync(executable, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  if (test.status !== 0)
    return `Electron does not start here (${firstLine(test.error?.message ?? test.stderr)})`;
  return runElectron(executable);
}

function runElectron(executable) {
  const env = { ...process.env };
  // Set by some editors' terminals; Electron would run as plain Node.
  delete env.ELECTRON_RUN_AS_NODE;
  if (values.workspace !== undefined) env.UNROLL_WORKSPACE = resolve(values.workspace);
  const started = Date.now();
  const child = spawn(executable, [root], { stdio: 'inherit', env });
  // Ctrl-C reaches Electron too; it stops a run with a checkpoint, and this waits for it.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((done) => {
    child.on('error', (error) => done(`Electron does not start here (${error.message})`));
    child.on('exit', (code, signal) => {
      if (code !== 0 && Date.now() - started < startTime && signal !== 'SIGTERM') {
        process.removeAllListeners('SIGINT');
        process.removeAllListeners('SIGTERM');
        done(`Electron ended at once (${signal ?? `exit code ${code}`})`);
      } else {
        process.exitCode = code ?? 1;
        done(null);
      }
    });
  });
}

function isBuilt(file) {
  return existsSync(join(root, 'out', file));
}

function build() {
  console.log('Building the studio …');
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, 'prepare.mjs')], {
    stdio: 'inherit',
  });
  if (status === 0 && isBuilt('main/cli.js')) return;
  console.error('The studio could not be built. Run `npm ci` with the development packages.');
  process.exit(1);
}

function firstLine(text) {
  return (text ?? '').trim().split('\n')[0] ?? '';
}
