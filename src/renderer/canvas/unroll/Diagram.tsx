/** The drawing of an unrolled recurrence. */
import {
  boxSize,
  cellSize,
  columnAt,
  type Line,
  type Point,
  type UnrolledLayout,
} from './layout.js';
import styles from './unroll.module.css';

const path = (points: readonly Point[]): string =>
  points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join('');

/** A filled triangle at the end, in the direction of the last part. */
function arrowHead(points: readonly Point[]): string {
  const end = points.at(-1);
  const before = points.at(-2);
  if (end === undefined || before === undefined) return '';
  const dx = Math.sign(end.x - before.x);
  const dy = Math.sign(end.y - before.y);
  const [bx, by] = [end.x - 5 * dx, end.y - 5 * dy];
  return `M${end.x} ${end.y}L${bx + 3 * dy} ${by + 3 * dx}L${bx - 3 * dy} ${by - 3 * dx}Z`;
}

function Wire({ line, active }: { line: Line; active: boolean }) {
  const { points, kind, arrow, label } = line;
  return (
    <g className={styles.line} data-kind={kind} data-active={active || undefined}>
      <path d={path(points)} />
      {arrow && <path className={styles.head} d={arrowHead(points)} />}
      {label !== null && (
        <text className={styles.state} x={label.x} y={label.y}>
          {label.text}
          <tspan dy={2} className={styles.index}>
            {label.index}
          </tspan>
        </text>
      )}
    </g>
  );
}

function Box({
  at,
  text,
  step,
  active,
}: {
  at: Point;
  text: string;
  step: string;
  active: boolean;
}) {
  return (
    <g className={styles.box} data-active={active || undefined}>
      <rect
        x={at.x - boxSize.width / 2}
        y={at.y - boxSize.height / 2}
        width={boxSize.width}
        height={boxSize.height}
        rx={3}
      />
      <text x={at.x} y={at.y + 3}>
        {text}
        <tspan dy={2} className={styles.index}>
          {step}
        </tspan>
      </text>
    </g>
  );
}

/** @param moves how far the stepper has gone; null shows no step in particular. */
export function Diagram({
  layout,
  moves,
  describedBy,
  name,
}: {
  layout: UnrolledLayout;
  moves: number | null;
  describedBy: string;
  name: string;
}) {
  const { columns, cells, lines, gap, rows, inputs, outputs, inputRail, outputRail } = layout;
  const active = (column: number | null, backward: boolean): boolean =>
    moves !== null && column === columnAt(moves, columns.length, backward);
  const boxActive = (column: number): boolean => active(column, false) || active(column, true);
  const both = cells.some((one) => one.backward) && cells.some((one) => !one.backward);
  const backward = cells.every((one) => one.backward);
  const ribbon = outputs.length > 1;
  const stepOf = (column: number): string => columns[column]?.step ?? '';
  return (
    <svg
      className={styles.diagram}
      width={layout.width}
      height={layout.height}
      role="img"
      aria-label={`${name}, drawn step by step`}
      aria-describedby={describedBy}
    >
      <path className={styles.rail} d={path([inputRail.from, inputRail.to])} />
      <path className={styles.railGap} d={path([inputRail.from, inputRail.to])} />
      <text className={styles.railName} x={inputRail.to.x + 8} y={inputRail.to.y + 4}>
        x
      </text>
      <path
        className={ribbon ? styles.rail : styles.vector}
        d={path([outputRail.from, outputRail.to])}
      />
      {ribbon && <path className={styles.railGap} d={path([outputRail.from, outputRail.to])} />}
      <text className={styles.railName} x={outputRail.from.x - 14} y={outputRail.from.y + 4}>
        y
      </text>
      {rows.map(({ text, y }) => (
        <text key={text} className={styles.rowName} x={8} y={y + 4}>
          {text}
        </text>
      ))}
      {lines.map((line, i) => (
        <Wire key={i} line={line} active={active(line.column, line.backward)} />
      ))}
      {inputs.map(({ column, at }) => (
        <Box
          key={column}
          at={at}
          text="x"
          step={stepOf(column)}
          active={both ? boxActive(column) : active(column, backward)}
        />
      ))}
      {outputs.map(({ column, at }) => (
        <Box
          key={column}
          at={at}
          text="y"
          step={ribbon ? stepOf(column) : ''}
          active={both ? boxActive(column) : active(column, backward)}
        />
      ))}
      {cells.map(({ x, y, column, backward: back, layer, weights }) => (
        <g
          key={`${column} ${layer} ${back}`}
          className={styles.cell}
          data-active={active(column, back) || undefined}
        >
          <rect
            x={x - cellSize.width / 2}
            y={y - cellSize.height / 2}
            width={cellSize.width}
            height={cellSize.height}
            rx={4}
          />
          <text x={x} y={y + 4}>
            {weights}
          </text>
        </g>
      ))}
      {gap !== null &&
        rows.map(({ text, y }) => (
          <g key={text} className={styles.gap}>
            <rect x={gap - 9} y={y - 13} width={18} height={26} />
            <text x={gap} y={y + 3}>
              …
            </text>
          </g>
        ))}
      {layout.hiddenLayers > 0 &&
        columns.map(({ x, step }) => (
          <g key={step} className={styles.gap}>
            <rect x={x - 10} y={(rows[2]?.y ?? 0) - 40} width={20} height={14} />
            <text x={x} y={(rows[2]?.y ?? 0) - 30}>
              ⋮
            </text>
          </g>
        ))}
    </svg>
  );
}
