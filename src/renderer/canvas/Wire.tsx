import { memo } from 'react';
import {
  EdgeLabelRenderer,
  getSmoothStepPath,
  type ConnectionLineComponentProps,
  type EdgeProps,
} from 'reactflow';
import { useProject } from '../stores/project.js';
import { describeWire } from '../stores/graph.js';
import styles from './canvas.module.css';
import type { BlockFlowNode, WireFlowEdge } from './flow.js';
import { useConnecting } from './connecting.js';
import type { WireKind } from './looks.js';
import { portKind } from '../stores/graph.js';

const corner = { borderRadius: 8, offset: 16 };

/** Orthogonal with 8-pixel corners; a sequence is a double line, because it is many vectors. */
function WirePath({ path, kind }: { path: string; kind: WireKind }) {
  return (
    <>
      <path className={styles.wire} data-kind={kind} d={path} />
      {kind === 'sequence' && <path className={styles.wireGap} d={path} />}
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
}: EdgeProps<WireFlowEdge>) {
  const kind = useProject((state) => describeWire(state, id).kind);
  const shape = useProject((state) => describeWire(state, id).shape);
  const known = useProject((state) => describeWire(state, id).known);
  const failed = useProject((state) =>
    state.problems.some((problem) => problem.edge === id && problem.severity === 'error'),
  );
  const [path, labelX, labelY] = getSmoothStepPath({
    sourceX,
    sourceY,
    targetX,
    targetY,
    sourcePosition,
    targetPosition,
    ...corner,
  });
  return (
    <g
      className={styles.wireGroup}
      data-selected={selected || undefined}
      data-failed={failed || undefined}
    >
      <path className={styles.wireHit} d={path} />
      <WirePath path={path} kind={kind} />
      {shape !== '' && (
        <EdgeLabelRenderer>
          <div
            className={styles.shape}
            data-known={known}
            data-failed={failed || undefined}
            style={{
              transform: `translate(-50%, -100%) translate(${labelX}px, ${labelY - 5}px)`,
            }}
          >
            {shape}
          </div>
        </EdgeLabelRenderer>
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
}: ConnectionLineComponentProps<BlockFlowNode>) {
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
      <WirePath path={path} kind={kind} />
    </g>
  );
}
