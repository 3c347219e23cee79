import { ViewportPortal } from 'reactflow';
import styles from './canvas.module.css';
import { useDragging } from './dragging.js';

/** The lines that a dragged block shares with its neighbours. */
export function Guides() {
  const guides = useDragging((state) => state.guides);
  return (
    <ViewportPortal>
      {guides.map(({ axis, at, from, to }) => (
        <div
          key={`${axis} ${at}`}
          className={styles.guide}
          data-axis={axis}
          style={
            axis === 'x'
              ? { left: at, top: from, height: to - from }
              : { top: at, left: from, width: to - from }
          }
        />
      ))}
    </ViewportPortal>
  );
}
