import type { Problem } from '#shared/graph/problems';

/** The hint, unless it only says in words what the fix buttons beside it offer. */
export const hintBeside = ({ hint, fixes }: Problem): string =>
  fixes.length > 0 && fixes.every(({ label }) => hint.includes(label)) ? '' : hint;
