/**
 * A form that derives from a zod schema: titles, tooltips, bounds and choices are the schema's own, so
 * a new parameter needs no work here.
 */
import { z } from 'zod';
import { SegmentedField, Select, SwitchField, TextField } from './choices.js';
import styles from './controls.module.css';
import { NumberField } from './NumberField.js';
import {
  describeFields,
  humanise,
  isShown,
  messagesByPath,
  type ChoiceDescription,
  type FieldDescription,
  type Json,
  type JsonObject,
  type NumberDescription,
  type NumbersDescription,
} from './schema.js';

export interface SchemaFormProps {
  schema: z.ZodType;
  value: JsonObject;
  /** `gesture` is the same for all changes of one drag or one stretch of typing. */
  onChange(value: JsonObject, gesture: string): void;
  /**
   * True where a wrong value belongs into the document and shows as a problem (block parameters);
   * false where it stays in its field until it is right (recipes).
   */
  keepInvalid: boolean;
  /** Shows just these fields of the schema; all of them where it is left out. */
  only?: readonly string[];
  disabled?: boolean;
}

const jsonObjectSchema = z.record(z.string(), z.json());

interface Context {
  messages: Record<string, string>;
  keepInvalid: boolean;
  disabled: boolean;
  /** null if the value with this change is valid, else the message for the path. */
  check(path: readonly string[], value: Json): string | null;
  change(path: readonly string[], value: Json, gesture: string): void;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function withValue(root: JsonObject, path: readonly string[], value: Json): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return root;
  if (rest.length === 0) return { ...root, [key]: value };
  const child = root[key];
  return { ...root, [key]: withValue(isObject(child) ? child : {}, rest, value) };
}

function messagesFor(schema: z.ZodType, value: Json): Record<string, string> {
  const parsed = schema.safeParse(value);
  return parsed.success ? {} : messagesByPath(parsed.error.issues);
}

export function SchemaForm({
  schema,
  value,
  onChange,
  keepInvalid,
  only,
  disabled = false,
}: SchemaFormProps) {
  const fields = Object.entries(describeFields(schema)).filter(
    ([key]) => only === undefined || only.includes(key),
  );
  const context: Context = {
    messages: messagesFor(schema, value),
    keepInvalid,
    disabled,
    check(path, next) {
      const messages = messagesFor(schema, withValue(value, path, next));
      return messages[path.join('.')] ?? null;
    },
    change(path, next, gesture) {
      const changed = withValue(value, path, next);
      if (keepInvalid) {
        onChange(changed, gesture);
        return;
      }
      // Parsing fills in the defaults of a newly chosen variant.
      const parsed = schema.pipe(jsonObjectSchema).safeParse(changed);
      if (parsed.success) onChange(parsed.data, gesture);
    },
  };
  return <Fields fields={fields} path={[]} value={value} context={context} />;
}

/** The fields of one object, but those that do not matter beside the others' values. */
function Fields({
  fields,
  path,
  value,
  context,
}: {
  fields: readonly (readonly [string, FieldDescription])[];
  path: readonly string[];
  value: JsonObject;
  context: Context;
}) {
  return fields.map(([name, field]) => {
    const inner = [...path, name];
    // A wrong value has to be seen to be mended.
    const wrong = context.messages[inner.join('.')] !== undefined;
    return isShown(field, value) || wrong ? (
      <SchemaField key={name} path={inner} field={field} value={value[name]} context={context} />
    ) : null;
  });
}

function SchemaField({
  path,
  field,
  value,
  context,
}: {
  path: readonly string[];
  field: FieldDescription;
  value: Json | undefined;
  context: Context;
}) {
  const error = context.messages[path.join('.')];
  const shared = {
    label: field.title,
    description: field.description,
    error,
    disabled: context.disabled,
  };
  const once = (next: Json): void => context.change(path, next, `${path.join('.')}!`);
  switch (field.kind) {
    case 'number':
      return (
        <NumberControl
          field={field}
          value={typeof value === 'number' ? value : null}
          error={error}
          context={context}
          path={path}
        />
      );
    case 'boolean':
      return <SwitchField {...shared} value={value === true} onChange={once} />;
    case 'choice':
      return <ChoiceControl field={field} value={String(value)} shared={shared} onChange={once} />;
    case 'text':
      return (
        <TextField
          {...shared}
          value={typeof value === 'string' ? value : ''}
          onChange={(next, gesture) => context.change(path, next, gesture)}
        />
      );
    case 'numbers':
      return (
        <NumbersControl
          field={field}
          value={Array.isArray(value) ? value.filter((item) => typeof item === 'number') : []}
          path={path}
          context={context}
        />
      );
    case 'group':
      return (
        <fieldset className={styles.group}>
          {field.nullable ? (
            <SwitchField
              {...shared}
              value={isObject(value)}
              onChange={(on) => once(on ? {} : null)}
            />
          ) : (
            <legend className={styles.groupTitle}>{field.title}</legend>
          )}
          {isObject(value) && (
            <Fields
              fields={Object.entries(field.fields)}
              path={path}
              value={value}
              context={context}
            />
          )}
        </fieldset>
      );
    case 'variant': {
      const chosen = isObject(value) ? String(value[field.key]) : '';
      return (
        <fieldset className={styles.group}>
          <Select
            {...shared}
            value={chosen}
            choices={Object.keys(field.variants).map((name) => ({
              value: name,
              label: variantLabel(name),
            }))}
            onChange={(next) => once({ [field.key]: next })}
          />
          {isObject(value) && (
            <Fields
              fields={Object.entries(field.variants[chosen] ?? {})}
              path={path}
              value={value}
              context={context}
            />
          )}
        </fieldset>
      );
    }
  }
}

/** Acronyms stay as the field writes them. */
const variantNames: Record<string, string> = {
  adam: 'Adam',
  adamw: 'AdamW',
  sgd: 'SGD',
  rmsprop: 'RMSprop',
  rnn: 'Simple RNN',
  lstm: 'LSTM',
  gru: 'GRU',
  relu: 'ReLU',
  gelu: 'GELU',
  tanh: 'tanh',
};
const variantLabel = (name: string): string => variantNames[name] ?? humanise(name);

function ChoiceControl({
  field,
  value,
  shared,
  onChange,
}: {
  field: ChoiceDescription;
  value: string;
  shared: {
    label: string;
    description: string | undefined;
    error: string | undefined;
    disabled: boolean;
  };
  onChange: (value: string) => void;
}) {
  const choices = field.values.map((name) => ({ value: name, label: variantLabel(name) }));
  // Side by side where it fits the inspector: some 6 pixels a character, 16 around each label.
  const width = choices.reduce((sum, choice) => sum + 6.2 * choice.label.length + 16, 0);
  const fits = width <= 150;
  return fits ? (
    <SegmentedField {...shared} value={value} choices={choices} onChange={onChange} />
  ) : (
    <Select {...shared} value={value} choices={choices} onChange={onChange} />
  );
}

function NumberControl({
  field,
  value,
  error,
  path,
  context,
}: {
  field: NumberDescription;
  value: number | null;
  error: string | undefined;
  path: readonly string[];
  context: Context;
}) {
  const { min, max, integer, slider, nullLabel } = field;
  return (
    <NumberField
      label={field.title}
      description={field.description}
      error={error}
      value={value}
      integer={integer}
      min={min}
      max={max}
      step={integer ? 1 : (slider?.step ?? stepFor(value))}
      slider={nullLabel === null ? slider : undefined}
      disabled={context.disabled}
      {...(nullLabel === null ? {} : { nullLabel })}
      {...(context.keepInvalid ? {} : { validate: (next) => context.check(path, next) })}
      onChange={(next, gesture) => context.change(path, next, gesture)}
    />
  );
}

/** A tenth of the value's own size: 1e-3 steps by 1e-4. */
function stepFor(value: number | null): number {
  if (value === null || value === 0) return 0.1;
  return 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
}

/** A short list of numbers, such as the units of each layer. */
function NumbersControl({
  field,
  value,
  path,
  context,
}: {
  field: NumbersDescription;
  value: number[];
  path: readonly string[];
  context: Context;
}) {
  const replace = (next: number[], gesture: string): void => context.change(path, next, gesture);
  const error = context.messages[path.join('.')];
  return (
    <fieldset className={styles.group}>
      <legend className={styles.groupTitle}>{field.title}</legend>
      {value.map((item, index) => (
        <div key={index} className={styles.listRow}>
          <NumberField
            label={`${index + 1}`}
            description={field.description}
            error={context.messages[[...path, index].join('.')]}
            value={item}
            integer={field.item.integer}
            min={field.item.min}
            max={field.item.max}
            disabled={context.disabled}
            onChange={(next, gesture) =>
              replace(
                value.map((old, at) => (at === index && next !== null ? next : old)),
                gesture,
              )
            }
          />
          <button
            type="button"
            className={styles.listButton}
            aria-label={`Remove ${field.title.toLowerCase()} ${index + 1}`}
            disabled={context.disabled || value.length <= 1}
            onClick={() =>
              replace(
                value.filter((_, at) => at !== index),
                `${path.join('.')}-${index}`,
              )
            }
          >
            −
          </button>
        </div>
      ))}
      <button
        type="button"
        className={styles.listButton}
        disabled={context.disabled}
        onClick={() =>
          replace([...value, value.at(-1) ?? field.item.min ?? 1], `${path.join('.')}+`)
        }
      >
        + Add
      </button>
      {error !== undefined && (
        <div className={styles.message} role="alert">
          {error}
        </div>
      )}
    </fieldset>
  );
}
