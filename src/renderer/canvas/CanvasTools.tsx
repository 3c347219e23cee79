import { useViewport } from 'reactflow';
import { CommandButton } from '../commands/CommandButton.js';
import { useProject } from '../stores/project.js';
import type { IconName } from '../ui/icons.js';
import { Separator, Toolbar } from '../ui/index.js';
import { alignments, type Alignment, type Axis } from './arrange.js';
import styles from './canvas.module.css';
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
        <CommandButton
          key={alignment}
          command={`canvas.align-${alignment}`}
          icon={alignIcons[alignment]}
        />
      ))}
      <Separator />
      {(['x', 'y'] as const).map((axis) => (
        <CommandButton
          key={axis}
          command={`canvas.distribute-${axis}`}
          icon={distributeIcons[axis]}
          disabled={count < 3}
        />
      ))}
    </Toolbar>
  );
}

export function CanvasTools() {
  const { zoom } = useViewport();
  return (
    <div className={`${styles.corner} ${styles.bottomLeft}`}>
      <ArrangeTools />
      <Legend />
      <Toolbar label="View" floating>
        <CommandButton command="canvas.zoom-out" icon="minus" />
        <span className={styles.zoom} aria-live="off">
          {Math.round(zoom * 100)}%
        </span>
        <CommandButton command="canvas.zoom-in" icon="plus" />
        <Separator />
        <CommandButton command="canvas.zoom-fit" icon="fit" />
        <CommandButton command="canvas.tidy" icon="tidy" />
        <Separator />
        <GroupTools />
      </Toolbar>
    </div>
  );
}
