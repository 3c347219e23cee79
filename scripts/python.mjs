/**
 * Pythons for the interop tests: PyTorch's, and one with Keras on TensorFlow. Each is a virtual environment
 * in `.cache/python`, made when first needed from PyPI and used again until its list of packages changes.
 * As root on Debian what is missing for that is installed with apt.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall } from './browser.mjs';

const cache = join(import.meta.dirname, '..', '.cache', 'python');

/** What exported code imports, and the formatter that it must satisfy. */
const shared = ['safetensors==0.8.0', 'regex==2026.11.15', 'black==26.10.1'];
const tensorflow = process.platform === 'darwin' ? 'tensorflow' : 'tensorflow-cpu';
const keras = [`${tensorflow}==2.21.0`, 'keras==3.15.1', 'h5py==3.14.0', ...shared];
const onnx = ['onnx==1.23.2', 'onnxruntime==1.32.0'];

const runs = (python, code) =>
  spawnSync(python, ['-c', code], {
    stdio: 'ignore',
    timeout: 120_000,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
  }).status === 0;

const first = (candidates, code) =>
  candidates.find((python) => python && runs(python, code)) ?? null;

const systemPythons = () => ['python3', '/usr/bin/python3', 'python'];

/** Path of a Python that imports torch and what exported PyTorch code needs; throws with what to do. */
export function ensurePython() {
  const named = process.env.UNROLL_PYTHON;
  if (named && runs(named, 'import torch, safetensors, regex, black')) return named;
  const findTorch = () => first([named, ...systemPythons()], 'import torch');
  let base = findTorch();
  if (!base) {
    console.log('No Python with PyTorch found: getting one.');
    aptInstall(['python3-torch', 'libopenblas0-pthread', 'python3-venv']);
    base = findTorch();
  }
  if (!base)
    throw new Error(
      'The interop tests compare with PyTorch, and no Python with it was found. Run `pip install torch`, ' +
        'or `sudo apt-get install python3-torch` on Debian, or set UNROLL_PYTHON to a Python that has it.',
    );
  return environment('torch', base, shared, ['--system-site-packages']);
}

/** Path of a Python that imports Keras on TensorFlow, onnxruntime and what exported code needs. */
export function ensureKerasPython() {
  const named = process.env.UNROLL_KERAS_PYTHON;
  if (
    named &&
    runs(named, 'import keras, tensorflow, onnxruntime, onnx, safetensors, regex, black')
  )
    return named;
  const supported = 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))';
  const base = first([named, ...systemPythons()], supported);
  if (!base)
    throw new Error(
      'The interop tests compare with Keras on TensorFlow, which needs Python 3.10 to 3.13. Install one, ' +
        'or set UNROLL_KERAS_PYTHON to a Python that has keras, tensorflow, onnx, onnxruntime, safetensors, ' +
        'regex and black.',
    );
  return environment('keras', base, [...keras, ...onnx], []);
}

/** A virtual environment with these packages; the one of an earlier call where it has the same ones. */
function environment(name, base, packages, flags) {
  const folder = join(cache, name);
  const python = join(
    folder,
    ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']),
  );
  const stamp = join(folder, 'made-of.json');
  const wanted = JSON.stringify({ base, packages, flags });
  if (
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === wanted &&
    runs(python, 'import safetensors')
  )
    return python;

  console.log(`Making a Python environment with ${packages.join(', ')} in ${folder}.`);
  mkdirSync(cache, { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  const make = () => succeeds(base, ['-m', 'venv', ...flags, folder]);
  // Debian's Python has `venv` only with a package of its own.
  if (!make() && !(aptInstall(['python3-venv']) && make()))
    throw new Error(
      `\`${base} -m venv\` failed. On Debian it needs \`sudo apt-get install python3-venv\`.`,
    );
  if (
    !succeeds(python, [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      ...packages,
    ])
  )
    throw new Error(`pip could not install ${packages.join(', ')}: the interop tests need PyPI.`);
  writeFileSync(stamp, wanted);
  return python;
}

const succeeds = (command, args) =>
  spawnSync(command, args, { stdio: 'inherit', timeout: 1_200_000 }).status === 0;
