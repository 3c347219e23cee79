/** What the commands print: results on stdout, everything else on stderr. */
import { formatError, toWireError } from '#shared/errors';
import { exitCodes, type Exit } from './exit-codes.js';

/** Ends a command with an exit code; thrown after the message was printed, or with the error to print. */
export class CommandEnd extends Error {
  readonly exit: Exit;
  readonly error: unknown;
  constructor(exit: Exit, error?: unknown) {
    super(exit);
    this.exit = exit;
    this.error = error;
  }
}

/** Runs a step whose failure means this exit code, unless it is a bug. */
export async function failingAs<T>(exit: Exit, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof CommandEnd) throw error;
    const { code } = toWireError(error);
    if (code === 'device-unavailable') throw new CommandEnd('deviceUnavailable', error);
    if (code === 'internal' || code === 'engine-died' || code === 'engine-failed')
      throw new CommandEnd('internal', error);
    throw new CommandEnd(exit, error);
  }
}

export const printResult = (text: string): void => void process.stdout.write(`${text}\n`);
export const printJson = (value: unknown): void => printResult(JSON.stringify(value));
export const note = (text: string): void => void process.stderr.write(`${text}\n`);

/** Prints how a command failed and returns the exit code. */
export function reportFailure(thrown: unknown, json: boolean): number {
  const end = thrown instanceof CommandEnd ? thrown : new CommandEnd('internal', thrown);
  if (end.error !== undefined) {
    const error = toWireError(end.error);
    if (json) printJson({ type: 'failed', error });
    note(`unroll: ${formatError(error)}`);
    if (error.code === 'internal' && end.error instanceof Error && process.env['UNROLL_DEBUG'])
      note(end.error.stack ?? '');
  }
  return exitCodes[end.exit].code;
}

/** Columns padded to their widest cell; numbers to the right. */
export function table(rows: string[][], alignRight: readonly number[] = []): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return alignRight.includes(column) ? cell.padStart(width) : cell.padEnd(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function score(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e6 ? value.toPrecision(4) : value.toExponential(3);
}
