/**
 * How the curves of a run of 100,000 steps open, zoom, pan and grow: `node tests/bench/curves.mjs` after
 * `npm run build`. Prints the time until the curves stand, then for each gesture the median and the worst
 * time between frames and the long tasks (over 50 ms), in a real Chromium. `--steps N` for another length,
 * `--picture FILE` for a screenshot at the end.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { parseArgs } from 'node:util';
import { startStudio } from '../../scripts/studio.mjs';
import { launch, measure } from './frames.mjs';

const { values } = parseArgs({
  options: { steps: { type: 'string', default: '100000' }, picture: { type: 'string' } },
});
const steps = Number(values.steps);
const batches = 500;
const runId = '20260101-000000-abcd';

/** A curve that falls with noise, in the records of a run's log. */
const wobble = (step) => {
  const wave = Math.sin(step * 12.9898) * 43758.5453;
  return 2 * (wave - Math.floor(wave)) - 1;
};
const lossAt = (step) => 0.2 + 0.6 * Math.exp(-step / 20_000);
const scores = (loss) => ({
  loss,
  accuracy: 1 - loss / 2,
  perplexity: null,
  meanAbsoluteError: null,
  rootMeanSquaredError: null,
  persistenceMeanAbsoluteError: null,
});
const batchRecord = (step) => ({
  type: 'batch',
  step,
  epoch: Math.ceil(step / batches),
  batch: ((step - 1) % batches) + 1,
  batches,
  loss: lossAt(step) * (1 + 0.3 * wobble(step)),
  accuracy: 1 - (lossAt(step) * (1 + 0.3 * wobble(step + 7))) / 2,
  meanAbsoluteError: null,
  gradientNorm: 1 + 0.5 * wobble(step + 3),
  learningRate: 1e-3 * (1 - step / (2 * steps)),
  examplesPerSecond: 3200,
  tokensPerSecond: 128_000,
  elapsed: step / 100,
  remaining: (2 * steps - step) / 100,
});
const bestEpoch = Math.ceil(steps / batches / 2);
const epochRecord = (epoch) => ({
  type: 'epoch',
  epoch,
  step: epoch * batches,
  train: scores(lossAt(epoch * batches)),
  validation: scores(lossAt(epoch * batches) + Math.abs(epoch - bestEpoch) / 5000),
  learningRate: 1e-3,
  bestEpoch: Math.min(epoch, bestEpoch),
  epochsWithoutGain: Math.max(0, epoch - bestEpoch),
  elapsed: (epoch * batches) / 100,
  memory: { tensors: 40, tensorBytes: 1e6, processBytes: 2e8 },
});

async function writeRun(workspace) {
  const text = await readFile('resources/examples/sentiment-bilstm.unroll.json', 'utf8');
  const document = JSON.parse(text);
  await mkdir(join(workspace, 'projects'), { recursive: true });
  await writeFile(join(workspace, 'projects', 'long.unroll.json'), text);
  const folder = join(workspace, 'runs', runId);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'document.json'), text);
  const lines = [];
  for (let step = 1; step <= steps; step++) {
    lines.push(JSON.stringify(batchRecord(step)));
    if (step % batches === 0) lines.push(JSON.stringify(epochRecord(step / batches)));
  }
  await writeFile(join(folder, 'log.jsonl'), lines.join('\n') + '\n');
  const last = epochRecord(Math.floor(steps / batches));
  const record = {
    format: 'unroll-run',
    version: 1,
    id: runId,
    projectId: document.id,
    projectName: document.name,
    created: '2026-01-01T00:00:00.000Z',
    baseFolder: null,
    device: 'auto',
    seed: 1,
    epochs: (2 * steps) / batches,
    tags: [],
    note: '',
    series: null,
    owner: null,
    state: {
      phase: 'done',
      checkpointStep: null,
      summary: {
        reason: 'completed',
        epochs: last.epoch,
        bestEpoch,
        step: steps,
        train: last.train,
        validation: last.validation,
        test: null,
        seconds: steps / 100,
        device: 'wasm',
        parameters: 1000,
        peakTensorBytes: 1e6,
      },
    },
  };
  await writeFile(join(folder, 'run.json'), JSON.stringify(record));
  return { ...record, folder };
}

const workspace = await mkdtemp(join(tmpdir(), 'unroll-curves-'));
const record = await writeRun(workspace);
const { url, host } = await startStudio(workspace);
const browser = await launch();
try {
  const viewport = { width: 1280, height: 800 };
  let page = await browser.newPage({ viewport });
  const curves = () => page.getByRole('region', { name: 'Curves' });
  const openProject = async () => {
    await page.goto(url);
    const project = page.getByRole('button', { name: /^Sentiment: bidirectional LSTM/ });
    const network = page.getByRole('region', { name: 'Network' });
    await project.or(network).first().waitFor();
    if (!(await network.isVisible())) await project.first().click();
    await network.waitFor();
    await page.waitForTimeout(1500);
  };
  const openCurves = async () => {
    await page.getByRole('navigation').getByRole('button', { name: 'Train' }).click();
    await curves()
      .getByRole('img', { name: /Loss: train \d/ })
      .waitFor();
  };

  console.log(`${steps} steps in Chromium ${browser.version()}`);
  await openProject();
  await measure(page, 'open', async () => {
    const began = performance.now();
    await openCurves();
    console.log(`curves stand after ${(performance.now() - began).toFixed(0)} ms`);
    await page.waitForTimeout(1500);
  });
  const { x, y, width } = await curves().boundingBox();
  const middle = { x: x + width / 2, y: y + 150 };
  const wheel = async (deltaX, deltaY, count) => {
    for (let step = 0; step < count; step++) {
      await page.mouse.wheel(deltaX, deltaY);
      await page.waitForTimeout(16);
    }
  };
  const crosshair = async () => {
    for (let step = 0; step < 80; step++) {
      await page.mouse.move(x + 80 + step * ((width - 120) / 80), middle.y);
      await page.waitForTimeout(16);
    }
  };
  const drag = async () => {
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.down();
    for (let step = 0; step < 80; step++) {
      await page.mouse.move(middle.x + (step < 40 ? step : 80 - step) * 6, middle.y);
      await page.waitForTimeout(16);
    }
    await page.mouse.up();
  };
  await measure(page, 'crosshair, whole run', crosshair);
  await page.mouse.move(middle.x, middle.y);
  await measure(page, 'zoom in', () => wheel(0, -100, 12));
  await measure(page, 'pan by dragging', drag);
  await measure(page, 'crosshair, zoomed', crosshair);
  await page.mouse.move(middle.x, middle.y);
  await measure(page, 'zoom out', () => wheel(0, 100, 40));

  // Live batches are put on the wire of the real host, in its own words.
  await page.close();
  page = await browser.newPage({ viewport });
  let emit = () => {};
  await page.routeWebSocket(/\/ws/, (socket) => {
    socket.connectToServer();
    emit = (name, payload) => socket.send(JSON.stringify({ type: 'event', name, payload }));
  });
  await openProject();
  await openCurves();
  const progress = {
    device: 'wasm',
    deviceName: 'WebAssembly',
    deviceReason: '',
    parameters: 1000,
    seed: 1,
    epochs: (2 * steps) / batches,
    batchesPerEpoch: batches,
    lastBatch: null,
    lastEpoch: null,
    checkpointStep: null,
  };
  emit('run.changed', { ...record, state: { phase: 'training', ...progress } });
  await page.waitForTimeout(500);
  let step = steps;
  const live = async (gesture) => {
    const timer = setInterval(() => {
      step += 5;
      emit('run.event', { runId, event: batchRecord(step) });
    }, 50);
    await gesture();
    clearInterval(timer);
  };
  await measure(page, 'live, whole run', () => live(() => page.waitForTimeout(5000)));
  await page.mouse.move(middle.x, middle.y);
  await wheel(0, -100, 6);
  await measure(page, 'live, pan by dragging', () => live(drag));
  await measure(page, 'live, crosshair', () => live(crosshair));
  const heap = await page.evaluate(() => globalThis.performance.memory?.usedJSHeapSize ?? 0);
  console.log(`JavaScript heap ${(heap / 2 ** 20).toFixed(0)} MiB`);
  if (values.picture !== undefined) await page.screenshot({ path: values.picture });
} finally {
  await browser.close();
  host.kill();
  await rm(workspace, { recursive: true, force: true });
}
