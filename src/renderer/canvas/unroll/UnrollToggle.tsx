import { Icon } from '../../ui/index.js';
import styles from './unroll.module.css';
import { toggleUnrolled, useIsUnrolled } from './unrolled.js';

/** In the head of a recurrent block. A plain title, as the other marks there: tooltips would slow 300 blocks down. */
export function UnrollToggle({ id }: { id: string }) {
  const unrolled = useIsUnrolled(id);
  return (
    <button
      type="button"
      className={`${styles.toggle} nodrag nopan`}
      aria-label="Unrolled over time"
      aria-pressed={unrolled}
      title={unrolled ? 'Fold (U)' : 'Unroll over time (U)'}
      onClick={(event) => {
        event.stopPropagation();
        toggleUnrolled([id]);
      }}
    >
      <Icon name="unroll" />
    </button>
  );
}
