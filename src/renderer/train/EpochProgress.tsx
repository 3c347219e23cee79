import styles from './train.module.css';

/** More segments than this are too thin to see. */
const mostSegments = 60;

/** One segment an epoch (or a share of them, for long runs); the best one is underlined. */
export function EpochProgress({
  epochs,
  done,
  best,
  active,
}: {
  /** null before the run has said how many. */
  epochs: number | null;
  /** With their fraction. */
  done: number;
  best: number | null;
  active: boolean;
}) {
  const count = Math.min(epochs ?? 1, mostSegments);
  const perSegment = (epochs ?? 1) / count;
  return (
    <div
      className={styles.segments}
      role="progressbar"
      aria-label="Epochs"
      aria-valuemin={0}
      aria-valuemax={epochs ?? 1}
      aria-valuenow={Number(done.toFixed(2))}
      aria-valuetext={epochs === null ? 'not known yet' : `${done.toFixed(1)} of ${epochs} epochs`}
      data-active={active}
    >
      {Array.from({ length: count }, (_, index) => {
        const share = Math.min(1, Math.max(0, done / perSegment - index));
        const isBest = best !== null && Math.ceil(best / perSegment) === index + 1;
        return (
          <i key={index} data-best={isBest || undefined}>
            <u style={{ width: `${share * 100}%` }} />
          </i>
        );
      })}
    </div>
  );
}
