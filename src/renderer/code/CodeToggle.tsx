import { useEffect } from 'react';
import { modifierName } from '../shell/shortcuts.js';
import { useCode } from '../stores/code.js';
import { Button, Icon } from '../ui/index.js';

function toggle(): void {
  const { open, setOpen } = useCode.getState();
  setOpen(!open);
}

/** Opens and closes the Code panel; so does its key, also from within the code. */
export function CodeToggle() {
  const open = useCode((state) => state.open);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      if (event.key.toLowerCase() !== 'e' || document.querySelector('[role="dialog"]') !== null)
        return;
      event.preventDefault();
      toggle();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <Button
      variant={open ? 'live' : 'default'}
      icon={<Icon name="code" />}
      aria-expanded={open}
      tooltip={`The network as PyTorch, Keras or TypeScript  ${modifierName} E`}
      onClick={toggle}
    >
      Code
    </Button>
  );
}
