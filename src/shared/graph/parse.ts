/** Project files: text to document and back. Every refusal says what, where and what to do. */
import { StudioError } from '../errors.js';
import { describeError } from '../zod-message.js';
import {
  documentFormat,
  documentVersion,
  projectDocumentSchema,
  type ProjectDocument,
} from './document.js';
import { jsonErrorPosition } from './json-position.js';
import { migrate } from './migrations.js';

/** 1-based line and column of a character position. */
function placeOf(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function parseJson(text: string, file: string | undefined): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new StudioError(
      'not-json',
      `This is not valid JSON: ${message}.`,
      'Open the file in a text editor and mend that place, or take an earlier copy from the backups folder.',
      { ...(file === undefined ? {} : { file }), ...placeOf(text, jsonErrorPosition(text)) },
    );
  }
}

/**
 * Parses a project file.
 * @throws StudioError `empty-file`, `not-json` (with line and column), `not-a-project`, `newer-version`
 * or `invalid-document` (with the field).
 */
export function parseDocument(source: string, file?: string): ProjectDocument {
  const place = file === undefined ? {} : { file };
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  if (text.trim() === '') {
    throw new StudioError(
      'empty-file',
      'The project file is empty.',
      'Take an earlier copy from the backups folder, or start a new project.',
      place,
    );
  }
  const raw = parseJson(text, file);
  if (
    typeof raw !== 'object' ||
    raw === null ||
    !('format' in raw) ||
    raw.format !== documentFormat
  ) {
    throw new StudioError(
      'not-a-project',
      `This JSON file is not an Unroll Studio project (its "format" is not "${documentFormat}").`,
      'Choose a file that ends in .unroll.json.',
      place,
    );
  }
  const version: unknown = 'version' in raw ? raw.version : undefined;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 0) {
    throw new StudioError(
      'invalid-document',
      `"version" must be a whole number, but is ${JSON.stringify(version) ?? 'missing'}.`,
      `This studio writes version ${documentVersion}.`,
      { ...place, field: 'version' },
    );
  }
  if (version > documentVersion) {
    throw new StudioError(
      'newer-version',
      `The project was saved by a newer Unroll Studio (format ${version}; this one reads up to ${documentVersion}).`,
      'Update Unroll Studio to open it. The file was not changed.',
      place,
    );
  }
  const migrated = migrate({ ...raw }, version);
  const parsed = projectDocumentSchema.safeParse(migrated);
  if (parsed.success) return parsed.data;
  const wrong = describeError(parsed.error, migrated);
  throw new StudioError(
    'invalid-document',
    wrong.message,
    'Mend this field in a text editor, or take an earlier copy from the backups folder.',
    { ...place, ...wrong.place },
  );
}

/** The text of a project file: two spaces, the schema's key order, a newline at the end. */
export function serializeDocument(document: ProjectDocument): string {
  return `${JSON.stringify(projectDocumentSchema.parse(document), null, 2)}\n`;
}
