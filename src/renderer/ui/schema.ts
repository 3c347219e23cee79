/** Reads what a form needs from a zod schema: one description per field, through JSON Schema. */
import { z } from 'zod';
import { describeIssue } from '#shared/zod-message';

export type Json = z.infer<ReturnType<typeof z.json>>;
export type JsonObject = Record<string, Json>;

interface Described {
  title: string;
  description: string | undefined;
  /** Values that fields beside it must have for this one to matter; see `isShown`. */
  when: When | undefined;
}
export type When = Readonly<Record<string, Json>>;
export interface NumberDescription extends Described {
  kind: 'number';
  integer: boolean;
  min: number | undefined;
  max: number | undefined;
  /** What null is called in the field, such as `off`; null where a number is needed. */
  nullLabel: string | null;
  /** Where a slider makes sense: its ends and step. Typing may go further, up to the bounds. */
  slider: SliderRange | undefined;
}
export interface SliderRange {
  min: number;
  max: number;
  step: number;
}
export interface ChoiceDescription extends Described {
  kind: 'choice';
  values: string[];
}
export interface BooleanDescription extends Described {
  kind: 'boolean';
}
export interface TextDescription extends Described {
  kind: 'text';
}
export interface NumbersDescription extends Described {
  kind: 'numbers';
  item: NumberDescription;
}
export interface GroupDescription extends Described {
  kind: 'group';
  nullable: boolean;
  fields: Record<string, FieldDescription>;
}
/** One of several objects, told apart by the field `key`. */
export interface VariantDescription extends Described {
  kind: 'variant';
  key: string;
  variants: Record<string, Record<string, FieldDescription>>;
}
export type FieldDescription =
  | NumberDescription
  | ChoiceDescription
  | BooleanDescription
  | TextDescription
  | NumbersDescription
  | GroupDescription
  | VariantDescription;

interface JsonSchema {
  type?: string;
  title?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  /** Our own, through `.meta({ slider, nullLabel, when })`. */
  slider?: SliderRange;
  nullLabel?: string;
  when?: When;
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

/** `recurrentDropout` → `Recurrent dropout`. */
export function humanise(key: string): string {
  const words = key
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[-_]/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

// Safe-integer bounds are what `z.int()` writes for "no bound".
const bound = (value: number | undefined): number | undefined =>
  value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? undefined : value;

function fieldsOf(schema: JsonSchema, without?: string): Record<string, FieldDescription> {
  return Object.fromEntries(
    Object.entries(schema.properties ?? {})
      .filter(([key]) => key !== without)
      .map(([key, property]) => [key, describe(key, property)]),
  );
}

function describe(key: string, schema: JsonSchema): FieldDescription {
  const described: Described = {
    title: schema.title ?? humanise(key),
    description: schema.description,
    when: schema.when,
  };
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) {
    const real = alternatives.filter((alternative) => alternative.type !== 'null');
    const nullable = real.length < alternatives.length;
    const [only] = real;
    if (only !== undefined && real.length === 1) {
      const inner = describe(key, only);
      const title = schema.title ?? inner.title;
      const description = schema.description ?? inner.description;
      const { when } = schema;
      if (inner.kind === 'number')
        return {
          ...inner,
          title,
          description,
          when,
          nullLabel: nullable ? (schema.nullLabel ?? 'off') : null,
          slider: schema.slider ?? inner.slider,
        };
      if (inner.kind === 'group') return { ...inner, title, description, when, nullable };
      throw new Error(`no form control for a nullable ${inner.kind} (${key})`);
    }
    const discriminator = Object.entries(only?.properties ?? {}).find(
      ([, property]) => property.const !== undefined,
    )?.[0];
    if (discriminator === undefined) throw new Error(`no form control for a union (${key})`);
    const variants = Object.fromEntries(
      real.map((alternative) => [
        String(alternative.properties?.[discriminator]?.const),
        fieldsOf(alternative, discriminator),
      ]),
    );
    return { ...described, kind: 'variant', key: discriminator, variants };
  }
  if (schema.enum !== undefined)
    return { ...described, kind: 'choice', values: schema.enum.map(String) };
  switch (schema.type) {
    case 'integer':
    case 'number':
      return {
        ...described,
        kind: 'number',
        integer: schema.type === 'integer',
        min: bound(schema.minimum ?? schema.exclusiveMinimum),
        max: bound(schema.maximum ?? schema.exclusiveMaximum),
        nullLabel: null,
        slider: schema.slider,
      };
    case 'boolean':
      return { ...described, kind: 'boolean' };
    case 'string':
      return { ...described, kind: 'text' };
    case 'object':
      return { ...described, kind: 'group', nullable: false, fields: fieldsOf(schema) };
    case 'array': {
      const item = describe(key, schema.items ?? {});
      if (item.kind === 'number') return { ...described, kind: 'numbers', item };
      break;
    }
  }
  throw new Error(`no form control for ${JSON.stringify(schema)} (${key})`);
}

const cache = new WeakMap<z.ZodType, Record<string, FieldDescription>>();

/** The fields of an object schema in their order. Throws for a type that has no control: a defect. */
export function describeFields(schema: z.ZodType): Record<string, FieldDescription> {
  const known = cache.get(schema);
  if (known !== undefined) return known;
  const json: JsonSchema = JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: 'input' })));
  const fields = fieldsOf(json);
  cache.set(schema, fields);
  return fields;
}

/** Whether a field matters beside these values: each one that its `when` names is as it says. */
export function isShown(field: FieldDescription, siblings: JsonObject): boolean {
  return Object.entries(field.when ?? {}).every(([name, value]) => siblings[name] === value);
}

/** First message for each dotted path: `{ 'optimizer.learningRate': 'It must be above 0.' }`. */
export function messagesByPath(issues: readonly z.core.$ZodIssue[]): Record<string, string> {
  const messages: Record<string, string> = {};
  for (const issue of issues)
    messages[issue.path.map(String).join('.')] ??= `${describeIssue(issue, 'It')}.`;
  return messages;
}
