/** Coded problems that the checks return. They never throw: a wrong graph is a normal state of work. */
import type { Edit } from './edits.js';

export interface Problem {
  /** kebab-case, stable; tests match on it. */
  code: string;
  severity: 'error' | 'warning';
  /** What is wrong, with the numbers; it names the block. */
  message: string;
  /** What to do about it, in words; empty where the message says it all. */
  hint: string;
  node: string | null;
  port: string | null;
  edge: string | null;
  /** One-click repairs, best first. */
  fixes: Fix[];
}

export interface Fix {
  label: string;
  edits: Edit[];
}

/** An error of the whole graph, unless the parts say otherwise. */
export const problemOf = (
  parts: Pick<Problem, 'code' | 'message'> & Partial<Problem>,
): Problem => ({
  severity: 'error',
  hint: '',
  node: null,
  port: null,
  edge: null,
  fixes: [],
  ...parts,
});

/** One line for a terminal: `error: Dense: nothing is connected to "Vector". Connect a vector to it. [missing-input]` */
export const formatProblem = ({ severity, message, hint, code }: Problem): string =>
  `${severity}: ${message}${hint === '' ? '' : ` ${hint}`} [${code}]`;
