/**
 * `node scripts/build-tensorflow.mjs`: the `tensorflow` device on a machine where tfjs-node's own
 * download fails (it wants libtensorflow 2.9.1 from one host, and nothing else will do).
 *
 * It installs @tensorflow/tfjs-node 4.22 without its scripts, takes TensorFlow's C library and headers
 * from PyPI's `tensorflow-cpu` wheel, and compiles tfjs-node's addon against them. The wheel's
 * libtensorflow_cc.so.2 exports the whole C API; the addon compiles unchanged (measured with 2.15.1,
 * g++ 12 and Node 20: 8 s to compile, 210 MB to fetch, 900 MB in node_modules).
 *
 * Needs Linux on x64 or arm64, g++, Python with pip, and Node's headers (shipped with Node's own
 * distributions, in /usr/include/node, or named by `npm config get nodedir`). `npm ci` undoes it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const tensorflowVersion = '2.15.1';
const tfjsVersion = '4.22.0';
const root = join(import.meta.dirname, '..');
const target = join(root, 'node_modules/@tensorflow/tfjs-node');
const addon = join(target, 'lib/napi-v8/tfjs_binding.node');

class Failure extends Error {}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', cwd: root, ...options });
  if (result.error) throw new Failure(`${command} could not be started: ${result.error.message}`);
  if (result.status !== 0) {
    const lastLines = `${result.stdout}${result.stderr}`.trim().split('\n').slice(-15).join('\n');
    throw new Failure(`\`${command} ${args[0]}\` ended with ${result.status}:\n${lastLines}`);
  }
  return result.stdout;
}

function loads() {
  const program =
    "const tf = require('@tensorflow/tfjs-node'); console.log(tf.backend().binding.TF_Version)";
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', program], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
  });
  return status === 0 ? { version: stdout.trim() } : { error: stderr.trim() };
}

/** Folder with node_api.h. */
function nodeHeaders() {
  const configured = spawnSync('npm', ['config', 'get', 'nodedir'], { encoding: 'utf8' }).stdout;
  const folders = [
    join(dirname(dirname(process.execPath)), 'include/node'),
    join(configured?.trim() ?? '', 'include/node'),
    '/usr/include/node',
    '/usr/local/include/node',
  ];
  const found = folders.find((folder) => existsSync(join(folder, 'node_api.h')));
  if (found) return found;
  throw new Failure(
    `Node's headers (node_api.h) are in none of ${folders.join(', ')}. Install them, on Debian with apt-get install libnode-dev.`,
  );
}

function pythonWithPip() {
  const found = [process.env.UNROLL_PYTHON, 'python3', '/usr/bin/python3', 'python'].find(
    (python) => python && spawnSync(python, ['-m', 'pip', '--version']).status === 0,
  );
  if (found) return found;
  throw new Failure(
    'No Python with pip was found. Install one, on Debian with apt-get install python3-pip.',
  );
}

async function fetchWheel(folder) {
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const python = pythonWithPip();
  const platforms = [`manylinux_2_17_${machine}`, `manylinux2014_${machine}`];
  run(python, [
    ...['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder],
    ...['--only-binary', ':all:', '--python-version', '311', '--implementation', 'cp'],
    ...platforms.flatMap((platform) => ['--platform', platform]),
    `tensorflow-cpu==${tensorflowVersion}`,
  ]);
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Failure('pip downloaded no wheel.');
  run(python, ['-m', 'zipfile', '-e', join(folder, wheel), join(folder, 'wheel')]);
  return join(folder, 'wheel/tensorflow');
}

async function main() {
  if (process.platform !== 'linux') {
    throw new Failure(
      'This works on Linux only; elsewhere use `npm install @tensorflow/tfjs-node`.',
    );
  }
  if (existsSync(addon) && 'version' in loads()) {
    console.log('The tensorflow device is there already.');
    return;
  }
  console.log(`Installing @tensorflow/tfjs-node ${tfjsVersion} without its download …`);
  run('npm', [
    ...['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'],
    `@tensorflow/tfjs-node@${tfjsVersion}`,
  ]);
  const temporary = await mkdtemp(join(tmpdir(), 'unroll-tensorflow-'));
  try {
    console.log(`Fetching TensorFlow ${tensorflowVersion} from PyPI …`);
    const tensorflow = await fetchWheel(temporary);
    const libraries = join(target, 'deps/lib');
    await mkdir(libraries, { recursive: true });
    await mkdir(dirname(addon), { recursive: true });
    for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
      await copyFile(join(tensorflow, name), join(libraries, name));
    }
    console.log('Compiling the addon …');
    run('g++', [
      ...['-O2', '-fPIC', '-shared', '-std=c++17', '-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION'],
      ...[`-I${nodeHeaders()}`, `-I${join(tensorflow, 'include')}`, `-I${target}`],
      ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(target, 'binding', name)),
      ...['-o', addon, `-L${libraries}`],
      ...['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
      '-Wl,-rpath,$ORIGIN/../../deps/lib',
    ]);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  const result = loads();
  if ('error' in result) throw new Failure(`The addon does not load:\n${result.error}`);
  console.log(
    `The tensorflow device is ready: TensorFlow ${result.version}. See \`unroll devices\`.`,
  );
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
