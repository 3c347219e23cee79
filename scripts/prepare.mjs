/** `npm ci` ends here: builds the studio, so that `npx unroll` and `npm start` work at once. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const builder = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');

if (!existsSync(builder)) {
  console.log('prepare: not built, because the development packages are not installed.');
} else {
  const { status, error } = spawnSync(process.execPath, [builder, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (error) throw error;
  process.exitCode = status ?? 1;
}
