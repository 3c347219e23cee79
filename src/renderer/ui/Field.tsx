import type { ReactNode } from 'react';
import styles from './controls.module.css';
import { Tooltip } from './Tooltip.js';

export interface FieldProps {
  label: string;
  /** Shown as the label's tooltip. */
  description?: string | undefined;
  /** What is wrong with the value, in words. */
  error?: string | null | undefined;
}

/** Label left, control right, message below. `inputId` ties label and message to the control. */
export function Field({
  label,
  description,
  error,
  inputId,
  labelId,
  children,
}: FieldProps & { inputId?: string; labelId?: string; children: ReactNode }) {
  return (
    <div className={styles.row}>
      <Tooltip label={description} position="left">
        <label className={styles.label} htmlFor={inputId} id={labelId}>
          {label}
        </label>
      </Tooltip>
      {children}
      {error !== undefined && error !== null && error !== '' && (
        <div className={styles.message} role="alert" id={inputId && `${inputId}-message`}>
          {error}
        </div>
      )}
    </div>
  );
}
