import { describe, expect, it } from 'vitest';
import { settledAfter, turningToken } from './turning.js';

const two = (...second: number[]) => ({ probabilities: second.map((p) => [1 - p, p]) });

describe('the token that changed the answer most', () => {
  it('is the one with the largest step, in terms of the final answer', () => {
    const turn = turningToken(two(0.6, 0.81, 0.22, 0.3));
    expect(turn).toMatchObject({ index: 2, label: 0, turned: true });
    expect(turn?.before).toBeCloseTo(0.19);
    expect(turn?.after).toBeCloseTo(0.78);
  });

  it('may move the answer without turning it', () => {
    expect(turningToken(two(0.6, 0.9, 0.95))).toMatchObject({ index: 1, label: 1, turned: false });
  });

  it('names the class that moved most among several', () => {
    const probabilities = [
      [0.5, 0.3, 0.2],
      [0.45, 0.05, 0.5],
      [0.5, 0.05, 0.45],
    ];
    expect(turningToken({ probabilities })).toMatchObject({ index: 1, label: 2, turned: true });
  });

  it('is none in a text of one token, nor where nothing changes', () => {
    expect(turningToken(two(0.7))).toBeNull();
    expect(turningToken(two(0.7, 0.7))).toBeNull();
  });
});

describe('the answer', () => {
  it('is settled after the last token before which it was another', () => {
    expect(settledAfter(two(0.7, 0.2, 0.6, 0.8))).toBe(3);
    expect(settledAfter(two(0.7, 0.9))).toBe(1);
    expect(settledAfter(two(0.7, 0.9, 0.1))).toBe(3);
  });
});
