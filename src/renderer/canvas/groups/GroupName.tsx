import { useProject } from '../../stores/project.js';
import { NameField } from '../NameField.js';
import { renameGroup, stopTyping, useTyping } from './actions.js';
import styles from './groups.module.css';

/** A group's name; a double-click or F2 makes it a field. */
export function GroupName({ id, name }: { id: string; name: string }) {
  const typing = useTyping((state) => state.group === id);
  if (typing)
    return (
      <NameField
        label="Name of the group"
        name={name}
        onEnd={(typed) => {
          renameGroup(id, typed);
          stopTyping();
        }}
      />
    );
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
}
