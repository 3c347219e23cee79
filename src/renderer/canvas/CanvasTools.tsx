import { useReactFlow, useViewport } from 'reactflow';
import { useProject } from '../stores/project.js';
import { Icon, IconButton, Separator, Toolbar } from '../ui/index.js';
import styles from './canvas.module.css';
import { fitOptions } from './keepInView.js';
import { tidyEdits } from './tidy.js';
import { useFlow } from './flow.js';
import { GroupTools } from './groups/GroupTools.js';

const kinds = ['tokens', 'sequence', 'vector', 'state', 'scores'] as const;

/** What the lines mean. */
function Legend() {
  return (
    <div className={styles.legend} aria-label="Kinds of wires">
      {kinds.map((kind) => (
        <span key={kind}>
          <svg width="18" height="8" aria-hidden="true">
            <path
              className={styles.wire}
              data-kind={kind}
              data-ribbon={kind === 'sequence' || undefined}
              d="M0 4H18"
            />
            {kind === 'sequence' && <path className={styles.wireGap} d="M0 4H18" />}
          </svg>
          {kind}
        </span>
      ))}
    </div>
  );
}

function tidy(): void {
  const { document, dispatch } = useProject.getState();
  if (document === null) return;
  const sizes = new Map(
    useFlow
      .getState()
      .nodes.map((node) => [
        node.id,
        { width: node.measured?.width ?? 160, height: node.measured?.height ?? 72 },
      ]),
  );
  dispatch(tidyEdits(document.graph, sizes), { label: 'Tidy up' });
}

export function CanvasTools() {
  const flow = useReactFlow();
  const { zoom } = useViewport();
  return (
    <div className={`${styles.corner} ${styles.bottomLeft}`}>
      <Legend />
      <Toolbar label="View" floating>
        <IconButton
          label="Zoom out"
          icon={<Icon name="minus" />}
          onClick={() => void flow.zoomOut()}
        />
        <span className={styles.zoom} aria-live="off">
          {Math.round(zoom * 100)}%
        </span>
        <IconButton
          label="Zoom in"
          icon={<Icon name="plus" />}
          onClick={() => void flow.zoomIn()}
        />
        <Separator />
        <IconButton
          label="Show everything"
          icon={<Icon name="fit" />}
          onClick={() => void flow.fitView({ ...fitOptions, duration: 140 })}
        />
        <IconButton
          label="Tidy up"
          icon={<Icon name="tidy" />}
          onClick={() => {
            tidy();
            // After React Flow has the new positions.
            setTimeout(() => void flow.fitView({ ...fitOptions, duration: 140 }), 30);
          }}
        />
        <Separator />
        <GroupTools />
      </Toolbar>
    </div>
  );
}
