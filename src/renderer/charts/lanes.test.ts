import { describe, expect, it } from 'vitest';
import type { ChartColors } from './colors.js';
import type { Point } from '#shared/run/curves';
import { fittedMaximum, laneBoxes, laneHeading, type Lane, type LaneModel } from './lanes.js';
import type { View } from './view.js';
import { laneOption } from './laneOption.js';

const colors: ChartColors = {
  first: 'teal',
  firstGhost: 'palegreen',
  second: 'orange',
  secondGhost: 'moccasin',
  neutral: 'gray',
  mute: 'silver',
  grid: 'gainsboro',
  axis: 'darkgray',
  crosshair: 'black',
  threshold: 'black',
  label: 'gray',
  strongLabel: 'black',
  panel: 'white',
  raised: 'white',
  outline: 'gray',
  fontFamily: 'sans-serif',
};

const lane = (id: string, points: Point[], values: Partial<Lane> = {}): Lane => ({
  id,
  weight: 1,
  series: [{ id: `${id} train`, name: 'train', points, color: 'first', style: 'line' }],
  scale: 'linear',
  fromZero: false,
  maximum: null,
  formatTick: String,
  threshold: null,
  ...values,
});

const model = (lanes: Lane[], values: Partial<LaneModel> = {}): LaneModel => ({
  lanes,
  xMinimum: 0,
  xMaximum: null,
  formatX: String,
  markX: null,
  right: 16,
  tooltip: () => '',
  ...values,
});

const size = (height: number) => ({ width: 400, height });

const list = (value: unknown): Record<string, unknown>[] => {
  if (!Array.isArray(value)) throw new Error('not a list');
  return value;
};

describe('laneBoxes', () => {
  it('stacks lanes by weight without overlap and inside the height', () => {
    const lanes = [lane('a', [], { weight: 3 }), lane('b', [], { weight: 1 })];
    const [first, second] = laneBoxes(lanes, 400);
    if (first === undefined || second === undefined) throw new Error('two boxes');
    expect(first.top).toBeGreaterThanOrEqual(first.headingTop + laneHeading);
    expect(second.headingTop).toBeGreaterThanOrEqual(first.top + first.height);
    expect(second.top + second.height).toBeLessThan(400);
    expect(first.height / second.height).toBeCloseTo(3, 1);
  });

  it('keeps every lane visible in a container too small for them', () => {
    for (const { height } of laneBoxes([lane('a', []), lane('b', [])], 20)) {
      expect(height).toBeGreaterThan(0);
    }
  });
});

describe('laneOption', () => {
  it('gives every lane the same x range and links their crosshairs', () => {
    const option = laneOption(
      model([lane('a', [[0.5, 1]]), lane('b', [[3, 2]])]),
      null,
      size(400),
      colors,
    );
    expect(list(option.xAxis).map((axis) => axis['max'])).toEqual([3, 3]);
    expect(option.axisPointer).toMatchObject({ link: [{ xAxisIndex: 'all' }] });
    expect(option.animation).toBe(false);
  });

  it('draws axes and grid before the first value, on an axis without numbers', () => {
    const option = laneOption(model([lane('a', [])]), null, size(200), colors);
    expect(list(option.yAxis)[0]).toMatchObject({ min: 0, max: 1, axisLabel: { show: false } });
    expect(list(option.xAxis)[0]).toMatchObject({ min: 0, max: 1 });
  });

  it('takes another axis where the ticks have an interval, which a merged option would keep', () => {
    const ids = (points: Point[]): unknown[] => {
      const option = laneOption(model([lane('a', points)]), null, size(200), colors);
      return [...list(option.yAxis).map(({ id }) => id), list(option.series)[0]?.['yAxisId']];
    };
    const [before, linesBefore] = ids([]);
    const [after, linesAfter] = ids([[1, 40]]);
    expect(after).not.toBe(before);
    expect([linesBefore, linesAfter]).toEqual([before, after]);
  });

  it('ends an axis at its maximum with whole steps', () => {
    const axis = (least: number): unknown =>
      list(
        laneOption(
          model([
            lane(
              'a',
              [
                [1, least],
                [2, 1],
              ],
              { maximum: 1 },
            ),
          ]),
          null,
          size(200),
          colors,
        ).yAxis,
      )[0];
    expect(axis(0.25)).toMatchObject({ min: expect.closeTo(0.2, 9), max: 1, interval: 0.2 });
    expect(axis(0.95)).toMatchObject({ min: expect.closeTo(0.94, 9), max: 1, interval: 0.02 });
    expect(axis(1)).toMatchObject({ min: 0.99, max: 1 });
    expect(axis(0.1)).toMatchObject({ min: 0, max: 1, interval: 0.2 });
  });

  it('takes a log scale only where every value is positive', () => {
    const axis = (points: Point[]): unknown =>
      list(
        laneOption(model([lane('a', points, { scale: 'log' })]), null, size(200), colors).yAxis,
      )[0]?.['type'];
    expect(axis([[1, 0.5]])).toBe('log');
    expect(axis([[1, 0]])).toBe('value');
    expect(axis([])).toBe('value');
  });

  it('ends a log scale close to the values, with powers of ten where they span decades', () => {
    const axis = (least: number, most: number): unknown => {
      const points: Point[] = [
        [1, least],
        [2, most],
      ];
      const drawn = model([lane('a', points, { scale: 'log' })]);
      return list(laneOption(drawn, null, size(200), colors).yAxis)[0];
    };
    expect(axis(2.03, 4.4)).toMatchObject({ min: 2, max: 5, logBase: 2 });
    expect(axis(0.07, 0.92)).toMatchObject({ min: expect.closeTo(0.06, 9), max: 1 });
    expect(axis(4, 4)).toMatchObject({ min: 4, max: 5 });
    expect(axis(0.012, 20)).toMatchObject({ min: 0.01, max: 20, logBase: 10 });
  });

  it('leaves a threshold away that would squash the curve', () => {
    const lines = (threshold: number): unknown => {
      const all = list(
        laneOption(model([lane('a', [[1, 0.5]], { threshold })]), null, size(200), colors).series,
      );
      return all.find((item) => item['id'] === 'a marks')?.['markLine'];
    };
    expect(lines(1)).toMatchObject({ data: [{ yAxis: 1 }] });
    expect(lines(100)).toMatchObject({ data: [] });
  });

  it('draws the best point hollow, with its label', () => {
    const points: Point[] = [
      [1, 0.6],
      [2, 0.4],
    ];
    const best = lane('a', [], {
      series: [
        {
          id: 'v',
          name: 'validation',
          points,
          color: 'second',
          style: 'marked',
          best: { x: 2, label: 'best, epoch 2' },
        },
      ],
    });
    const drawn = list(laneOption(model([best]), null, size(200), colors).series);
    expect(drawn.find(({ id }) => id === 'v best')).toMatchObject({
      data: [[2, 0.4]],
      itemStyle: { color: 'white', borderColor: 'orange' },
      label: { formatter: 'best, epoch 2' },
    });
    const early = laneOption(model([best]), { from: 0, to: 1.5 }, size(200), colors);
    expect(list(early.series).some(({ id }) => id === 'v best')).toBe(false);
  });

  it('marks where a run branched in every lane, with words in the upper one, away from the best epoch', () => {
    const lanes = [lane('a', [[10, 1]]), lane('b', [[10, 1]])];
    const branches = (branchX: number, view: View = null): unknown[] => {
      const option = laneOption(
        model(lanes, { branchX, markX: 6 }),
        view,
        { width: 660, height: 300 },
        colors,
      );
      return list(option.series).flatMap(({ id, markLine }) =>
        String(id).endsWith('marks') && typeof markLine === 'object' && markLine !== null
          ? list(Reflect.get(markLine, 'data')).filter(({ label }) => label !== undefined)
          : [],
      );
    };
    expect(branches(4)).toMatchObject([
      { xAxis: 4, label: { show: true, align: 'right' } },
      { xAxis: 4, label: { show: false } },
    ]);
    expect(branches(7)).toMatchObject([{ label: { align: 'left' } }, {}]);
    expect(branches(0.5)).toMatchObject([{ label: { align: 'left' } }, {}]);
    expect(branches(9.5)).toMatchObject([{ label: { align: 'right' } }, {}]);
    expect(branches(4, { from: 5, to: 7 })).toEqual([]);
  });

  it('draws no more points than the plot can show, and only what is in view', () => {
    const points = Array.from({ length: 100_000 }, (_, x): Point => [x, Math.sin(x)]);
    const drawn = (view: View): number => {
      const option = laneOption(model([lane('a', points)]), view, size(200), colors);
      return list(list(option.series)[0]?.['data']).length;
    };
    expect(drawn(null)).toBeLessThan(1000);
    expect(drawn({ from: 500.5, to: 510.5 })).toBe(12);
  });

  it('ends the axes and the lines where the view ends', () => {
    const points: Point[] = [
      [0, 1],
      [10, 2],
    ];
    const drawn = laneOption(model([lane('a', points)]), { from: 2, to: 4 }, size(200), colors);
    expect(list(drawn.xAxis)[0]).toMatchObject({ min: 2, max: 4 });
    expect(list(drawn.series)[0]).toMatchObject({
      data: [
        [2, 1.2],
        [4, 1.4],
      ],
    });
  });
});

describe('fittedMaximum', () => {
  it('ends at the last point, or at 1 while there is none', () => {
    expect(fittedMaximum([lane('a', [])])).toBe(1);
    expect(fittedMaximum([lane('a', [[0.25, 1]]), lane('b', [[0.5, 1]])])).toBe(0.5);
  });
});
