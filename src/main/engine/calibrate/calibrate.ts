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
const warmUpSeconds = 0.25;
/** Most steps of a probe that count. */
const mostSteps = 90;

/** @param interrupted asked between steps; true gives up and returns null. */
export async function calibrate(
  device: Device,
  interrupted: () => boolean,
): Promise<Timed[] | null> {
  const end = performance.now() + totalSeconds * 1000;
  const timed: Timed[] = [];
  const all = probes();
  // The first steps of a process are slow, whatever they compute: a small probe warms it up.
  for (const probe of all.slice(0, 1))
    if ((await time(probe, device, performance.now() + warmUpSeconds * 1000, interrupted)) === null)
      return null;
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

/**
 * Mean seconds of a step, as an epoch has them: with what is slow now and then, but without the first third,
 * in which programs are compiled and caches filled. @param until of the clock.
 */
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
      const counted = seconds.slice(Math.floor(seconds.length / 3));
      return counted.reduce((sum, second) => sum + second, 0) / counted.length;
    } finally {
      optimizer.dispose();
    }
  } finally {
    model.dispose();
  }
}
