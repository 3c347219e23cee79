/** The speeds beside PyTorch's as an SVG that reads in light and dark. */
import { times } from './report.js';
import type { CaseReport, Report, Row } from './report.js';

const width = 860;
const labelWidth = 190;
const plotWidth = 520;
const barHeight = 14;
const barGap = 4;
const caseGap = 46;
const top = 64;

const families = { ours: 'Unroll Studio', torch: 'PyTorch', keras: 'Keras', stock: 'tf.layers' };

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Cases with somebody's PyTorch time, the unit of the axis. */
const comparable = ({ rows }: CaseReport): boolean =>
  rows.some(({ speedOverTorch }) => speedOverTorch !== undefined);

export function chart({ cases, machine, date }: Report): string {
  const shown = cases.filter(comparable);
  const speeds = shown.flatMap(({ rows }) => rows.flatMap((row) => row.speedOverTorch ?? []));
  // A logarithmic axis that starts below the slowest, so that every bar has a length.
  const low = Math.min(0.5, ...speeds) / 1.5;
  const high = Math.max(2, ...speeds);
  const x = (speed: number): number =>
    labelWidth + (plotWidth * Math.log(speed / low)) / Math.log(high / low);

  const parts: string[] = [];
  let y = top;
  for (const one of shown) {
    y += 26;
    parts.push(`<text class="title" x="16" y="${y}">${escape(one.title)}</text>`);
    y += 10;
    for (const row of one.rows) {
      if (row.speedOverTorch === undefined) continue;
      parts.push(bar(row, x, y));
      y += barHeight + barGap;
    }
    y += caseGap - 36;
  }
  const height = y + 40;
  const ticks = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20]
    .filter((tick) => tick >= low && tick <= high)
    .map((tick) => {
      const at = x(tick).toFixed(1);
      const kind = tick === 1 ? 'unit' : 'grid';
      return [
        `<line class="${kind}" x1="${at}" x2="${at}" y1="${top}" y2="${height - 30}"/>`,
        `<text class="tick" x="${at}" y="${top - 6}">${tick}×</text>`,
      ].join('');
    });
  const yardstick = machine.yardsticks.map((one) => `${one.gflops.toFixed(0)} GFLOP/s peak`)[0];
  const footer = [machine.processor, `${machine.cores} cores`, yardstick, date.slice(0, 10)]
    .filter((part) => part !== undefined)
    .join(' · ');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Speed of recurrent layers beside PyTorch">
<style>
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.head { font-size: 15px; font-weight: 600 }
.title { font-weight: 600 }
.tick { text-anchor: middle; fill: #59636e }
.label { text-anchor: end }
.note { fill: #59636e }
.grid { stroke: #d1d9e0 }
.unit { stroke: #59636e; stroke-dasharray: 4 3 }
.ours { fill: #2563eb }
.torch { fill: #d9591c }
.keras { fill: #b7791f }
.stock { fill: #8c959f }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.tick, .note { fill: #9198a1 }
.grid { stroke: #3d444d }
.unit { stroke: #9198a1 }
.ours { fill: #6ea8fe }
.torch { fill: #ff9a66 }
.keras { fill: #e3b341 }
.stock { fill: #768390 }
}
</style>
<text class="head" x="16" y="24">Speed beside PyTorch’s best (1× = PyTorch, further right is faster)</text>
${ticks.join('\n')}
${parts.join('\n')}
<text class="note" x="16" y="${height - 10}">${escape(footer)}</text>
</svg>
`;
}

function bar(row: Row, x: (speed: number) => number, y: number): string {
  const speed = row.speedOverTorch ?? 1;
  const to = x(speed);
  const middle = y + barHeight / 2 + 4;
  const size = Math.max(2, to - labelWidth).toFixed(1);
  const time = row.medianMs === undefined ? '' : ` · ${milliseconds(row.medianMs)}`;
  return [
    `<text class="label" x="${labelWidth - 10}" y="${middle}">${escape(row.label)}</text>`,
    `<rect class="${row.family}" x="${labelWidth}" y="${y}" width="${size}" height="${barHeight}" rx="2"><title>${families[row.family]}</title></rect>`,
    `<text class="note" x="${(to + 6).toFixed(1)}" y="${middle}">${times(speed)}${time}</text>`,
  ].join('\n');
}

const milliseconds = (value: number): string =>
  value < 0.1 ? `${(value * 1000).toFixed(0)} µs` : `${Number(value.toPrecision(3))} ms`;
