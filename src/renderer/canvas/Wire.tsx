import { memo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { getSmoothStepPath, type ConnectionLineComponentProps, type EdgeProps } from 'reactflow';
import { useProject } from '../stores/project.js';
import { isFailedEdge, portKind, wireView, type WireKind } from '../stores/graph.js';
import styles from './canvas.module.css';
import type { CanvasNode, WireFlowEdge } from './flow.js';
import { useConnecting } from './connecting.js';
import { framePadding } from './groups/frames.js';
import { WireLabel } from './WireLabel.js';

/** React Flow ends a wire at the outer side of a handle; ours are larger than their glyphs. */
const reach = 9;
/** Half of a block's header: ports stand in its middle. */
const headerHalf = 16;
const corner = { borderRadius: 8, offset: 24 };

/**
 * A wire that runs back to the next row of blocks turns close above its target, in the gap between the
 * rows, instead of half-way, which may be behind a block; also above the title of a frame that it enters.
 */
function turn(
  sourceX: number,
  sourceY: number,
  targetX: number,
  targetY: number,
  borders: number,
): { centerY?: number } {
  const runsBack = targetX < sourceX + 2 * corner.offset;
  const centerY = targetY - 48 - borders * framePadding.top;
  return runsBack && centerY > sourceY + 48 ? { centerY } : {};
}

/** Orthogonal with 8-pixel corners; a sequence is a double line, because it is many vectors. */
function WirePath({ path, kind, ribbon }: { path: string; kind: WireKind; ribbon: boolean }) {
  return (
    <>
      <path className={styles.wire} data-kind={kind} data-ribbon={ribbon || undefined} d={path} />
      {ribbon && <path className={styles.wireGap} d={path} />}
    </>
  );
}

export const Wire = memo(function Wire({
  id,
  sourceX,
  sourceY,
  targetX,
  targetY,
  sourcePosition,
  targetPosition,
  selected,
  data,
}: EdgeProps<WireFlowEdge>) {
  const { kind, ribbon, shape, known } = useProject(useShallow((state) => wireView(state, id)));
  const failed = useProject((state) => isFailedEdge(state, id));
  const [path, labelX, labelY] = getSmoothStepPath({
    sourceX: sourceX - reach,
    sourceY,
    targetX: targetX + reach,
    targetY,
    sourcePosition,
    targetPosition,
    ...corner,
    ...turn(sourceX, sourceY, targetX, targetY, data?.borders ?? 0),
  });
  // Between blocks that stand close the label would vanish behind them: it goes above their tops.
  const gap = targetX - sourceX + 2 * reach;
  const rise = gap > 0 && gap < shape.length * 6.5 + 8 ? 5 + headerHalf : 5;
  return (
    <g
      className={styles.wireGroup}
      data-selected={selected || undefined}
      data-failed={failed || undefined}
    >
      <path className={styles.wireHit} d={path} />
      <WirePath path={path} kind={kind} ribbon={ribbon} />
      {shape !== '' && (
        <WireLabel>
          <div
            className={styles.shape}
            data-known={known}
            data-failed={failed || undefined}
            style={{ left: labelX, top: labelY - rise }}
          >
            <span>{shape}</span>
          </div>
        </WireLabel>
      )}
    </g>
  );
});

/** What is drawn from the port to the pointer while a connection is dragged. */
export function ConnectionLine({
  fromX,
  fromY,
  toX,
  toY,
  fromPosition,
  toPosition,
  connectionStatus,
}: ConnectionLineComponentProps<CanvasNode>) {
  const from = useConnecting((state) => state.from);
  const kind = useProject((state) => (from === null ? 'vector' : portKind(state, from, from.side)));
  const [path] = getSmoothStepPath({
    sourceX: fromX,
    sourceY: fromY,
    targetX: toX,
    targetY: toY,
    sourcePosition: fromPosition,
    targetPosition: toPosition,
    ...corner,
  });
  return (
    <g className={styles.wireGroup} data-failed={connectionStatus === 'invalid' || undefined}>
      <WirePath path={path} kind={kind} ribbon={kind === 'sequence'} />
    </g>
  );
}
