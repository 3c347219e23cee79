import { describe, expect, it } from 'vitest';
import { gradientVerdict } from './gradients.js';

const fading = (steps: number, factor: number): { norms: number[] } => ({
  norms: Array.from({ length: steps + 1 }, (_, back) => 0.3 * factor ** back),
});

describe('gradientVerdict', () => {
  it('says how little arrives and how far the network sees', () => {
    expect(gradientVerdict(fading(40, 0.8))).toEqual({
      verdict: 'vanishes',
      sentence:
        'the gradient that reaches 40 steps back is 0.013 % of the last step’s: the network hardly ' +
        'learns from what is more than 21 steps back.',
    });
  });

  it('tells an exploding gradient and one that arrives', () => {
    expect(gradientVerdict(fading(40, 1.3)).verdict).toBe('explodes');
    expect(gradientVerdict(fading(10, 0.95))).toMatchObject({
      verdict: 'arrives',
      sentence: expect.stringContaining('10 steps back is 60 % of the last step’s'),
    });
  });

  it('says nothing where there is nothing to compare', () => {
    for (const norms of [[], [1], [0, 0], [1, null], [null, 1]])
      expect(gradientVerdict({ norms }).verdict).toBe('unknown');
  });
});
