import { expect, test } from 'vitest';
import { fitRates, predictStep } from '#shared/run/timing';
import { openDevice } from '../devices/index.js';
import { calibrate } from './calibrate.js';

test('times every probe in 3 seconds, leaves no tensor behind, and the fit follows the timings', async () => {
  const device = await openDevice('wasm');
  try {
    const { tensors } = device.memory();
    const began = performance.now();
    const timed = await calibrate(device, () => false);
    expect(performance.now() - began).toBeLessThan(6000);
    expect(device.memory().tensors).toBe(tensors);
    if (timed === null) throw new Error('nobody interrupted it');
    expect(timed.length).toBeGreaterThan(6);
    const rates = fitRates(timed);
    // The machine may be busy: the bound is wide. Large networks are not taken for small ones.
    for (const { work, seconds } of timed) {
      const ratio = predictStep(rates, work) / seconds;
      expect(ratio).toBeGreaterThan(0.2);
      expect(ratio).toBeLessThan(5);
    }
  } finally {
    await device.dispose();
  }
});

test('gives up when asked, and leaves no tensor behind', async () => {
  const device = await openDevice('cpu');
  try {
    const { tensors } = device.memory();
    let asked = 0;
    expect(await calibrate(device, () => ++asked > 3)).toBeNull();
    expect(device.memory().tensors).toBe(tensors);
  } finally {
    await device.dispose();
  }
});
