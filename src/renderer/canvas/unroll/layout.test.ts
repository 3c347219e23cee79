import { describe, expect, it } from 'vitest';
import { columnAt, shownSteps, unrolledLayout, type Recurrence } from './layout.js';

const lstm: Recurrence = {
  cell: 'lstm',
  layers: 1,
  directions: ['forward'],
  output: 'last step',
  timeSteps: 40,
};
const states = (recurrence: Recurrence) =>
  unrolledLayout(recurrence).lines.flatMap(({ label }) =>
    label === null ? [] : [`${label.text}${label.index}`],
  );

describe('an unrolled recurrence', () => {
  it('shows the first three steps and the last; all of them where they are few', () => {
    expect(shownSteps(40)).toEqual({ steps: ['1', '2', '3', '40'], gap: true });
    expect(shownSteps(null)).toEqual({ steps: ['1', '2', '3', 'T'], gap: true });
    expect(shownSteps(4)).toEqual({ steps: ['1', '2', '3', '4'], gap: false });
    expect(unrolledLayout({ ...lstm, timeSteps: 4 }).gap).toBeNull();
  });
  it('hands h and c of an LSTM from step to step, h alone otherwise', () => {
    expect(states(lstm)).toEqual(['c0', 'h0', 'c1', 'h1', 'c2', 'h2', 'c39', 'h39']);
    expect(states({ ...lstm, cell: 'gru', timeSteps: null })).toEqual(['h0', 'h1', 'h2', 'hT−1']);
  });
  it('goes backward from the last step', () => {
    expect(states({ ...lstm, cell: 'rnn', directions: ['backward'] })).toEqual([
      'h41',
      'h4',
      'h3',
      'h2',
    ]);
    expect(columnAt(0, 4, true)).toBe(3);
    expect(columnAt(0, 4, false)).toBe(0);
  });
  it('gives an output at every step, or at the step that was read last', () => {
    const columns = (recurrence: Recurrence) =>
      unrolledLayout(recurrence).outputs.map(({ column }) => column);
    expect(columns({ ...lstm, output: 'all steps' })).toEqual([0, 1, 2, 3]);
    expect(columns(lstm)).toEqual([3]);
    expect(columns({ ...lstm, directions: ['backward'] })).toEqual([0]);
    expect(columns({ ...lstm, directions: ['forward', 'backward'] })).toEqual([0, 3]);
  });
  it('marks which cells share their weights', () => {
    const weights = (recurrence: Recurrence) =>
      unrolledLayout(recurrence).cells.map((cell) => cell.weights);
    expect(weights(lstm)).toEqual(Array(4).fill('W'));
    expect(new Set(weights({ ...lstm, directions: ['forward', 'backward'] }))).toEqual(
      new Set(['W', 'W′']),
    );
    expect(weights({ ...lstm, layers: 2 })).toEqual([
      ...Array(4).fill('W¹'),
      ...Array(4).fill('W²'),
    ]);
  });
  it('shows three layers at most and says how many it leaves out', () => {
    const layout = unrolledLayout({ ...lstm, layers: 6 });
    expect(layout.rows.map(({ text }) => text)).toEqual(['layer 1', 'layer 2', 'layer 6']);
    expect(layout.hiddenLayers).toBe(3);
  });
  it('keeps everything inside its frame', () => {
    for (const directions of [['forward'], ['backward'], ['forward', 'backward']] as const)
      for (const timeSteps of [1, 5, 10_000, null]) {
        const { width, height, lines, cells } = unrolledLayout({
          ...lstm,
          directions,
          timeSteps,
          output: 'all steps',
        });
        for (const { x, y } of [...lines.flatMap(({ points }) => points), ...cells]) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x).toBeLessThanOrEqual(width);
          expect(y).toBeGreaterThanOrEqual(0);
          expect(y).toBeLessThanOrEqual(height);
        }
      }
  });
});
