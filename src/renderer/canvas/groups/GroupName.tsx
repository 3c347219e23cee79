import { useProject } from '../../stores/project.js';
import { renameGroup, stopTyping, useTyping } from './actions.js';
import styles from './groups.module.css';

/** A group's name; a double-click or F2 makes it a field. */
export function GroupName({ id, name }: { id: string; name: string }) {
  const typing = useTyping((state) => state.group === id);
  if (!typing)
    return (
      <span
        className={styles.name}
        onDoubleClick={(event) => {
          event.stopPropagation();
          useProject.getState().select({ groups: [id] });
          useTyping.setState({ group: id });
        }}
      >
        {name}
      </span>
    );
  return (
    <input
      className={`${styles.nameField} nodrag nopan`}
      aria-label="Name of the group"
      defaultValue={name}
      maxLength={200}
      size={Math.max(8, name.length + 1)}
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') {
          event.currentTarget.value = name;
          event.currentTarget.blur();
        }
      }}
      onBlur={(event) => {
        renameGroup(id, event.currentTarget.value.trim());
        stopTyping();
      }}
    />
  );
}
