import { describe, expect, it } from 'vitest';
import { between, followed, panned, revealed, shownSpan, zoomed } from './view.js';

const whole = { from: 0, to: 10 };

describe('zoomed', () => {
  it('keeps the place under the pointer where it is', () => {
    expect(zoomed(null, whole, 0.5, 4, 0.1)).toEqual({ from: 2, to: 7 });
  });

  it('stays inside the whole, and is the whole again when it is as wide', () => {
    expect(zoomed({ from: 0, to: 2 }, whole, 2, 2, 0.1)).toEqual({ from: 0, to: 4 });
    expect(zoomed({ from: 1, to: 7 }, whole, 2, 2, 0.1)).toBeNull();
  });

  it('does not go closer than it may', () => {
    expect(zoomed({ from: 2, to: 4 }, whole, 0.1, 3, 1)).toEqual({ from: 2.5, to: 3.5 });
    expect(zoomed(null, { from: 0, to: 0.5 }, 0.5, 0.2, 1)).toBeNull();
  });
});

describe('panned', () => {
  it('moves by parts of what is shown and stops at the ends', () => {
    expect(panned({ from: 2, to: 4 }, whole, 0.5)).toEqual({ from: 3, to: 5 });
    expect(panned({ from: 2, to: 4 }, whole, -5)).toEqual({ from: 0, to: 2 });
    expect(panned({ from: 2, to: 4 }, whole, 50)).toEqual({ from: 8, to: 10 });
    expect(panned(null, whole, 1)).toBeNull();
  });
});

describe('revealed', () => {
  it('leaves a view that has the place, and everything', () => {
    const view = { from: 2, to: 4 };
    expect(revealed(view, whole, 4)).toBe(view);
    expect(revealed(null, whole, 7)).toBeNull();
  });

  it('goes along with the next place, and centres one that is far away', () => {
    expect(revealed({ from: 2, to: 4 }, whole, 4.1)).toEqual({
      from: expect.closeTo(2.3, 9),
      to: expect.closeTo(4.3, 9),
    });
    expect(revealed({ from: 2, to: 4 }, whole, 1.5)).toEqual({
      from: expect.closeTo(1.3, 9),
      to: expect.closeTo(3.3, 9),
    });
    expect(revealed({ from: 0, to: 2 }, whole, 7)).toEqual({ from: 6, to: 8 });
    expect(revealed({ from: 0, to: 2 }, whole, 10)).toEqual({ from: 8, to: 10 });
  });
});

describe('between', () => {
  it('takes its two ends in either order', () => {
    expect(between(6, 3, whole, 1)).toEqual({ from: 3, to: 6 });
    expect(between(3, 3, whole, 1)).toEqual({ from: 2.5, to: 3.5 });
    expect(between(-1, 12, whole, 1)).toBeNull();
  });
});

describe('followed', () => {
  it('a view of the end goes with the end, any other stays', () => {
    const grown = { from: 0, to: 11 };
    expect(followed({ from: 8, to: 10 }, whole, grown)).toEqual({ from: 9, to: 11 });
    expect(followed({ from: 7, to: 9 }, whole, grown)).toEqual({ from: 7, to: 9 });
    expect(followed(null, whole, grown)).toBeNull();
  });
});

describe('shownSpan', () => {
  it('moves a view that lies outside into what there is', () => {
    expect(shownSpan({ from: 8, to: 12 }, whole)).toEqual({ from: 6, to: 10 });
    expect(shownSpan(null, whole)).toEqual(whole);
  });
});
