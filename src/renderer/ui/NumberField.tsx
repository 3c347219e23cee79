import { Slider } from '@mantine/core';
import { useId, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import styles from './controls.module.css';
import { describedBy, Explanation, type FieldProps } from './Field.js';
import { FieldLabel, useFieldHelp } from './FieldLabel.js';

export interface NumberFieldProps extends FieldProps {
  /** null shows as `nullLabel` where the field is nullable. */
  value: number | null;
  /** `gesture` is the same for all steps of one drag or one stretch of typing: one undo step. */
  onChange(value: number | null, gesture: string): void;
  min?: number | undefined;
  max?: number | undefined;
  step?: number;
  integer?: boolean;
  /** Set where an empty field means null, e.g. `auto` or `off`. */
  nullLabel?: string;
  /**
   * Also shows a slider over this range; larger values can be typed, up to `max`. True means over
   * [min, max].
   */
  slider?: { min: number; max: number; step: number } | boolean | undefined;
  /** Refuses a value with a sentence: it stays in the field and is not passed on. */
  validate?: (value: number | null) => string | null;
  disabled?: boolean;
  /** Without the label column, for tables and toolbars; `label` is still the accessible name. */
  bare?: boolean;
}

const show = (value: number | null): string => {
  if (value === null) return '';
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e9) ? value.toExponential() : String(value);
};

/** Rounds away what binary fractions add: 0.1 + 0.2 shows as 0.3. */
const tidy = (value: number): number => Number(value.toPrecision(12));

/** A number with its unit of change: type it, step it with the arrow keys, or drag its label. */
export function NumberField({
  label,
  description,
  error,
  value,
  onChange,
  min,
  max,
  integer = false,
  step = integer ? 1 : 0.1,
  nullLabel,
  slider: sliderRange,
  validate,
  disabled = false,
  bare = false,
}: NumberFieldProps) {
  const id = useId();
  const [draft, setDraft] = useState<{ text: string; base: number | null } | null>(null);
  const [gesture, setGesture] = useState(0);
  const help = useFieldHelp();
  const dragFrom = useRef<{ x: number; value: number } | null>(null);

  const slider =
    typeof sliderRange === 'object'
      ? sliderRange
      : sliderRange === true && min !== undefined && max !== undefined
        ? { min, max, step }
        : undefined;
  const current = draft !== null && draft.base === value ? draft : null;
  const parse = (text: string): { value: number | null } | { message: string } => {
    const trimmed = text.trim();
    if (trimmed === '' || trimmed === nullLabel)
      return nullLabel === undefined ? { message: 'A number is needed.' } : { value: null };
    const parsed = Number(trimmed);
    if (!Number.isFinite(parsed)) return { message: `“${trimmed}” is not a number.` };
    return { value: parsed };
  };
  const parsedDraft = current === null ? null : parse(current.text);
  const draftMessage =
    parsedDraft === null
      ? null
      : 'message' in parsedDraft
        ? parsedDraft.message
        : (validate?.(parsedDraft.value) ?? null);
  const message = draftMessage ?? error ?? null;

  const key = `${id}:${gesture}`;
  const clamp = (next: number): number => {
    const bounded = Math.min(max ?? Infinity, Math.max(min ?? -Infinity, next));
    return tidy(integer ? Math.round(bounded) : bounded);
  };
  const commit = (next: number | null): void => {
    if (next !== value && (validate?.(next) ?? null) === null) onChange(next, key);
  };
  const type = (text: string): void => {
    const parsed = parse(text);
    if ('value' in parsed && (validate?.(parsed.value) ?? null) === null) {
      setDraft({ text, base: parsed.value });
      commit(parsed.value);
    } else setDraft({ text, base: value });
  };
  const stepBy = (count: number): void => {
    setDraft(null);
    commit(clamp((value ?? min ?? 0) + count * step));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (direction !== 0) {
      event.preventDefault();
      stepBy(direction * (event.shiftKey ? 10 : 1));
    } else if (event.key === 'Enter') endGesture();
  };
  const endGesture = (): void => {
    setGesture((count) => count + 1);
    if (draftMessage === null) setDraft(null);
  };
  const drag = {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (disabled || event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      dragFrom.current = { x: event.clientX, value: value ?? min ?? 0 };
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const from = dragFrom.current;
      if (from === null) return;
      const steps = Math.trunc((event.clientX - from.x) / 4);
      if (steps === 0) return;
      setDraft(null);
      commit(clamp(from.value + steps * step * (event.shiftKey ? 10 : 1)));
    },
    onPointerUp() {
      dragFrom.current = null;
      endGesture();
    },
    onPointerCancel() {
      dragFrom.current = null;
      endGesture();
    },
  };

  // ARIA knows no 1e-8.
  const plain = value !== null && !String(value).includes('e');
  const input = (
    <input
      id={id}
      className={`${styles.input} ${styles.number}`}
      role="spinbutton"
      inputMode={integer ? 'numeric' : 'decimal'}
      autoComplete="off"
      spellCheck={false}
      disabled={disabled}
      value={current?.text ?? show(value)}
      placeholder={nullLabel}
      aria-label={bare ? label : undefined}
      aria-valuenow={plain ? value : undefined}
      aria-valuetext={value === null ? nullLabel : plain ? undefined : show(value)}
      aria-valuemin={min}
      aria-valuemax={max}
      aria-invalid={message !== null}
      aria-describedby={describedBy(id, {
        description: bare ? undefined : description,
        error: message,
      })}
      onChange={(event) => type(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      onBlur={endGesture}
      onFocus={(event) => event.currentTarget.select()}
    />
  );
  const messageElement = message !== null && (
    <div className={styles.message} role="alert" id={`${id}-message`}>
      {message}
    </div>
  );
  if (bare)
    return (
      <div>
        {input}
        {messageElement}
      </div>
    );
  return (
    <div className={styles.row} {...help.row}>
      <FieldLabel
        description={description}
        opened={help.opened}
        className={styles.scrub}
        htmlFor={id}
        {...drag}
      >
        {label}
      </FieldLabel>
      <Explanation inputId={id} description={description} />
      {slider !== undefined ? (
        <div className={styles.slider}>
          <Slider
            classNames={{
              root: styles.sliderRoot ?? '',
              track: styles.sliderTrack ?? '',
              thumb: styles.sliderThumb ?? '',
            }}
            size={2}
            thumbSize={12}
            min={slider.min}
            max={slider.max}
            step={slider.step}
            value={Math.min(slider.max, Math.max(slider.min, value ?? slider.min))}
            onChange={(next) => {
              setDraft(null);
              commit(tidy(next));
            }}
            onChangeEnd={endGesture}
            label={null}
            disabled={disabled}
            thumbLabel={`${label} slider`}
          />
          {input}
        </div>
      ) : (
        input
      )}
      {messageElement}
    </div>
  );
}
