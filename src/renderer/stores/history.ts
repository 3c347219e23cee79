/** Undo and redo as two stacks of edits. Pure: a step goes in, a new history comes out. */
import type { Edit } from '#shared/graph/edits';

export interface Step {
  /** What the step did, in words: `Move 3 blocks`. */
  label: string;
  /** Applied in order, takes the step back (or, on the redo stack, does it again). */
  edits: Edit[];
  /** Steps with the same key, one right after the other, become one. */
  merge: string | null;
}

export interface History {
  past: readonly Step[];
  future: readonly Step[];
}

export const emptyHistory: History = { past: [], future: [] };

/** Older steps are forgotten. */
const limit = 500;

function target(edit: Edit): string {
  if ('id' in edit) return `${edit.type} ${edit.id}`;
  if (edit.type === 'set-group') return `${edit.type} ${edit.group.id}`;
  if (edit.type === 'set-comment') return `${edit.type} ${edit.comment.id}`;
  return edit.type === 'add-edge' ? edit.edge.id : edit.type;
}

/** True when both set the same things, so that the older inverse alone brings everything back. */
function sameTargets(a: readonly Edit[], b: readonly Edit[]): boolean {
  const overwrites = new Set<Edit['type']>([
    'move-node',
    'rename-node',
    'set-params',
    'set-block',
    'set-group',
    'set-comment',
    'set-name',
    'set-description',
    'set-data',
    'set-training',
  ]);
  return (
    a.length === b.length &&
    a.every((edit) => overwrites.has(edit.type)) &&
    a.map(target).sort().join('\n') === b.map(target).sort().join('\n')
  );
}

/** @param inverse what takes the edits back that were just applied. */
export function record(
  history: History,
  inverse: Edit[],
  label: string,
  merge: string | null,
): History {
  const last = history.past.at(-1);
  if (merge !== null && last?.merge === merge && history.future.length === 0) {
    const edits = sameTargets(last.edits, inverse) ? last.edits : [...inverse, ...last.edits];
    return { past: [...history.past.slice(0, -1), { ...last, label, edits }], future: [] };
  }
  return { past: [...history.past, { label, edits: inverse, merge }].slice(-limit), future: [] };
}
