/** Coded problems that the checks return. They never throw: a wrong graph is a normal state of work. */
import type { Edit } from './edits.js';

export interface Problem {
  /** kebab-case, stable; tests match on it. */
  code: string;
  severity: 'error' | 'warning';
  /** What is wrong, with the numbers. */
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
