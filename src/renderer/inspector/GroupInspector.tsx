import { categoryColours, glyphOf } from '../canvas/looks.js';
import { collapse, renameGroup, ungroupAll } from '../canvas/groups/actions.js';
import { groupView } from '../canvas/groups/view.js';
import { findBlock } from '#shared/catalog/index';
import { useDesign } from '../stores/design.js';
import { useProject } from '../stores/project.js';
import { Button, Icon, Panel, TextField } from '../ui/index.js';
import styles from './inspector.module.css';
import { Totals } from './SelectionInspector.js';

/** A group: its name, what it holds and costs. A click on a block of it shows that block. */
export function GroupInspector({ id }: { id: string }) {
  const view = useProject((state) => groupView(state, id));
  const nodes = useProject((state) => state.document?.graph.nodes);
  if (view === null || nodes === undefined) return null;
  const { group, members } = view;
  return (
    <>
      <header className={styles.head}>
        <h2>Group</h2>
        <span className={styles.id}>{id}</span>
      </header>
      <Panel>
        <TextField
          label="Name"
          value={group.name}
          maxLength={200}
          onChange={(name, gesture) => renameGroup(id, name, gesture)}
        />
        <div className={styles.buttons}>
          <Button onClick={() => collapse([id], !group.collapsed)}>
            {group.collapsed ? 'Expand' : 'Collapse'}
          </Button>
          <Button icon={<Icon name="ungroup" />} onClick={() => ungroupAll([id])}>
            Ungroup
          </Button>
        </div>
      </Panel>
      <Panel title="Blocks" aside={String(members.size)}>
        <ul className={styles.members}>
          {nodes
            .filter((node) => members.has(node.id))
            .map((node) => {
              const block = findBlock(node.block);
              return (
                <li
                  key={node.id}
                  style={{
                    '--c': block === undefined ? 'var(--err)' : categoryColours[block.category],
                  }}
                >
                  <button
                    type="button"
                    onClick={() => {
                      useDesign.getState().bringIntoView(node.id);
                      useProject.getState().select({ nodes: [node.id] });
                    }}
                  >
                    <span className={styles.glyph}>
                      <Icon name={block === undefined ? 'warn' : glyphOf(block.id)} />
                    </span>
                    {node.name}
                  </button>
                </li>
              );
            })}
        </ul>
      </Panel>
      <Panel title="Cost">
        <Totals ids={[...members]} />
      </Panel>
    </>
  );
}
