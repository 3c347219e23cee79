/** Starts `unroll serve` of this checkout, as it is built, on a workspace and with settings of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** @returns {Promise<{ url: string, host: import('node:child_process').ChildProcess }>} */
export async function startStudio(workspace) {
  const host = spawn(
    process.execPath,
    [join(root, 'bin/unroll.js'), 'serve', '--port', '0', '--workspace', workspace],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Not the settings of whoever runs this.
      env: { ...process.env, UNROLL_SETTINGS: join(workspace, 'settings.json') },
    },
  );
  const url = await new Promise((resolve, reject) => {
    let text = '';
    const read = (chunk) => {
      text += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(text);
      if (found) resolve(found[0]);
    };
    host.stdout.on('data', read);
    host.stderr.on('data', read);
    host.once('exit', (code) => reject(new Error(`unroll serve ended with ${code}: ${text}`)));
  });
  return { url, host };
}
