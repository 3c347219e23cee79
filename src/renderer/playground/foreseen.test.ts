import { describe, expect, it } from 'vitest';
import { perplexity, worstForeseen } from './foreseen.js';

const of = (...probabilities: number[]) => probabilities.map((probability) => ({ probability }));

describe('a text that was foreseen', () => {
  it('has the perplexity of as many equally probable choices', () => {
    expect(perplexity(of(1, 1))).toBe(1);
    expect(perplexity(of(0.25, 0.25, 0.25))).toBeCloseTo(4);
    expect(perplexity(of(0.5, 0.125))).toBeCloseTo(4);
  });

  it('names the first of the least foreseen places', () => {
    expect(worstForeseen(of(0.5, 0.1, 0.3, 0.1))).toBe(1);
    expect(worstForeseen([])).toBeNull();
  });
});
