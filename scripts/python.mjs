/** Finds a Python with PyTorch for the interop tests; as root on Debian it installs one. */
import { spawnSync } from 'node:child_process';
import { aptInstall } from './browser.mjs';

const hasTorch = (python) =>
  spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore', timeout: 120_000 }).status === 0;

export function findPython() {
  const candidates = [process.env.UNROLL_PYTHON, 'python3', '/usr/bin/python3', 'python'];
  return candidates.find((python) => python && hasTorch(python)) ?? null;
}

/** Path of a Python that imports torch; throws with what to do. */
export function ensurePython() {
  const found = findPython();
  if (found) return found;
  console.log('No Python with PyTorch found: getting one.');
  if (aptInstall(['python3-torch', 'libopenblas0-pthread'])) {
    const now = findPython();
    if (now) return now;
  }
  throw new Error(
    'The interop tests compare with PyTorch, and no Python with it was found. Run `pip install torch`, ' +
      'or `sudo apt-get install python3-torch` on Debian, or set UNROLL_PYTHON to a Python that has it.',
  );
}
