import { Tooltip as MantineTooltip } from '@mantine/core';
import type { ReactElement } from 'react';
import styles from './controls.module.css';

/** The child must take a ref. An empty label shows nothing. */
export function Tooltip({
  label,
  source,
  children,
  position = 'bottom',
  opened = false,
}: {
  label: string | undefined;
  /** Where that is from: on a line of its own. */
  source?: string;
  children: ReactElement;
  position?: 'top' | 'bottom' | 'left' | 'right';
  /** Shown whatever pointer and focus do. */
  opened?: boolean;
}) {
  if (label === undefined || label === '') return children;
  return (
    <MantineTooltip
      label={
        source === undefined ? (
          label
        ) : (
          <>
            {label} <span className={styles.tooltipSource}>{source}</span>
          </>
        )
      }
      position={position}
      {...(opened ? { opened } : {})}
      openDelay={350}
      events={{ hover: true, focus: true, touch: false }}
      multiline
      classNames={{ tooltip: styles.tooltip ?? '' }}
    >
      {children}
    </MantineTooltip>
  );
}
