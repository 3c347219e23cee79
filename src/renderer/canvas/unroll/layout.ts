/**
 * Where the parts of an unrolled recurrence lie, in pixels: a column for each time step that is shown, the
 * input above, a cell for each layer and direction, the output below. State flows along dashed lines.
 */
import type { CellKind } from '#shared/graph/values';

export interface Recurrence {
  cell: CellKind;
  layers: number;
  directions: readonly ('forward' | 'backward')[];
  output: 'last step' | 'all steps';
  /** Null while the data is not known. */
  timeSteps: number | null;
}

export interface Point {
  x: number;
  y: number;
}

export interface Cell extends Point {
  column: number;
  layer: number;
  backward: boolean;
  /** `W`, `W′` for the backward direction, `W²` for the second layer. */
  weights: string;
}

export interface Line {
  kind: 'value' | 'state';
  points: Point[];
  /** Lights up with this column, of forward or backward cells; null never does. */
  column: number | null;
  backward: boolean;
  arrow: boolean;
  label: (Point & { text: string; index: string }) | null;
}

export interface UnrolledLayout {
  width: number;
  height: number;
  /** `1`, `2`, …, the last one `40` or `T`; a gap stands before the last where steps are left out. */
  columns: { step: string; x: number }[];
  /** Middle of the gap, null where all steps are shown. */
  gap: number | null;
  inputs: { column: number; at: Point }[];
  outputs: { column: number; at: Point }[];
  cells: Cell[];
  lines: Line[];
  /** Layers left out of the middle. */
  hiddenLayers: number;
  rows: { text: string; y: number }[];
  inputRail: { from: Point; to: Point };
  outputRail: { from: Point; to: Point };
}

export const cellSize = { width: 34, height: 28 };
export const boxSize = { width: 26, height: 18 };
const columnWidth = 80;
const gutter = 68;
const railY = 12;
const inputY = 44;
const firstCellY = 94;
const cellPitch = 56;
/** How far the cells of two directions stand left and right of their column. */
const aside = 9;

const superscripts = ['', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
/** Names of a layer's weights: those of many layers end with a number of more digits. */
const weightsName = (layer: number, backward: boolean, layers: number): string => {
  if (backward) return 'W′';
  if (layers === 1) return 'W';
  return `W${layer === 0 ? '¹' : (superscripts[layer] ?? `⁽${layer + 1}⁾`)}`;
};

/** `3` → `2`, `T` → `T−1`. */
export const stepBefore = (step = 'T'): string =>
  /^\d+$/.test(step) ? String(Number(step) - 1) : `${step}−1`;
export const stepAfter = (step = 'T'): string =>
  /^\d+$/.test(step) ? String(Number(step) + 1) : `${step}+1`;

/** The first three steps and the last; all of them up to five. */
export function shownSteps(timeSteps: number | null): { steps: string[]; gap: boolean } {
  if (timeSteps !== null && timeSteps <= 5)
    return { steps: Array.from({ length: timeSteps }, (_, i) => String(i + 1)), gap: false };
  return { steps: ['1', '2', '3', timeSteps === null ? 'T' : String(timeSteps)], gap: true };
}

/** The first two layers and the last; all of them up to three. */
function shownLayers(layers: number): number[] {
  return layers <= 3 ? Array.from({ length: layers }, (_, i) => i) : [0, 1, layers - 1];
}

export function unrolledLayout(recurrence: Recurrence): UnrolledLayout {
  const { cell, directions, output, timeSteps } = recurrence;
  const { steps, gap } = shownSteps(timeSteps);
  const both = directions.length === 2;
  const last = steps.length - 1;
  const columns = steps.map((step, i) => ({
    step,
    x: gutter + columnWidth * (i + 0.5) + (gap && i === last ? columnWidth * 0.6 : 0),
  }));
  const xOf = (column: number): number => columns[column]?.x ?? 0;
  const width = xOf(last) + columnWidth / 2 + gutter - 28;

  const layers = shownLayers(recurrence.layers);
  const rows = both
    ? [
        { backward: false, layer: 0, y: firstCellY },
        { backward: true, layer: 0, y: firstCellY + cellPitch },
      ]
    : layers.map((layer, i) => ({
        backward: directions[0] === 'backward',
        layer,
        y: firstCellY + i * cellPitch + (recurrence.layers > 3 && i === 2 ? 12 : 0),
      }));
  const bottom = rows.at(-1)?.y ?? firstCellY;
  const outputY = bottom + 52;
  const outputRailY = outputY + 32;
  const shift = (backward: boolean): number => (both ? (backward ? aside : -aside) : 0);

  const cells = rows.flatMap(({ backward, layer, y }) =>
    columns.map(({ x }, column): Cell => ({
      x: x + shift(backward),
      y,
      column,
      layer,
      backward,
      weights: weightsName(layer, both && backward, recurrence.layers),
    })),
  );

  const lines: Line[] = [];
  const value = (points: Point[], column: number, backward: boolean, arrow = true): void => {
    lines.push({ kind: 'value', points, column, backward, arrow, label: null });
  };
  const half = { x: cellSize.width / 2, y: cellSize.height / 2 };
  const box = { x: boxSize.width / 2, y: boxSize.height / 2 };

  // Input rail to x, x to the first row (or past it to the backward cells), each layer to the next.
  columns.forEach(({ x }, column) => {
    const [first] = rows;
    if (first === undefined) return;
    value(
      [
        { x, y: railY + 3 },
        { x, y: inputY - box.y },
      ],
      column,
      false,
      false,
    );
    const down = x + shift(false);
    value(
      [
        { x: down, y: inputY + box.y },
        { x: down, y: first.y - half.y },
      ],
      column,
      first.backward,
    );
    const second = rows[1];
    if (both && second !== undefined) {
      const beside = x + aside + 12;
      value(
        [
          { x: x + box.x, y: inputY },
          { x: beside, y: inputY },
          { x: beside, y: second.y - half.y },
        ],
        column,
        true,
      );
    }
    if (!both)
      rows.slice(1).forEach((row, i) => {
        const above = rows[i];
        if (above !== undefined)
          value(
            [
              { x, y: above.y + half.y },
              { x, y: row.y - half.y },
            ],
            column,
            row.backward,
          );
      });
  });

  // h, and an LSTM's c, from step to step.
  const states = cell === 'lstm' ? (['c', 'h'] as const) : (['h'] as const);
  for (const row of rows) {
    const { backward } = row;
    const order = columns.map((_, i) => (backward ? last - i : i));
    const ahead = backward ? -1 : 1;
    order.forEach((column, i) => {
      const from = order[i - 1];
      const to = xOf(column) + shift(backward) - ahead * half.x;
      const start =
        from === undefined ? to - ahead * 24 : xOf(from) + shift(backward) + ahead * half.x;
      // The state of the step before; where steps are left out, that isn't the column before.
      const index = backward ? stepAfter(columns[column]?.step) : stepBefore(columns[column]?.step);
      const jumps = from !== undefined && gap && Math.max(from, column) === last;
      states.forEach((text, part) => {
        const y = row.y + (states.length === 2 ? (part === 0 ? -6 : 6) : 0);
        const below = states.length === 2 && part === 1;
        const labelX = jumps ? to - ahead * 20 : (start + to) / 2;
        lines.push({
          kind: 'state',
          points: [
            { x: start, y },
            { x: to, y },
          ],
          column,
          backward,
          arrow: true,
          label: { text, index, x: labelX, y: below ? y + 11 : y - 4 },
        });
      });
    });
  }

  // What leaves: every state of the last row, or of each direction the one it read last.
  const outputs: UnrolledLayout['outputs'] = [];
  const leave = (column: number, row: (typeof rows)[number]): void => {
    const from = { x: xOf(column) + shift(row.backward), y: row.y + half.y };
    // A forward cell's output passes left of the backward cell below it.
    const x = both ? xOf(column) + (row.backward ? aside : -aside - 12) : from.x;
    const points = [
      { x, y: from.y },
      { x, y: outputY - box.y },
    ];
    if (both && !row.backward)
      points.splice(1, 1, { x, y: outputY }, { x: xOf(column) - box.x, y: outputY });
    value(points, column, row.backward);
  };
  columns.forEach(({ x }, column) => {
    const leaving = (both ? rows : rows.slice(-1)).filter(
      ({ backward }) => output === 'all steps' || column === (backward ? 0 : last),
    );
    if (leaving.length === 0) return;
    outputs.push({ column, at: { x, y: outputY } });
    for (const row of leaving) leave(column, row);
    value(
      [
        { x, y: outputY + box.y },
        { x, y: outputRailY - (output === 'all steps' ? 3 : 1) },
      ],
      column,
      leaving[0]?.backward ?? false,
      false,
    );
  });

  const labels = both
    ? ['forward', 'backward']
    : layers.map((layer) =>
        recurrence.layers === 1 ? (directions[0] ?? 'forward') : `layer ${layer + 1}`,
      );
  return {
    width,
    height: outputRailY + 14,
    columns,
    gap: gap ? (xOf(last - 1) + xOf(last)) / 2 : null,
    inputs: columns.map(({ x }, column) => ({ column, at: { x, y: inputY } })),
    outputs,
    cells,
    lines,
    hiddenLayers: recurrence.layers - (both ? 1 : layers.length),
    rows: rows.map(({ y }, i) => ({ text: labels[i] ?? '', y })),
    inputRail: { from: { x: 0, y: railY }, to: { x: xOf(last) + 20, y: railY } },
    outputRail: {
      from: { x: (outputs[0]?.at.x ?? xOf(last)) - 20, y: outputRailY },
      to: { x: width, y: outputRailY },
    },
  };
}

/** The column that a row's cells are at when the person has gone `moves` steps. */
export const columnAt = (moves: number, columns: number, backward: boolean): number =>
  backward ? columns - 1 - moves : moves;
