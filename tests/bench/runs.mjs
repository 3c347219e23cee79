/**
 * How the list of 1,000 runs opens, scrolls, sorts and filters: `node tests/bench/runs.mjs` after
 * `npm run build`. Prints the median and the worst time between frames and the long tasks (over 50 ms) of
 * each gesture, in a real Chromium. `--runs N` for another number, `--picture FILE` for a screenshot at the
 * end.
 */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { startStudio } from '../../scripts/studio.mjs';
import { launch, measure } from './frames.mjs';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '1000' }, picture: { type: 'string' } },
});
const count = Number(values.runs);

const workspace = await mkdtemp(join(tmpdir(), 'unroll-runs-'));
const example = 'resources/examples/next-character.unroll.json';
await mkdir(join(workspace, 'projects'));
await copyFile(example, join(workspace, 'projects', 'many.unroll.json'));
await promisify(execFile)(
  process.execPath,
  ['bin/unroll.js', 'train', example, '--epochs', '2', '--workspace', workspace],
  { env: { ...process.env, UNROLL_SETTINGS: join(workspace, 'settings.json') } },
);
const [trained] = await readdir(join(workspace, 'runs'));
const record = JSON.parse(await readFile(join(workspace, 'runs', trained, 'run.json'), 'utf8'));
for (let index = 1; index < count; index++) await writeCopy(index);

/** Records of the run that was trained, no two of them alike. */
async function writeCopy(index) {
  const part = (index * 0.618) % 1;
  const scores = { ...record.state.summary.train, loss: 1 - part, accuracy: part };
  const summary = {
    ...record.state.summary,
    reason: ['completed', 'early-stopping', 'stopped'][index % 3],
    validation: scores,
    test: index % 4 === 0 ? null : scores,
    seconds: 4000 * part,
    device: ['wasm', 'webgpu', 'tensorflow'][index % 3],
    parameters: 550 + 97 * index,
    peakTensorBytes: 5e7 * part,
  };
  const copy = {
    ...record,
    id: `20260101-000000-${(0x1000 + index).toString(16)}`,
    created: new Date(Date.UTC(2026, 0, 1) + index * 3_600_000).toISOString(),
    seed: index,
    tags: index % 3 === 0 ? [] : ['baseline', `sweep ${index % 7}`],
    note: index % 5 === 0 ? `A larger learning rate, ${index}` : '',
    state: { ...record.state, summary },
  };
  const folder = join(workspace, 'runs', copy.id);
  await mkdir(folder);
  await writeFile(join(folder, 'run.json'), JSON.stringify(copy));
}

const { url, host } = await startStudio(workspace);
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(url);
  await page
    .getByRole('button', { name: /^Next character/ })
    .first()
    .click();
  await page.locator('.react-flow__node').first().waitFor();
  await page.waitForTimeout(1500);

  const grid = page.getByRole('grid', { name: 'Runs' });
  const filter = page.getByRole('textbox', { name: 'Filter runs' });
  const wheel = async (by) => {
    for (let step = 0; step < 80; step++) {
      await page.mouse.wheel(0, by);
      await page.waitForTimeout(8);
    }
  };
  const press = async (key, times) => {
    for (let time = 0; time < times; time++) {
      await page.keyboard.press(key);
      await page.waitForTimeout(16);
    }
  };
  const settle = () => page.waitForTimeout(700);
  console.log(`${count} runs in Chromium ${browser.version()}`);
  await measure(page, 'open', async () => {
    await page.getByRole('navigation').getByRole('button', { name: 'Runs', exact: true }).click();
    await grid.getByRole('row').nth(20).waitFor();
    await settle();
  });
  await page.mouse.move(640, 400);
  await measure(page, 'scroll', async () => {
    await wheel(100);
    await wheel(-70);
  });
  await measure(page, 'scroll fast', async () => {
    await wheel(900);
    await wheel(-900);
  });
  await measure(page, 'filter', async () => {
    await filter.pressSequentially('sweep 3', { delay: 60 });
    await settle();
    for (let key = 0; key < 7; key++) await filter.press('Backspace', { delay: 60 });
    await settle();
  });
  await measure(page, 'sort', async () => {
    for (const name of ['Loss', 'Loss', 'Tags', 'Created']) {
      await grid.getByRole('columnheader', { name }).getByRole('button').click();
      await settle();
    }
  });
  await grid
    .getByRole('row')
    .nth(3)
    .click({ position: { x: 5, y: 5 } });
  await measure(page, 'walk by keyboard', async () => {
    await press('ArrowDown', 60);
    await press('PageDown', 20);
    await press('End', 1);
    await press('Home', 1);
    await settle();
  });
  await measure(page, 'select all, then none', async () => {
    await press('ControlOrMeta+a', 1);
    await settle();
    await press('Escape', 1);
    await settle();
  });
  if (values.picture !== undefined) await page.screenshot({ path: values.picture });
} finally {
  await browser.close();
  host.kill();
  await rm(workspace, { recursive: true, force: true });
}
