import { shortcutText } from '../commands/keys.js';
import { useCode } from '../stores/code.js';
import { Button, Icon } from '../ui/index.js';

function toggle(): void {
  const { open, setOpen } = useCode.getState();
  setOpen(!open);
}

/** Opens and closes the Code panel. */
export function CodeToggle() {
  const open = useCode((state) => state.open);
  return (
    <Button
      variant={open ? 'live' : 'default'}
      icon={<Icon name="code" />}
      aria-expanded={open}
      tooltip={`The network as PyTorch, Keras or TypeScript  ${shortcutText('Mod+E')}`}
      onClick={toggle}
    >
      Code
    </Button>
  );
}
