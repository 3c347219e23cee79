import { useState, type ComponentProps, type FocusEvent, type KeyboardEvent } from 'react';
import styles from './controls.module.css';
import { Tooltip } from './Tooltip.js';

/** Whether the last thing pressed was a key that moves the focus. */
let byKeyboard = false;
if (typeof window !== 'undefined') {
  window.addEventListener('keydown', ({ key }) => (byKeyboard = key === 'Tab'), true);
  window.addEventListener('pointerdown', () => (byKeyboard = false), true);
}

/**
 * Opens a field's description for who comes to its control with the Tab key; the pointer finds it on the
 * label. `row` goes on the element around both.
 */
export function useFieldHelp(): {
  opened: boolean;
  row: Pick<ComponentProps<'div'>, 'onFocus' | 'onBlur' | 'onKeyDown'>;
} {
  const [opened, setOpened] = useState(false);
  return {
    opened,
    row: {
      onFocus: () => setOpened(byKeyboard),
      onBlur: (event: FocusEvent) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setOpened(false);
      },
      // Whoever types, or closes a list with Escape, has read it.
      onKeyDown: ({ key }: KeyboardEvent) => {
        if (key !== 'Tab' && key !== 'Shift') setOpened(false);
      },
    },
  };
}

/** A field's label, with what it means as its tooltip; dotted where there is something to read. */
export function FieldLabel({
  description,
  opened,
  className = '',
  children,
  ...rest
}: { description?: string | undefined; opened: boolean } & ComponentProps<'label'>) {
  const explained = description !== undefined && description !== '';
  return (
    <Tooltip label={description} position="left" opened={opened}>
      <label className={`${styles.label} ${className}`} {...rest}>
        {explained ? <span className={styles.explained}>{children}</span> : children}
      </label>
    </Tooltip>
  );
}
