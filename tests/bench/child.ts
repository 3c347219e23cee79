/** A subject's process from the benchmark's side. */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { answerSchema } from './subject/protocol.js';
import type { Answer, Request } from './subject/protocol.js';

export interface Command {
  program: string;
  args: string[];
  env: Record<string, string>;
}

const keptErrorLines = 30;

export class Child {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly errors: string[] = [];
  private waiting: ((answer: Answer) => void) | null = null;
  private ended: string | null = null;

  constructor({ program, args, env }: Command) {
    this.process = spawn(program, args, { env: { ...process.env, ...env }, stdio: 'pipe' });
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      this.settle(answerSchema.parse(JSON.parse(line)));
    });
    createInterface({ input: this.process.stderr }).on('line', (line) => {
      this.errors.push(line);
      if (this.errors.length > keptErrorLines) this.errors.shift();
    });
    this.process.stdin.on('error', () => {});
    this.process.on('error', (error) => this.end(error.message));
    this.process.on('close', (code, signal) => this.end(`ended with ${signal ?? code}`));
  }

  /** Never rejects: a process that dies or takes too long answers `failed`, and is gone. */
  ask(request: Request, limitSeconds: number): Promise<Answer> {
    if (this.ended !== null)
      return Promise.resolve({ answer: 'failed', message: `its process ${this.ended}` });
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        this.settle({ answer: 'failed', message: `took longer than ${limitSeconds} s` });
        this.process.kill('SIGKILL');
      }, limitSeconds * 1000);
      this.waiting = (answer) => {
        clearTimeout(late);
        resolve(answer);
      };
      this.process.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }

  get alive(): boolean {
    return this.ended === null;
  }

  close(): void {
    this.process.stdin.end();
    this.process.kill('SIGKILL');
  }

  private settle(answer: Answer): void {
    const { waiting } = this;
    this.waiting = null;
    waiting?.(answer);
  }

  private end(how: string): void {
    this.ended ??= how;
    this.settle({ answer: 'failed', message: [`its process ${how}`, ...this.errors].join('\n') });
  }
}
