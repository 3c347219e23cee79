import { memo } from 'react';
import type { NodeProps } from 'reactflow';
import { useProject } from '../../stores/project.js';
import { formatCount, Icon, IconButton } from '../../ui/index.js';
import type { FrameFlowNode } from '../flow.js';
import { collapse } from './actions.js';
import { useGroupDrag } from './dragging.js';
import { GroupName } from './GroupName.js';
import styles from './groups.module.css';
import { blockCount, groupView } from './view.js';

/** The titled frame around the blocks of an expanded group. */
export const GroupFrame = memo(function GroupFrame({ data, selected }: NodeProps<FrameFlowNode>) {
  const id = data.group;
  const view = useProject((state) => groupView(state, id));
  const target = useGroupDrag((state) => state.joining?.group === id);
  if (view === null) return null;
  const { group, members, parameters } = view;
  return (
    <div
      className={styles.frame}
      data-selected={selected || undefined}
      data-target={target || undefined}
    >
      <div className={styles.title} data-frame-title>
        <span className="nodrag">
          <IconButton
            label={`Collapse ${group.name}`}
            icon={<Icon name="down" />}
            aria-expanded
            onClick={() => collapse([id], true)}
          />
        </span>
        <GroupName id={id} name={group.name} />
        <span className={styles.size}>
          {blockCount(members.size)}
          {parameters !== null && ` · ${formatCount(parameters)}`}
        </span>
      </div>
    </div>
  );
});
