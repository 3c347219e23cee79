/** Runs a Python program with PyTorch. Without PyTorch it fails and says what to install. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const candidates = [process.env['UNROLL_PYTHON'] ?? '/usr/bin/python3', 'python3'];

function findPython(): string {
  for (const python of candidates) {
    const { status } = spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' });
    if (status === 0) return python;
  }
  throw new Error(
    `PyTorch cannot be imported by ${candidates.join(' or ')}. ` +
      'Install it with: apt-get install python3-torch (or point UNROLL_PYTHON to a Python that has it).',
  );
}

/** @param program file beside this one; gets `input` as JSON on stdin, answers with JSON on stdout. */
export function runPython(program: string, input: unknown): unknown {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const { status, stdout, stderr, error } = spawnSync(findPython(), [path], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ended with status ${status}:\n${stderr}`);
  return JSON.parse(stdout);
}
