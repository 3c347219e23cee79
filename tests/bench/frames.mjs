/** How fluid a gesture is in a real Chromium. */
import { chromium } from '@playwright/test';
import { findChromium } from '../../scripts/browser.mjs';

export const launch = () =>
  chromium.launch({
    executablePath: findChromium() ?? undefined,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });

/* global PerformanceObserver, requestAnimationFrame */
/** Runs in the page: times between frames and long tasks (over 50 ms) until `stopRecording`. */
const record = () => {
  const frames = [];
  const long = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) long.push(duration);
  });
  observer.observe({ entryTypes: ['longtask'] });
  let last = null;
  let going = true;
  const tick = (now) => {
    if (last !== null) frames.push(now - last);
    last = now;
    if (going) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  globalThis.stopRecording = () => {
    going = false;
    observer.disconnect();
    return { frames, long };
  };
};

/** Prints the times between frames and the long tasks while `gesture` runs, in milliseconds. */
export async function measure(page, name, gesture) {
  await page.evaluate(record);
  await gesture();
  const { frames, long } = await page.evaluate(() => globalThis.stopRecording());
  const sorted = frames.sort((a, b) => a - b);
  const at = (part) => sorted[Math.floor(part * (sorted.length - 1))]?.toFixed(1);
  const total = long.reduce((sum, duration) => sum + duration, 0);
  console.log(
    `${name.padEnd(24)} median ${at(0.5)} ms, 95 % ${at(0.95)} ms, worst ${at(1)} ms a frame; ` +
      `${long.length} long tasks` +
      (long.length > 0
        ? `, longest ${Math.max(...long).toFixed(0)} ms, ${total.toFixed(0)} ms in all`
        : ''),
  );
}
