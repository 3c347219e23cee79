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

/** What a control of a `Field` with this `inputId` is described by: its explanation and its message. */
export function describedBy(
  inputId: string,
  { description, error }: Pick<FieldProps, 'description' | 'error'>,
): string | undefined {
  const ids = [description && `${inputId}-help`, error && `${inputId}-message`].filter(Boolean);
  return ids.length === 0 ? undefined : ids.join(' ');
}

/** The explanation as text for screen readers: what is only pointed at is a tooltip's. */
export function Explanation({
  inputId,
  description,
}: { inputId: string } & Pick<FieldProps, 'description'>) {
  if (description === undefined || description === '') return null;
  return (
    <span id={`${inputId}-help`} hidden>
      {description}
    </span>
  );
}

/** Label left, control right, message below. `inputId` ties label, explanation and message to the control. */
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
      {inputId !== undefined && <Explanation inputId={inputId} description={description} />}
      {error !== undefined && error !== null && error !== '' && (
        <div className={styles.message} role="alert" id={inputId && `${inputId}-message`}>
          {error}
        </div>
      )}
    </div>
  );
}
