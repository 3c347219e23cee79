/** Times the probes on a device: real training steps, as a run takes them. */
import type { Timed } from '#shared/run/timing';
import { compile, initialWeights } from '../compile/model.js';
import type { Device } from '../devices/types.js';
import { yieldToEventLoop } from '../train/control.js';
import { createOptimizer } from '../train/optimizers.js';
import { Random } from '../train/random.js';
import { trainStep } from '../train/step.js';
import { probes, type Probe } from './probes.js';

/** For everything; a probe that is not done by then was seen long enough. */
const totalSeconds = 2.6;
/** Most steps of a probe that count. */
const mostSteps = 25;

/** @param interrupted asked between steps; true gives up and returns null. */
export async function calibrate(
  device: Device,
  interrupted: () => boolean,
): Promise<Timed[] | null> {
  const end = performance.now() + totalSeconds * 1000;
  const timed: Timed[] = [];
  const all = probes();
  for (const [index, probe] of all.entries()) {
    const now = performance.now();
    const seconds = await time(
      probe,
      device,
      now + (end - now) / (all.length - index),
      interrupted,
    );
    if (seconds === null) return null;
    timed.push({ work: probe.work, seconds });
    // A device that is this slow is known well enough by its small probes.
    if (performance.now() > end) break;
  }
  await device.check();
  return timed;
}

/** Median seconds of a step, after one that compiles and fills caches. @param until of the clock. */
async function time(
  { program, document, batch }: Probe,
  device: Device,
  until: number,
  interrupted: () => boolean,
): Promise<number | null> {
  const model = compile(program, device, initialWeights(program, 1));
  try {
    const optimizer = await createOptimizer(document.training, model, device.id);
    try {
      const seconds: number[] = [];
      for (let step = 1; seconds.length < mostSteps; step++) {
        await yieldToEventLoop();
        if (interrupted()) return null;
        const began = performance.now();
        await trainStep(model, device, optimizer, batch, {
          learningRate: 1e-4,
          step,
          dropout: new Random(1, 'dropout', step),
        });
        if (step > 1) seconds.push((performance.now() - began) / 1000);
        if (performance.now() > until && seconds.length > 0) break;
      }
      return seconds.sort((a, b) => a - b)[seconds.length >> 1] ?? null;
    } finally {
      optimizer.dispose();
    }
  } finally {
    model.dispose();
  }
}
