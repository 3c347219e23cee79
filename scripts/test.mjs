/**
 * `npm test`: type check, lint, build, unit tests, interop tests against PyTorch and Keras, end-to-end tests
 * in a real browser. Stops at the first step that fails. `npm test -- unit e2e` runs just those steps.
 * `npm test -- tensorflow` builds the `tensorflow` device into node_modules and compares it with PyTorch;
 * it runs only when asked for.
 */
import { spawnSync } from 'node:child_process';
import { ensureChromium } from './browser.mjs';
import { electronExecutable, hasDisplay } from './electron.mjs';
import { ensureKerasPython, ensurePython } from './python.mjs';

const bin = (name) => `node_modules/.bin/${name}${process.platform === 'win32' ? '.cmd' : ''}`;

const steps = {
  typecheck: () => [[bin('tsc'), '--build']],
  lint: () => [
    [bin('eslint'), '.', '--max-warnings', '0'],
    [bin('prettier'), '--check', '--log-level', 'warn', '.'],
  ],
  build: () => [[bin('electron-vite'), 'build', '--logLevel', 'warn']],
  unit: () => [[bin('vitest'), 'run', '--project', 'unit']],
  interop: () => {
    process.env.UNROLL_PYTHON = ensurePython();
    process.env.UNROLL_KERAS_PYTHON = ensureKerasPython();
    process.env.UNROLL_CHROMIUM = ensureChromium();
    return [[bin('vitest'), 'run', '--project', 'interop']];
  },
  e2e: () => {
    // Exports are verified in their frameworks.
    process.env.UNROLL_PYTHON = ensurePython();
    process.env.UNROLL_KERAS_PYTHON = ensureKerasPython();
    process.env.UNROLL_CHROMIUM = ensureChromium();
    if (electronExecutable('.') === null || !hasDisplay())
      console.log(
        'In Chromium only: the Electron spec needs its binary (`npm start`) and a display.',
      );
    return [[bin('playwright'), 'test']];
  },
  tensorflow: () => {
    process.env.UNROLL_PYTHON = ensurePython();
    return [
      [process.execPath, 'scripts/build-tensorflow.mjs'],
      [bin('vitest'), 'run', '--project', 'tensorflow'],
    ];
  },
};
const onRequest = ['tensorflow'];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in steps));
if (unknown.length > 0) {
  console.error(`No step ${unknown.join(', ')}. Steps: ${Object.keys(steps).join(' ')}.`);
  process.exit(2);
}

const started = Date.now();
for (const [name, commands] of Object.entries(steps)) {
  if (asked.length > 0 ? !asked.includes(name) : onRequest.includes(name)) continue;
  const from = Date.now();
  console.log(`\n── ${name}`);
  try {
    for (const [command, ...args] of commands()) {
      const { status, error } = spawnSync(command, args, {
        stdio: 'inherit',
        shell: process.platform === 'win32',
      });
      if (error) throw error;
      if (status !== 0)
        throw new Error(`\`${[command, ...args].join(' ')}\` ended with ${status}.`);
    }
  } catch (error) {
    console.error(`\n${name} failed: ${error.message}`);
    process.exit(1);
  }
  console.log(`── ${name}: ${((Date.now() - from) / 1000).toFixed(0)} s`);
}
console.log(`\nAll steps passed in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
