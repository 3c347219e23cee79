/** The engine is killed in mid-training: nothing hangs, the studio says so, and the run can go on. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { jsonLines, unroll } from './cli.js';
import { expect, test, type Studio } from './studio.js';

/** The engine process that this host started. */
function enginePid(studio: Studio): number {
  const children = execFileSync('pgrep', ['-P', String(studio.process.pid)], { encoding: 'utf8' });
  const pid = Number(children.trim().split('\n')[0]);
  if (!Number.isInteger(pid)) throw new Error('no engine process');
  return pid;
}

const finalLoss = (folder: string): number =>
  JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')).train.loss;

test('kill -9 of the engine is told, and resume ends at the loss of an uninterrupted run', async ({
  window,
  studio,
}) => {
  const main = window.getByRole('main');
  await window.getByRole('banner').getByRole('button', { name: 'Train' }).click();
  // Not the one that every run starts with.
  await expect(main.getByText(/checkpoint at step [1-9]/)).toBeVisible({ timeout: 60_000 });
  process.kill(enginePid(studio), 'SIGKILL');
  await expect(main.getByText(/engine/i).first()).toBeVisible();
  const resume = main.getByRole('button', { name: /Resume/ });
  await expect(resume).toBeVisible();

  // The studio still works: other views open and the project can be edited.
  await window.getByRole('navigation').getByRole('button', { name: 'Design' }).click();
  await window.getByRole('textbox', { name: 'Project name' }).fill('After the crash');
  await window.getByRole('navigation').getByRole('button', { name: 'Train' }).click();

  await resume.click();
  await expect(main.getByRole('button', { name: 'Try it' })).toBeVisible({ timeout: 90_000 });
  const runs = join(studio.workspace, 'runs');
  const [run] = readdirSync(runs);
  const resumed = finalLoss(join(runs, run ?? ''));

  const reference = await unroll(
    ['train', 'sentiment-bilstm', '--json', '--out', join(studio.workspace, 'reference')],
    { workspace: studio.workspace },
  );
  const done = jsonLines(reference.stdout).at(-1)?.train as { loss: number };
  expect(resumed).toBe(done.loss);
});
