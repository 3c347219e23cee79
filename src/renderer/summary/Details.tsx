import { useState, type ReactNode } from 'react';
import { Icon, Popup } from '../ui/index.js';
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
    <Popup
      label={label}
      opened={open}
      onChange={setOpen}
      position="top-start"
      {...(width === undefined ? {} : { width })}
      target={
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
      }
    >
      <div className={styles.details}>{children}</div>
    </Popup>
  );
}
