import { useProject } from '../stores/project.js';
import { BlockInspector } from './BlockInspector.js';
import { EdgeInspector } from './EdgeInspector.js';
import styles from './inspector.module.css';
import { ProjectInspector } from './ProjectInspector.js';
import { SelectionInspector } from './SelectionInspector.js';

/** Settings of what is selected: a block, a connection, several blocks, or the project. */
export function Inspector() {
  const nodes = useProject((state) => state.selection.nodes);
  const edges = useProject((state) => state.selection.edges);
  const [node] = nodes;
  const [edge] = edges;
  return (
    <aside className={styles.inspector} aria-label="Inspector">
      {nodes.length === 1 && node !== undefined ? (
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
