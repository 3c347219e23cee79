import type { ComponentProps, ReactNode } from 'react';
import styles from './controls.module.css';
import { Tooltip } from './Tooltip.js';

type ButtonVariant = 'default' | 'primary' | 'live' | 'quiet' | 'danger' | 'warn';

interface ButtonProps extends Omit<ComponentProps<'button'>, 'className'> {
  variant?: ButtonVariant;
  size?: 'default' | 'small';
  icon?: ReactNode;
  tooltip?: string;
}

export function Button({
  variant = 'default',
  size = 'default',
  icon,
  tooltip,
  children,
  ...rest
}: ButtonProps) {
  return (
    <Tooltip label={tooltip}>
      <button
        type="button"
        {...rest}
        className={styles.button}
        data-variant={variant}
        data-size={size}
      >
        {icon}
        {children}
      </button>
    </Tooltip>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'className' | 'children'> {
  /** Accessible name, also the tooltip. */
  label: string;
  icon: ReactNode;
  /** Shown in the tooltip after the label, e.g. `Ctrl Z`. */
  shortcut?: string;
  pressed?: boolean;
}

export function IconButton({ label, icon, shortcut, pressed, ...rest }: IconButtonProps) {
  return (
    <Tooltip label={shortcut === undefined ? label : `${label}  ${shortcut}`}>
      <button
        type="button"
        {...rest}
        className={styles.iconButton}
        aria-label={label}
        aria-pressed={pressed}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
