import { memo, useEffect } from 'react';
import { useUpdateNodeInternals, type NodeProps } from 'reactflow';
import { showProblem } from '../../problems/show.js';
import { useCode } from '../../stores/code.js';
import { useProject } from '../../stores/project.js';
import { formatCount, Icon, IconButton } from '../../ui/index.js';
import { headerCentre, Port } from '../BlockNode.js';
import blocks from '../canvas.module.css';
import type { GroupFlowNode } from '../flow.js';
import { collapse } from './actions.js';
import { GroupName } from './GroupName.js';
import styles from './groups.module.css';
import { boundaryHandle } from './ids.js';
import { blockCount, groupView, problemsInside, type BorderPort } from './view.js';

const handleOf = ({ node, port }: BorderPort): string => boundaryHandle({ node, port: port.name });

function BorderHandle({
  entry,
  side,
  top,
}: {
  entry: BorderPort;
  side: 'source' | 'target';
  top: number | null;
}) {
  const { node, port, label } = entry;
  return (
    <Port node={node} port={{ ...port, label }} handle={handleOf(entry)} side={side} top={top} />
  );
}

/** A collapsed group: one block with a port for each port inside that wires from outside join. */
export const GroupBlock = memo(function GroupBlock({
  id: flowNode,
  data,
  selected,
}: NodeProps<GroupFlowNode>) {
  const id = data.group;
  const view = useProject((state) => groupView(state, id));
  const problems = useProject((state) => state.problems);
  const linked = useCode(
    (state) => state.open && state.hovered !== null && view?.members.has(state.hovered) === true,
  );
  const updateInternals = useUpdateNodeInternals();
  const handles =
    view === null
      ? ''
      : [view.inputs, view.outputs].map((ports) => ports.map(handleOf).join(' ')).join(' | ');
  // Wires end where React Flow last saw the ports.
  useEffect(() => updateInternals(flowNode), [flowNode, handles, updateInternals]);
  if (view === null) return null;
  const { group, members, parameters, inputs, outputs } = view;
  const inside = problemsInside(view, problems);
  const [worst] = inside;
  // One port stands on the header's line, where a straight wire stays straight; several get a row each.
  const [input] = inputs.length === 1 ? inputs : [];
  const [output] = outputs.length === 1 ? outputs : [];
  const rows = Math.max(input ? 0 : inputs.length, output ? 0 : outputs.length);
  return (
    <div
      className={`${blocks.block} ${styles.block}`}
      data-selected={selected || undefined}
      data-linked={linked || undefined}
      data-severity={worst?.severity === 'error' ? 'error' : undefined}
      onDoubleClick={() => collapse([id], false)}
    >
      <div className={blocks.head}>
        <span className={styles.glyph}>
          <Icon name="group" />
        </span>
        <GroupName id={id} name={group.name} />
        {worst !== undefined && (
          <button
            type="button"
            className={`${styles.problems} nodrag`}
            data-severity={worst.severity}
            title={worst.message}
            aria-label={`${inside.length === 1 ? '1 problem' : `${inside.length} problems`} inside. Show: ${worst.message}`}
            onClick={(event) => {
              event.stopPropagation();
              showProblem(worst);
            }}
          >
            <Icon name="warn" size={14} />
            {inside.length > 1 && inside.length}
          </button>
        )}
        <span className={blocks.count} title="Parameters">
          {parameters === null ? '–' : formatCount(parameters)}
        </span>
        <span className={`${styles.expand} nodrag`}>
          <IconButton
            label={`Expand ${group.name}`}
            icon={<Icon name="right" />}
            aria-expanded={false}
            onClick={() => collapse([id], false)}
          />
        </span>
      </div>
      <dl className={blocks.facts}>
        <div>
          <dt>contains</dt>
          <dd>{blockCount(members.size)}</dd>
        </div>
        {input && (
          <div>
            <dt>in</dt>
            <dd>{input.label}</dd>
          </div>
        )}
        {output && (
          <div>
            <dt>out</dt>
            <dd>{output.label}</dd>
          </div>
        )}
      </dl>
      {rows > 0 && (
        <div className={blocks.portRows}>
          {Array.from({ length: rows }, (_, at) => {
            const into = input ? undefined : inputs[at];
            const from = output ? undefined : outputs[at];
            return (
              <div key={at} className={blocks.portRow}>
                {into && (
                  <>
                    <BorderHandle entry={into} side="target" top={null} />
                    <span>{into.label}</span>
                  </>
                )}
                {from && (
                  <>
                    <span className={blocks.portOut}>{from.label}</span>
                    <BorderHandle entry={from} side="source" top={null} />
                  </>
                )}
              </div>
            );
          })}
        </div>
      )}
      {input && <BorderHandle entry={input} side="target" top={headerCentre} />}
      {output && <BorderHandle entry={output} side="source" top={headerCentre} />}
    </div>
  );
});
