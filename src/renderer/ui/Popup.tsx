import { Popover } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import styles from './controls.module.css';

/** Our look for Mantine's popovers. */
export const popupClasses = { dropdown: styles.popup ?? '' };

/** What opens beside a button and takes the focus until it is closed by Escape or a click elsewhere. */
export function Popup({
  label,
  opened,
  onChange,
  target,
  position = 'bottom-end',
  width,
  children,
}: {
  label: string;
  opened: boolean;
  onChange: (opened: boolean) => void;
  target: ReactElement;
  position?: 'bottom-end' | 'top-start';
  /** In pixels; as wide as its content if left out. */
  width?: number;
  children: ReactNode;
}) {
  return (
    <Popover
      opened={opened}
      onChange={onChange}
      position={position}
      {...(width === undefined ? {} : { width })}
      closeOnEscape={false}
      trapFocus
      returnFocus
      transitionProps={{ duration: 0 }}
      classNames={popupClasses}
    >
      <Popover.Target>{target}</Popover.Target>
      <Popover.Dropdown
        aria-label={label}
        onKeyDown={(event) => {
          // It is not the list or the canvas behind it that is meant.
          if (event.key !== 'Tab') event.stopPropagation();
          if (event.key === 'Escape') onChange(false);
        }}
      >
        {children}
      </Popover.Dropdown>
    </Popover>
  );
}
