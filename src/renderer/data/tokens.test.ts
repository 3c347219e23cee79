import { describe, expect, it } from 'vitest';
import { readStep } from './tokens.js';

describe('readStep', () => {
  it('takes token and id apart, also for parentheses, spaces and line ends', () => {
    expect(readStep('great (57)')).toEqual({ token: 'great', id: 57 });
    expect(readStep('( (4)')).toEqual({ token: '(', id: 4 });
    expect(readStep('  (3)')).toEqual({ token: ' ', id: 3 });
    expect(readStep('\n (5)')).toEqual({ token: '\n', id: 5 });
    expect(readStep('0.31')).toEqual({ token: '0.31', id: null });
  });
});
