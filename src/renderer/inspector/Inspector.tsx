import { useDeferredValue } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { allNodes } from '#shared/graph/groups';
import { useProject } from '../stores/project.js';
import { BlockInspector } from './BlockInspector.js';
import { EdgeInspector } from './EdgeInspector.js';
import { GroupInspector } from './GroupInspector.js';
import styles from './inspector.module.css';
import { ProjectInspector } from './ProjectInspector.js';
import { SelectionInspector } from './SelectionInspector.js';

/** Several things with groups among them: all their blocks. */
function SelectedItems() {
  const ids = useProject(
    useShallow(({ document, selection }) =>
      document === null ? [] : allNodes(document.graph, selection),
    ),
  );
  return <SelectionInspector ids={ids} />;
}

/** Settings of what is selected: a block, a connection, several blocks, or the project. */
export function Inspector() {
  // After the canvas has shown the selection: a form takes longer to build than the first frame of a drag has.
  const { nodes, groups, edges } = useDeferredValue(useProject((state) => state.selection));
  const [node] = nodes;
  const [edge] = edges;
  const [group] = groups;
  return (
    <aside className={styles.inspector} aria-label="Inspector">
      {groups.length === 1 && group !== undefined && nodes.length === 0 ? (
        <GroupInspector key={group} id={group} />
      ) : groups.length > 0 ? (
        <SelectedItems />
      ) : nodes.length === 1 && node !== undefined ? (
        <BlockInspector key={node} id={node} />
      ) : nodes.length > 1 ? (
        <SelectionInspector ids={nodes} />
      ) : edges.length === 1 && edge !== undefined ? (
        <EdgeInspector key={edge} id={edge} />
      ) : (
        <ProjectInspector />
      )}
    </aside>
  );
}
