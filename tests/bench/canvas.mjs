/**
 * How a network of 300 blocks pans and drags: `node tests/bench/canvas.mjs` after `npm run build`. Prints
 * the median and the worst time between frames and the long tasks (over 50 ms) of each gesture, in a real
 * Chromium. `--blocks N` for another size,
 * `--picture FILE` for a screenshot at the end.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startStudio } from '../../scripts/studio.mjs';
import { launch, measure } from './frames.mjs';

const { values } = parseArgs({
  options: { blocks: { type: 'string', default: '300' }, picture: { type: 'string' } },
});
const count = Number(values.blocks);

/** Rows of LSTM, layer norm and dropout, each row a chain behind one embedding. */
function bigGraph({ nodes, edges }) {
  const [tokens, embedding] = nodes;
  const big = {
    nodes: [tokens, embedding],
    edges: edges.filter(({ target }) => target.node === embedding.id),
    groups: [],
    comments: [],
  };
  const kinds = [
    ['lstm', { units: 32, output: 'all steps' }],
    ['layer-norm', {}],
    ['dropout', { rate: 0.1 }],
  ];
  const columns = 12;
  for (let index = 0; big.nodes.length < count; index++) {
    const [block, params] = kinds[index % kinds.length];
    const id = `${block}_${index}`;
    const column = index % columns;
    const before = column === 0 ? embedding.id : big.nodes.at(-1).id;
    const position = { x: 480 + column * 240, y: Math.floor(index / columns) * 160 };
    big.nodes.push({ id, block, name: `${block} ${index}`, params, position });
    big.edges.push({
      id: `wire_${index}`,
      source: { node: before, port: 'out' },
      target: { node: id, port: 'in' },
    });
  }
  return big;
}

const workspace = await mkdtemp(join(tmpdir(), 'unroll-canvas-'));
const example = JSON.parse(
  await readFile('resources/examples/sentiment-bilstm.unroll.json', 'utf8'),
);
const project = join(workspace, 'projects', 'big.unroll.json');
await mkdir(join(workspace, 'projects'));
await writeFile(
  project,
  JSON.stringify({ ...example, name: 'Big', graph: bigGraph(example.graph) }),
);
const { url, host } = await startStudio(workspace);
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(url);
  await page.getByRole('button', { name: /^Big/ }).click();
  await page
    .locator('.react-flow__node')
    .nth(count - 1)
    .waitFor();
  await page.waitForTimeout(1500);

  const move = async (from, steps, by) => {
    for (let step = 1; step <= steps; step++) {
      await page.mouse.move(from.x + step * by.x, from.y + step * by.y);
      await page.waitForTimeout(8);
    }
  };
  const middle = async (locator) => {
    const { x, y, width, height } = await locator.boundingBox();
    return { x: x + width / 2, y: y + height / 2 };
  };
  const pan = async () => {
    for (let step = 0; step < 80; step++) {
      await page.mouse.wheel(6, step < 40 ? 6 : -6);
      await page.waitForTimeout(8);
    }
  };
  const view = async (key) => {
    await page.keyboard.press(key);
    await page.waitForTimeout(500);
  };
  const dragged = page.locator('.react-flow__node[data-id="layer-norm_148"]');
  const drag = async (start, by) => {
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    await move(start, 80, by);
    await page.mouse.up();
  };
  const dragBlock = async () => {
    const place = () => dragged.evaluate((node) => node.style.transform);
    const { x, y } = await dragged.boundingBox();
    const before = await place();
    await drag({ x: x + 16, y: y + 4 }, { x: 1, y: 1 });
    if ((await place()) === before) throw new Error('The block was not dragged.');
  };
  console.log(`${count} blocks in Chromium ${browser.version()}`);
  await view('Shift+Digit1');
  await page.mouse.move(640, 120);
  await measure(page, 'pan, all in view', pan);
  await view('Shift+Digit1');
  await measure(page, 'drag, all in view', dragBlock);
  await view('Shift+Digit2');
  await measure(page, 'pan at 100 %', pan);
  await view('Shift+Digit2');
  await measure(page, 'drag at 100 %', dragBlock);
  await view('Shift+Digit2');
  await measure(page, 'drag a wire', async () => {
    await drag(await middle(dragged.locator('.react-flow__handle.source')), { x: 2, y: 2 });
    await page.keyboard.press('Escape');
  });
  if (values.picture !== undefined) await page.screenshot({ path: values.picture });
} finally {
  await browser.close();
  host.kill();
  await rm(workspace, { recursive: true, force: true });
}
