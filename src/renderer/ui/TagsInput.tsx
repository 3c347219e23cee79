import { TagsInput as MantineTagsInput } from '@mantine/core';
import styles from './controls.module.css';

/** Free words as chips, with suggestions. What was typed last counts too when the field is left. */
export function TagsInput({
  label,
  value,
  suggestions,
  placeholder,
  atMost,
  onChange,
}: {
  label: string;
  value: readonly string[];
  suggestions: readonly string[];
  placeholder?: string;
  atMost?: number;
  onChange(value: string[]): void;
}) {
  return (
    <MantineTagsInput
      aria-label={label}
      classNames={{
        input: styles.multiInput ?? '',
        inputField: styles.multiField ?? '',
        pill: styles.pill ?? '',
        dropdown: styles.dropdown ?? '',
        option: styles.option ?? '',
      }}
      size="xs"
      value={[...value]}
      data={[...suggestions]}
      placeholder={placeholder ?? ''}
      maxTags={atMost ?? Infinity}
      splitChars={[',', ';']}
      data-autofocus
      // Inside a popover a list elsewhere would count as a click outside.
      comboboxProps={{ withinPortal: false, transitionProps: { duration: 0 } }}
      onChange={onChange}
    />
  );
}
