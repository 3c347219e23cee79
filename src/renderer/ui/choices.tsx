/** Controls that pick from a fixed set, and free text. */
import {
  MultiSelect as MantineMultiSelect,
  SegmentedControl as MantineSegmented,
  Select as MantineSelect,
  Switch as MantineSwitch,
} from '@mantine/core';
import { useId, useState } from 'react';
import styles from './controls.module.css';
import { describedBy, Field, type FieldProps } from './Field.js';

export interface Choice<T extends string> {
  value: T;
  label: string;
  disabled?: boolean;
}

/** Our look for fields that hold several chips. */
export const multiClasses = {
  input: styles.multiInput ?? '',
  inputField: styles.multiField ?? '',
  pill: styles.pill ?? '',
  dropdown: styles.dropdown ?? '',
  option: styles.option ?? '',
};

const segmentClasses = {
  root: styles.segments ?? '',
  label: styles.segmentLabel ?? '',
  indicator: styles.segmentIndicator ?? '',
  control: styles.segmentControl ?? '',
};

interface ChoiceProps<T extends string> {
  value: T;
  choices: readonly Choice<T>[];
  onChange(value: T): void;
  disabled?: boolean;
}

/** Two to four short choices side by side. */
export function SegmentedControl<T extends string>({
  label,
  value,
  choices,
  onChange,
  disabled = false,
}: ChoiceProps<T> & { label: string }) {
  return (
    <MantineSegmented
      classNames={segmentClasses}
      aria-label={label}
      fullWidth
      transitionDuration={0}
      value={value}
      data={[...choices]}
      disabled={disabled}
      onChange={onChange}
    />
  );
}

export function SegmentedField<T extends string>({
  label,
  description,
  error,
  ...rest
}: ChoiceProps<T> & FieldProps) {
  return (
    <Field label={label} description={description} error={error}>
      <SegmentedControl label={label} {...rest} />
    </Field>
  );
}

/** Mantine's lists take no `aria-describedby`: they are described by an explanation of their own. */
const explained = (id: string, description: string | undefined) =>
  description === undefined
    ? {}
    : {
        description,
        descriptionProps: { id: `${id}-explained`, className: 'visually-hidden' },
        styles: { wrapper: { margin: 0 } },
      };

/** Lists are built when they open: a form of a big network has thousands of options. */
const dropdown = { withinPortal: true, keepMounted: false, transitionProps: { duration: 0 } };

const selectClasses = {
  input: `${styles.input} ${styles.select}`,
  dropdown: styles.dropdown ?? '',
  option: styles.option ?? '',
};

/**
 * A list that opens; `searchable` for long ones. Without `label` column when `bare`.
 *
 * @param whenOpen - the choices where it takes time to find them: asked for when the list opens. Till then
 *   `choices` are enough that hold the chosen one.
 */
export function Select<T extends string>({
  label,
  description,
  error,
  value,
  choices,
  whenOpen,
  onChange,
  disabled = false,
  searchable = false,
  bare = false,
  placeholder,
}: Omit<ChoiceProps<T>, 'value'> &
  FieldProps & {
    value: T | null;
    whenOpen?: () => readonly Choice<T>[];
    searchable?: boolean;
    bare?: boolean;
    placeholder?: string;
  }) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const offered = open && whenOpen !== undefined ? whenOpen() : choices;
  const select = (
    <MantineSelect
      id={id}
      classNames={selectClasses}
      aria-label={bare ? label : undefined}
      value={value}
      data={offered.map((choice) => ({ ...choice }))}
      disabled={disabled}
      onDropdownOpen={() => setOpen(true)}
      onDropdownClose={() => setOpen(false)}
      searchable={searchable}
      {...(bare ? {} : explained(id, description))}
      placeholder={placeholder ?? ''}
      allowDeselect={false}
      error={Boolean(error)}
      rightSectionWidth={24}
      maxDropdownHeight={320}
      comboboxProps={dropdown}
      onChange={(next) => {
        const choice = offered.find((candidate) => candidate.value === next);
        if (choice !== undefined && choice.value !== value) onChange(choice.value);
      }}
    />
  );
  if (bare) return select;
  return (
    <Field label={label} description={description} error={error} inputId={id}>
      {select}
    </Field>
  );
}

/** Any number of choices, in the order they were picked. */
export function MultiSelect({
  label,
  description,
  error,
  value,
  choices,
  onChange,
  disabled = false,
}: FieldProps & {
  value: readonly string[];
  choices: readonly Choice<string>[];
  onChange(value: string[]): void;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <Field label={label} description={description} error={error} inputId={id}>
      <MantineMultiSelect
        id={id}
        classNames={multiClasses}
        size="xs"
        value={[...value]}
        data={choices.map((choice) => ({ ...choice }))}
        disabled={disabled}
        searchable
        {...explained(id, description)}
        error={Boolean(error)}
        comboboxProps={dropdown}
        onChange={onChange}
      />
    </Field>
  );
}

export function SwitchField({
  label,
  description,
  error,
  value,
  onChange,
  disabled = false,
}: FieldProps & { value: boolean; onChange(value: boolean): void; disabled?: boolean }) {
  const id = useId();
  return (
    <Field label={label} description={description} error={error} inputId={id}>
      <MantineSwitch
        id={id}
        classNames={{ track: styles.switchTrack ?? '', thumb: styles.switchThumb ?? '' }}
        size="xs"
        checked={value}
        disabled={disabled}
        aria-describedby={describedBy(id, { description, error })}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </Field>
  );
}

interface TextProps extends FieldProps {
  value: string;
  /** Called on every change; `gesture` is the same until the field loses focus. */
  onChange(value: string, gesture: string): void;
  placeholder?: string;
  /** More than one makes a text area. */
  rows?: number;
  disabled?: boolean;
  bare?: boolean;
  /** Has the focus when its dialog opens. */
  first?: boolean;
  maxLength?: number;
}

export function TextField({
  label,
  description,
  error,
  value,
  onChange,
  placeholder,
  rows = 1,
  disabled = false,
  bare = false,
  first = false,
  maxLength,
}: TextProps) {
  const id = useId();
  const [gesture, setGesture] = useState(0);
  const shared = {
    id,
    className: styles.input,
    value,
    placeholder,
    disabled,
    maxLength,
    'data-autofocus': first || undefined,
    'aria-label': bare ? label : undefined,
    'aria-invalid': Boolean(error),
    'aria-describedby': bare ? undefined : describedBy(id, { description, error }),
    onBlur: () => setGesture((count) => count + 1),
  };
  const change = (text: string): void => onChange(text, `${id}:${gesture}`);
  const input =
    rows > 1 ? (
      <textarea {...shared} rows={rows} onChange={(event) => change(event.currentTarget.value)} />
    ) : (
      <input {...shared} onChange={(event) => change(event.currentTarget.value)} />
    );
  if (bare) return input;
  return (
    <Field label={label} description={description} error={error} inputId={id}>
      {input}
    </Field>
  );
}
