/**
 * One error class for everything a person can cause or mend. It says what, where and what to do.
 * Bugs are ordinary `Error`s; they never become a `StudioError` silently.
 */
import { z } from 'zod';

export const errorPlaceSchema = z.object({
  file: z.string().optional(),
  /** 1-based. */
  line: z.number().int().positive().optional(),
  /** Column name of a table, or a 1-based character position. */
  column: z.union([z.string(), z.number().int().positive()]).optional(),
  /** Node id of the block. */
  node: z.string().optional(),
  /** Dotted path into a document, such as `training.optimizer.learningRate`. */
  field: z.string().optional(),
});
export type ErrorPlace = z.infer<typeof errorPlaceSchema>;

export const wireErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  place: errorPlaceSchema,
});
/** What an error is on a wire, in a log and in `--json` output. */
export type WireError = z.infer<typeof wireErrorSchema>;

export class StudioError extends Error {
  readonly code: string;
  readonly hint: string;
  readonly place: ErrorPlace;

  /**
   * @param code kebab-case and stable: tests and callers match on it, never on the text.
   * @param message what happened, with the offending value.
   * @param hint what to do next; empty only where nothing can be done.
   */
  constructor(code: string, message: string, hint = '', place: ErrorPlace = {}) {
    super(message);
    this.name = 'StudioError';
    this.code = code;
    this.hint = hint;
    this.place = place;
  }

  toWire(): WireError {
    return { code: this.code, message: this.message, hint: this.hint, place: this.place };
  }

  static fromWire(wire: WireError): StudioError {
    return new StudioError(wire.code, wire.message, wire.hint, wire.place);
  }
}

/** Any thrown value as a wire error; a bug keeps its message under the code `internal`. */
export function toWireError(thrown: unknown): WireError {
  if (thrown instanceof StudioError) return thrown.toWire();
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: 'internal',
    message,
    hint: 'This is a defect in Unroll Studio. Please report it with the log.',
    place: {},
  };
}

/** `file.csv:12, column "label": message. Hint` on one line, for terminals and logs. */
export function formatError(error: WireError): string {
  const { file, line, column, node, field } = error.place;
  const where = [
    file === undefined ? '' : line === undefined ? file : `${file}:${line}`,
    column === undefined ? '' : `column ${typeof column === 'string' ? `"${column}"` : column}`,
    node === undefined ? '' : `block ${node}`,
    field === undefined ? '' : field,
  ].filter((part) => part !== '');
  const text = where.length > 0 ? `${where.join(', ')}: ${error.message}` : error.message;
  return error.hint === '' ? text : `${text} ${error.hint}`;
}
