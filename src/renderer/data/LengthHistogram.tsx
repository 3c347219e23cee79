import type { DataPreview } from '#shared/data/facts';
import { formatCount } from '../ui/index.js';
import { formatPercent } from '#shared/format';
import styles from './data.module.css';

const width = 320;
const height = 72;

/** How long the rows are before cutting; the line is where they are cut. */
export function LengthHistogram({
  lengths,
  cutAt,
}: {
  lengths: DataPreview['lengths'];
  cutAt: number | null;
}) {
  const { bins } = lengths;
  const first = bins[0]?.from ?? 0;
  const end = Math.max(first + 1, bins.at(-1)?.to ?? 1);
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const x = (length: number): number => ((length - first) / (end - first)) * width;
  // A row as long as the limit is whole: the cut lies behind it.
  const cut = cutAt === null || cutAt + 1 >= end ? null : x(cutAt + 1);
  return (
    <figure className={styles.histogram}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Row lengths from ${first} to ${lengths.maximum}, mean ${lengths.mean.toFixed(1)}; ${formatPercent(lengths.truncated)} are cut.`}
      >
        {bins.map(({ from, to, count }) => {
          const left = x(from);
          const tall = count === 0 ? 0 : Math.max(1, (count / most) * (height - 4));
          return (
            <rect
              key={from}
              x={left}
              y={height - tall}
              width={Math.max(0.5, x(to) - left - 1)}
              height={tall}
              data-cut={(cutAt !== null && from > cutAt) || undefined}
            >
              <title>
                {to - from === 1 ? `${from}` : `${from} to ${to - 1}`}: {formatCount(count)}
              </title>
            </rect>
          );
        })}
        {cut !== null && <line x1={cut} x2={cut} y1={0} y2={height} />}
      </svg>
      <figcaption>
        <span>{first}</span>
        {cut !== null && (
          <span className={styles.cutLabel} style={{ left: `${(cut / width) * 100}%` }}>
            cut at {cutAt}
          </span>
        )}
        <span>{lengths.maximum}</span>
      </figcaption>
    </figure>
  );
}
