import { useShallow } from 'zustand/react/shallow';
import { copyBlocks, deleteSelection, pasteBlocks } from '../canvas/editing.js';
import { blockView } from '../stores/graph.js';
import { useProject } from '../stores/project.js';
import { Button, formatCount, formatQuantity, Icon, KeyValue, Panel } from '../ui/index.js';
import styles from './inspector.module.css';

/** What blocks cost together. */
export function Totals({ ids }: { ids: readonly string[] }) {
  const views = useProject(useShallow((state) => ids.map((id) => blockView(state, id))));
  const parameters = views.reduce((sum, view) => sum + (view?.parameters ?? 0), 0);
  const flops = views.reduce((sum, view) => sum + (view?.cost.flops ?? 0), 0);
  return (
    <KeyValue
      items={[
        { key: 'Parameters', value: formatCount(parameters) },
        { key: 'FLOPs/example', value: formatQuantity(flops) },
      ]}
    />
  );
}

/** Several blocks: what they cost together, and what can be done with all of them. */
export function SelectionInspector({ ids }: { ids: readonly string[] }) {
  const duplicate = (): void => {
    const { document, selection, dispatch, select } = useProject.getState();
    const text = document === null ? null : copyBlocks(document, selection);
    const pasted = document === null || text === null ? null : pasteBlocks(document, text, null);
    if (pasted === null) return;
    dispatch(pasted.edits, { label: 'Duplicate' });
    select(pasted);
  };
  const remove = (): void => {
    const { document, selection, dispatch } = useProject.getState();
    const removal = document === null ? null : deleteSelection(document, selection);
    if (removal !== null) dispatch(removal.edits, { label: removal.label });
  };
  return (
    <>
      <header className={styles.head}>
        <h2>{ids.length} blocks</h2>
      </header>
      <Panel>
        <Totals ids={ids} />
      </Panel>
      <Panel>
        <div className={styles.buttons}>
          <Button icon={<Icon name="copy" />} onClick={duplicate}>
            Duplicate
          </Button>
          <Button icon={<Icon name="trash" />} onClick={remove}>
            Delete
          </Button>
        </div>
      </Panel>
    </>
  );
}
