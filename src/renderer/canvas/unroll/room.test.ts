import { expect, test } from 'vitest';
import { roomsOf, shownY, storedY } from './room.js';

const node = (id: string, y: number) => ({ id, position: { x: 0, y } });
const rooms = roomsOf([node('a', 0), node('b', 160), node('c', 320)], {
  b: { width: 400, height: 284 },
  a: { width: 400, height: 184 },
});

test('what is below an unrolled block moves down by its height, what is beside it stays', () => {
  expect(rooms).toEqual([
    { id: 'a', from: 48, height: 200, drop: 0 },
    { id: 'b', from: 208, height: 300, drop: 0 },
  ]);
  expect(shownY(0, rooms)).toBe(0);
  expect(shownY(40, rooms)).toBe(40);
  expect(shownY(160, rooms)).toBe(360);
  expect(shownY(320, rooms)).toBe(820);
});

test('a place on screen leads back to its place in the document', () => {
  for (const y of [-100, 0, 47, 48, 160, 207, 208, 320, 4000])
    expect(storedY(shownY(y, rooms), rooms)).toBe(y);
  // Dropped on the drawing itself: the row below it.
  expect(storedY(100, rooms)).toBe(48);
  expect(storedY(500, rooms)).toBe(208);
});

test('an unrolled block is dragged past its own room', () => {
  expect(shownY(100, rooms, 'a')).toBe(100);
  expect(storedY(100, rooms, 'a')).toBe(100);
});

test('drawings of one row that would cover each other hang one below the other, in one room', () => {
  const size = { width: 400, height: 184 };
  const row = [
    { id: 'left', position: { x: 0, y: 0 } },
    { id: 'near', position: { x: 200, y: 8 } },
    { id: 'far', position: { x: 700, y: 0 } },
  ];
  const together = roomsOf(row, { left: size, near: size, far: size });
  expect(Object.fromEntries(together.map(({ id, drop }) => [id, drop]))).toEqual({
    left: 0,
    near: 200,
    far: 0,
  });
  expect(shownY(160, together)).toBe(160 + 400);
  expect(storedY(560, together)).toBe(160);
});
