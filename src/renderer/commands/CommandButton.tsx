import { reportError } from '../stores/studio.js';
import { Icon, IconButton, type IconName } from '../ui/index.js';
import { shortcutText } from './keys.js';
import { keysOf, runCommand, useCommands } from './registry.js';

/** A tool that runs a command, with its title and keys; nothing while there is no such command. */
export function CommandButton({
  command: id,
  icon,
  disabled = false,
}: {
  command: string;
  icon: IconName;
  disabled?: boolean;
}) {
  const command = useCommands().find((one) => one.id === id);
  if (command === undefined) return null;
  const [shortcut] = keysOf(command);
  return (
    <IconButton
      label={command.title}
      {...(shortcut === undefined ? {} : { shortcut: shortcutText(shortcut) })}
      icon={<Icon name={icon} />}
      disabled={disabled}
      onClick={() => runCommand(command, reportError)}
    />
  );
}
