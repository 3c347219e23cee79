import { useProject } from '../stores/project.js';
import styles from './canvas.module.css';
import { stopTyping, useTyping } from './groups/actions.js';
import { NameField } from './NameField.js';

/** A block's name; a double-click or F2 makes it a field. */
export function BlockName({ id, name }: { id: string; name: string }) {
  const typing = useTyping((state) => state.node === id);
  if (typing)
    return (
      <NameField
        label="Name of the block"
        name={name}
        onEnd={(typed) => {
          if (typed !== name)
            useProject
              .getState()
              .dispatch([{ type: 'rename-node', id, name: typed }], { label: 'Rename block' });
          stopTyping();
        }}
      />
    );
  return (
    <span className={styles.name} onDoubleClick={() => useTyping.setState({ node: id })}>
      {name}
    </span>
  );
}
