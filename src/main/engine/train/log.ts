/** `log.jsonl`: every event of a run, one JSON object a line, each on its way to the disk when it returns. */
import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { RunEvent } from '#shared/run/events';
import { fileError } from './files.js';

export class RunLog {
  private constructor(
    readonly path: string,
    private readonly file: number,
    private size: number,
  ) {}

  /**
   * @param keep bytes of an earlier log to keep: what a checkpoint recorded, so that a resumed run has
   * no line twice; 0 starts anew.
   */
  static open(path: string, keep: number): RunLog {
    try {
      const file = openSync(path, 'a');
      const present = fstatSync(file).size;
      const size = Math.min(keep, present);
      if (size < present) ftruncateSync(file, size);
      return new RunLog(path, file, size);
    } catch (error) {
      throw fileError(error, path);
    }
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.size;
  }

  write(event: RunEvent): void {
    const line = Buffer.from(RunLog.line(event));
    try {
      let written = 0;
      while (written < line.length) written += writeSync(this.file, line, written);
    } catch (error) {
      throw fileError(error, this.path);
    }
    this.size += line.length;
  }

  close(): void {
    closeSync(this.file);
  }

  static line(event: RunEvent): string {
    return `${JSON.stringify(event)}\n`;
  }
}
