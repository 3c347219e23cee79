import { expect, it, vi } from 'vitest';
import { createLeases, type LeaseHolder } from './leases.js';

const holder = (letGo: () => Promise<void> = () => Promise.resolve()): LeaseHolder => ({
  yield: vi.fn(letGo),
  free: vi.fn(),
});

it('the first window has the project until it lets go; the second is told no', () => {
  const leases = createLeases();
  const [one, two] = [holder(), holder()];
  expect(leases.take(one, '/a')).toBe(true);
  expect(leases.take(one, '/a')).toBe(true);
  expect(leases.take(two, '/a')).toBe(false);
  expect(leases.heldByAnother(two, '/a')).toBe(true);
  // Another project lets go of the first.
  expect(leases.take(one, '/b')).toBe(true);
  expect(leases.take(two, '/a')).toBe(true);
  leases.release(two);
  expect(leases.take(one, '/a')).toBe(true);
});

it('a window that takes over waits until the other one has saved', async () => {
  const leases = createLeases();
  let saved = false;
  const one = holder(async () => {
    await Promise.resolve();
    saved = true;
  });
  const two = holder();
  leases.take(one, '/a');
  await leases.takeOver(two, '/a');
  expect(saved).toBe(true);
  expect(one.yield).toHaveBeenCalledWith('/a');
  expect(leases.heldByAnother(one, '/a')).toBe(true);
});

it('a window that does not answer, or fails, loses the project all the same', async () => {
  const leases = createLeases(5);
  const [silent, failing, last] = [
    holder(() => new Promise(() => {})),
    holder(() => Promise.reject(new Error('gone'))),
    holder(),
  ];
  leases.take(silent, '/a');
  await leases.takeOver(failing, '/a');
  expect(leases.heldByAnother(silent, '/a')).toBe(true);
  await leases.takeOver(last, '/a');
  expect(leases.heldByAnother(last, '/a')).toBe(false);
});

it('who was refused a project is told when it is free, and when another one takes it then', () => {
  const leases = createLeases();
  const [one, two, three] = [holder(), holder(), holder()];
  leases.take(one, '/a');
  leases.take(two, '/a');
  leases.take(three, '/a');
  expect(two.free).not.toHaveBeenCalled();
  leases.release(one);
  expect(two.free).toHaveBeenLastCalledWith('/a', true);
  expect(three.free).toHaveBeenLastCalledWith('/a', true);
  expect(leases.take(two, '/a')).toBe(true);
  expect(two.free).toHaveBeenCalledTimes(1);
  expect(three.free).toHaveBeenLastCalledWith('/a', false);
  // Who went on to something else, or away, is told no more.
  leases.take(three, '/b');
  leases.release(two);
  expect(three.free).toHaveBeenCalledTimes(2);
});
