import { shortcutText } from '../../commands/keys.js';
import { findCommand, runCommand } from '../../commands/registry.js';
import { useProject } from '../../stores/project.js';
import { reportError } from '../../stores/studio.js';
import { Icon, IconButton, type IconName } from '../../ui/index.js';
import { shortcuts } from './commands.js';

function Tool({
  command: id,
  label,
  icon,
  shortcut,
  disabled = false,
}: {
  command: string;
  label: string;
  icon: IconName;
  shortcut: string;
  disabled?: boolean;
}) {
  return (
    <IconButton
      label={label}
      shortcut={shortcutText(shortcut)}
      icon={<Icon name={icon} />}
      disabled={disabled}
      onClick={() => {
        const command = findCommand(id);
        if (command !== undefined) runCommand(command, reportError);
      }}
    />
  );
}

/** Group, ungroup and comment, in the canvas's tools. */
export function GroupTools() {
  const nothing = useProject(
    ({ selection }) => selection.nodes.length + selection.groups.length === 0,
  );
  const noGroup = useProject(({ selection }) => selection.groups.length === 0);
  return (
    <>
      <Tool
        command="canvas.group"
        label="Group"
        icon="group"
        shortcut={shortcuts.group}
        disabled={nothing}
      />
      <Tool
        command="canvas.ungroup"
        label="Ungroup"
        icon="ungroup"
        shortcut={shortcuts.ungroup}
        disabled={noGroup}
      />
      <Tool command="canvas.comment" label="Comment" icon="comment" shortcut={shortcuts.comment} />
    </>
  );
}
