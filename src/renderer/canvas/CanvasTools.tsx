import { useReactFlow, useViewport } from 'reactflow';
import { useProject } from '../stores/project.js';
import type { IconName } from '../ui/icons.js';
import { Icon, IconButton, Separator, Toolbar } from '../ui/index.js';
import { tidy } from './actions.js';
import { alignments, type Alignment, type Axis } from './arrange.js';
import styles from './canvas.module.css';
import { align, alignTitles, distribute, distributeTitles } from './commands.js';
import { fitOptions } from './keepInView.js';
import { GroupTools } from './groups/GroupTools.js';

const alignIcons: Record<Alignment, IconName> = {
  left: 'alignLeft',
  centre: 'alignCentre',
  right: 'alignRight',
  top: 'alignTop',
  middle: 'alignMiddle',
  bottom: 'alignBottom',
};
const distributeIcons: Record<Axis, IconName> = { x: 'distributeX', y: 'distributeY' };

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

/** For two selected blocks or more. */
function ArrangeTools() {
  const count = useProject((state) => state.selection.nodes.length);
  if (count < 2) return null;
  return (
    <Toolbar label="Arrange" floating>
      {alignments.map((alignment) => (
        <IconButton
          key={alignment}
          label={alignTitles[alignment]}
          icon={<Icon name={alignIcons[alignment]} />}
          onClick={() => align(alignment)}
        />
      ))}
      <Separator />
      {(['x', 'y'] as const).map((axis) => (
        <IconButton
          key={axis}
          label={distributeTitles[axis]}
          icon={<Icon name={distributeIcons[axis]} />}
          disabled={count < 3}
          onClick={() => distribute(axis)}
        />
      ))}
    </Toolbar>
  );
}

export function CanvasTools() {
  const flow = useReactFlow();
  const { zoom } = useViewport();
  return (
    <div className={`${styles.corner} ${styles.bottomLeft}`}>
      <ArrangeTools />
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
            void tidy().then(() => flow.fitView({ ...fitOptions, duration: 140 }));
          }}
        />
        <Separator />
        <GroupTools />
      </Toolbar>
    </div>
  );
}
