/** What the canvas says while a connection is dragged, and after it was refused. */
import { useConnection } from 'reactflow';
import { formatShape } from '#shared/graph/values';
import { outputType } from '../stores/graph.js';
import { useProject } from '../stores/project.js';
import { Button } from '../ui/index.js';
import styles from './canvas.module.css';
import { otherSide, portKey, useConnecting, verdictsFor } from './connecting.js';
import { portAt } from './groups/ids.js';

/** At the pointer while a connection is dragged: what the port would get, or why it can't. */
export function ConnectionHint() {
  const connection = useConnection((state) =>
    state.inProgress
      ? {
          x: state.pointer.x,
          y: state.pointer.y,
          node: state.toHandle?.nodeId ?? null,
          port: state.toHandle?.id ?? null,
        }
      : null,
  );
  const from = useConnecting((state) => state.from);
  if (connection === null || from === null || connection.node === null) return null;
  const to = portAt(connection.node, connection.port ?? '');
  const side = otherSide(from.side);
  if (to.node === from.node && to.port === from.port) return null;
  const verdict = verdictsFor(from).get(portKey(to.node, to.port, side));
  const refusal =
    verdict === undefined
      ? `An ${side === 'target' ? 'output' : 'input'} connects to an ${side === 'target' ? 'input' : 'output'}.`
      : (verdict?.reason ?? null);
  const state = useProject.getState();
  const type = outputType(state, from.side === 'source' ? from : to);
  return (
    <div
      className={styles.hint}
      role="status"
      data-refused={refusal === null ? undefined : true}
      style={{ left: connection.x + 14, top: connection.y + 14 }}
    >
      {refusal ?? (
        <code>{type === null ? '?' : formatShape(type, state.document?.training.batchSize)}</code>
      )}
    </div>
  );
}

/** After a refused drop: the reason stays, with what would make the connection possible. */
export function RefusedDrop() {
  const refused = useConnecting((state) => state.refused);
  const dispatch = useProject((state) => state.dispatch);
  if (refused === null) return null;
  const dismiss = (): void => useConnecting.setState({ refused: null });
  return (
    <div
      className={styles.refusal}
      role="alertdialog"
      aria-label="Connection refused"
      style={{ left: refused.x, top: refused.y }}
    >
      <p>{refused.reason}</p>
      <div className={styles.calloutFixes}>
        {refused.fixes.map((fix) => (
          <Button
            key={fix.label}
            size="small"
            onClick={() => {
              dispatch(fix.edits, { label: fix.label });
              dismiss();
            }}
          >
            {fix.label}
          </Button>
        ))}
        <Button size="small" variant="quiet" onClick={dismiss}>
          Dismiss
        </Button>
      </div>
    </div>
  );
}
