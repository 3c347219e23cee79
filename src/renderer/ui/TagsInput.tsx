import { TagsInput as MantineTagsInput } from '@mantine/core';
import { multiClasses } from './choices.js';

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
      classNames={multiClasses}
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
