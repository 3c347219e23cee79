import type { ReactNode } from 'react';
import styles from './controls.module.css';
import { FieldLabel, useFieldHelp } from './FieldLabel.js';

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
  const { opened, row } = useFieldHelp();
  return (
    <div className={styles.row} {...row}>
      <FieldLabel description={description} opened={opened} htmlFor={inputId} id={labelId}>
        {label}
      </FieldLabel>
      {children}
      {error !== undefined && error !== null && error !== '' && (
        <div className={styles.message} role="alert" id={inputId && `${inputId}-message`}>
          {error}
        </div>
      )}
    </div>
  );
}
