import { Popover } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Icon } from '../ui/index.js';
import styles from './summary.module.css';

/** A button of the summary bar that opens what stands behind its figures. */
export function Details({
  label,
  button,
  width,
  children,
}: {
  label: string;
  button: ReactNode;
  /** In pixels; as wide as its content if left out. */
  width?: number;
  children: ReactNode;
}) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="top-start"
      offset={10}
      {...(width === undefined ? {} : { width })}
      closeOnEscape={false}
      trapFocus
      returnFocus
      transitionProps={{ duration: 0 }}
      classNames={{ dropdown: styles.popover ?? '' }}
    >
      <Popover.Target>
        <button
          type="button"
          className={styles.open}
          aria-label={label}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {button}
          <Icon name={open ? 'down' : 'up'} size={12} />
        </button>
      </Popover.Target>
      <Popover.Dropdown
        aria-label={label}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          // And nothing else: the canvas would let go of its selection as well.
          event.stopPropagation();
          setOpen(false);
        }}
      >
        {children}
      </Popover.Dropdown>
    </Popover>
  );
}
