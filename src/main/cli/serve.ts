/** `unroll serve`: the studio for a browser. */
import open from 'open';
import { rendererFolder } from '../app-paths.js';
import { forkEngine } from '../engine-process.js';
import { startHost } from '../serve/host.js';
import { createStudio } from '../studio.js';
import { workspacePath } from '../workspace.js';
import { exitCodes } from './exit-codes.js';
import { failingAs, note, printResult } from './output.js';
import { personSettings } from './settings.js';

export interface ServeOptions {
  port?: number;
  host?: string;
  workspace?: string;
  /** The workspace was named for this start, and is not the setting. */
  workspaceAsked: boolean;
  open?: boolean;
}

/** Resolves with the exit code when the studio was asked to end (Ctrl-C, SIGTERM, SIGHUP). */
export async function serveStudio(options: ServeOptions): Promise<number> {
  const ended = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        resolve(signal);
        // A second one does not wait for the checkpoint.
        process.on(signal, () => process.exit(exitCodes.stopped.code));
      });
    }
  });
  const { studio, host } = await failingAs('usage', async () => {
    const studio = await createStudio({
      workspace: workspacePath(options.workspace),
      workspaceAsked: options.workspaceAsked,
      settings: await personSettings(),
      host: 'browser',
      engineSpawn: forkEngine,
      log: note,
    });
    try {
      const host = await startHost({
        studio,
        rendererFolder,
        log: note,
        ...(options.port === undefined ? {} : { port: options.port }),
        ...(options.host === undefined ? {} : { host: options.host }),
      });
      return { studio, host };
    } catch (error) {
      await studio.close(0);
      throw error;
    }
  });
  printResult(`Unroll Studio: ${host.url}`);
  if (options.host !== undefined && !['127.0.0.1', 'localhost', '::1'].includes(options.host)) {
    note(
      'Everyone who can reach this address and has the token can use your files. It is not encrypted.',
    );
  }
  if (options.open === true) {
    await open(host.url).then(
      (browser) => browser.on('error', () => note('No browser could be opened.')),
      () => note('No browser could be opened.'),
    );
  }
  const signal = await ended;
  note('Closing: a run that trains stops with a checkpoint. Once more to end at once.');
  await studio.close();
  await host.close();
  return signal === 'SIGINT' ? exitCodes.stopped.code : exitCodes.ok.code;
}
