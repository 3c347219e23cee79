import { memo } from 'react';
import { Handle, Position, type NodeProps } from 'reactflow';
import type { PortSpec } from '#shared/catalog/define';
import type { Problem } from '#shared/graph/problems';
import { findBlock } from '#shared/catalog/index';
import { recurrentFallback } from '#shared/run/fallbacks';
import { hintBeside } from '../problems/hint.js';
import { useCode } from '../stores/code.js';
import { blockView, nodeOf, portKind, problemsOf, type Side } from '../stores/graph.js';
import { useProject } from '../stores/project.js';
import { fallbackFound, useRuns } from '../stores/runs.js';
import { deviceInUse, useStudio } from '../stores/studio.js';
import { Button, formatCount, Icon } from '../ui/index.js';
import { BlockName } from './BlockName.js';
import styles from './canvas.module.css';
import { portKey, useConnecting, verdictsFor } from './connecting.js';
import type { BlockFlowNode } from './flow.js';
import { useKeyboardConnect } from './keyboardConnect.js';
import { categoryColours, glyphOf } from './looks.js';
import { Unrolled } from './unroll/Unrolled.js';
import { UnrollToggle } from './unroll/UnrollToggle.js';
import { useIsUnrolled } from './unroll/unrolled.js';

/** Pixels from the block's top to the centre of its first ports: the middle of the header. */
export const headerCentre = 16;

/** A block that is not wired yet is unfinished, not wrong: it gets the mark but no alarming border. */
const unfinished = new Set(['missing-input', 'unused-block']);

/** @param handle its name to React Flow where that is not the port's own. */
export function Port({
  node,
  port,
  handle = port.name,
  side,
  top,
}: {
  node: string;
  port: PortSpec;
  handle?: string;
  side: Side;
  top: number | null;
}) {
  const kind = useProject((state) => portKind(state, { node, port: port.name }, side));
  const chosen = useKeyboardConnect(
    (state) =>
      state.starts !== null &&
      state.targets[state.target]?.node === node &&
      state.targets[state.target]?.port === port.name,
  );
  const fit = useConnecting(({ marked }) => {
    if (marked === null) return undefined;
    if (marked.node === node && marked.port === port.name && marked.side === side) return 'from';
    return verdictsFor(marked).get(portKey(node, port.name, side)) === null ? 'yes' : 'no';
  });
  return (
    <Handle
      id={handle}
      type={side}
      position={side === 'target' ? Position.Left : Position.Right}
      className={styles.port}
      style={top === null ? {} : { top }}
      data-kind={kind}
      data-fit={fit}
      data-chosen={chosen || undefined}
      role="img"
      aria-label={`${port.label} (${side === 'target' ? 'input' : 'output'})`}
      title={port.label}
    />
  );
}

/** The worst problem of a selected block, with its one-click repairs. */
function Callout({ problem }: { problem: Problem }) {
  const dispatch = useProject((state) => state.dispatch);
  return (
    <div className={`${styles.callout} nodrag nopan`} data-severity={problem.severity} role="note">
      <p>
        <b>{problem.message}</b> {hintBeside(problem)}
      </p>
      {problem.fixes.length > 0 && (
        <div className={styles.calloutFixes}>
          {problem.fixes.map((fix) => (
            <Button
              key={fix.label}
              size="small"
              variant={problem.severity === 'warning' ? 'warn' : 'default'}
              onClick={() => dispatch(fix.edits, { label: fix.label })}
            >
              {fix.label}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}

export const BlockNode = memo(function BlockNode({ id, selected }: NodeProps<BlockFlowNode>) {
  const node = useProject((state) => nodeOf(state, id));
  const view = useProject((state) => blockView(state, id));
  const [worst] = useProject((state) => problemsOf(state, id));
  const device = useStudio(
    (state) => deviceInUse(state.devices, state.settings.device)?.id ?? null,
  );
  const projectId = useProject((state) => state.document?.id);
  const found = useRuns((state) => fallbackFound(state, projectId, id));
  const linked = useCode((state) => state.open && state.hovered === id);
  const unrolled = useIsUnrolled(id);
  if (node === undefined) return null;
  const block = findBlock(node.block);
  const recurrence = view?.recurrence ?? null;
  const fallback =
    recurrence === null || device === null
      ? null
      : (found ?? recurrentFallback(device, recurrence));
  const inputs = view?.ports.inputs ?? [];
  const outputs = view?.ports.outputs ?? [];
  const [mainInput, ...moreInputs] = inputs;
  const [mainOutput, ...moreOutputs] = outputs;
  const rows = Array.from({ length: Math.max(moreInputs.length, moreOutputs.length) });
  return (
    <div
      className={styles.block}
      data-selected={selected || undefined}
      data-linked={linked || undefined}
      data-severity={worst === undefined || unfinished.has(worst.code) ? undefined : worst.severity}
      style={{ '--c': block === undefined ? 'var(--err)' : categoryColours[block.category] }}
    >
      <div className={styles.head}>
        <span className={styles.glyph}>
          <Icon name={block === undefined ? 'warn' : glyphOf(block.id)} />
        </span>
        <BlockName id={id} name={node.name} />
        {worst !== undefined && (
          <span className={styles.mark} data-severity={worst.severity} title={worst.message}>
            <Icon name="warn" size={14} />
            <span className="visually-hidden">
              {worst.severity === 'error' ? 'Error' : 'Warning'}: {worst.message}
            </span>
          </span>
        )}
        {fallback !== null && (
          <span className={styles.fallback} title={fallback}>
            <Icon name="info" size={14} />
            <span className="visually-hidden">{fallback}</span>
          </span>
        )}
        {recurrence !== null && <UnrollToggle id={id} />}
        <span className={styles.count} title="Parameters">
          {view === null || view.parameters === null ? '–' : formatCount(view.parameters)}
        </span>
      </div>
      {view !== null && view.facts.length > 0 && (
        <dl className={styles.facts}>
          {view.facts.map((fact) => (
            <div key={fact.label}>
              <dt>{fact.label}</dt>
              <dd>{fact.value}</dd>
            </div>
          ))}
        </dl>
      )}
      {block === undefined && <div className={styles.unknown}>unknown block “{node.block}”</div>}
      {rows.length > 0 && (
        <div className={styles.portRows}>
          {rows.map((_, index) => {
            const input = moreInputs[index];
            const output = moreOutputs[index];
            return (
              <div key={index} className={styles.portRow}>
                {input !== undefined && (
                  <>
                    <Port node={id} port={input} side="target" top={null} />
                    <span>{input.label}</span>
                  </>
                )}
                {output !== undefined && (
                  <>
                    <span className={styles.portOut}>{output.label}</span>
                    <Port node={id} port={output} side="source" top={null} />
                  </>
                )}
              </div>
            );
          })}
        </div>
      )}
      {mainInput !== undefined && (
        <Port node={id} port={mainInput} side="target" top={headerCentre} />
      )}
      {mainOutput !== undefined && (
        <Port node={id} port={mainOutput} side="source" top={headerCentre} />
      )}
      {unrolled && view !== null && <Unrolled node={node} view={view} />}
      {selected && worst !== undefined && !unrolled && <Callout problem={worst} />}
    </div>
  );
});
