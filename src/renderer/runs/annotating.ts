/**
 * Tags and notes on their way into the run's record. What a person wrote shows at once and stays here until
 * it is written: a write that fails loses nothing, and the next one has both.
 */
import { create } from 'zustand';
import type { RunEntry } from '#shared/ipc/studio';
import type { Annotations } from '#shared/run/annotations';
import { useMessages } from '../stores/messages.js';
import { useRuns } from '../stores/runs.js';
import { reportError } from '../stores/studio.js';
import { runTitle } from '../train/runFacts.js';

/** By run. */
type Drafts = Readonly<Record<string, Annotations>>;

interface AnnotatingState {
  drafts: Drafts;
  /** Runs whose last write failed. */
  failed: readonly string[];
}

export const useAnnotating = create<AnnotatingState>()(() => ({ drafts: {}, failed: [] }));

const waiting = new Map<string, ReturnType<typeof setTimeout>>();

/** Keeps the change and writes it, after a pause of `milliseconds` without another one. */
export function annotate(runId: string, change: Annotations, milliseconds = 0): void {
  useAnnotating.setState(({ drafts }) => ({
    drafts: { ...drafts, [runId]: { ...drafts[runId], ...change } },
  }));
  clearTimeout(waiting.get(runId));
  waiting.delete(runId);
  if (milliseconds === 0) void writeDraft(runId);
  else
    waiting.set(
      runId,
      setTimeout(() => void writeDraft(runId), milliseconds),
    );
}

/** Writes now what is not written yet. */
export async function writeDraft(runId: string): Promise<void> {
  clearTimeout(waiting.get(runId));
  waiting.delete(runId);
  const draft = useAnnotating.getState().drafts[runId];
  if (draft === undefined) return;
  try {
    await useRuns.getState().annotate(runId, draft);
    useAnnotating.setState(({ drafts, failed }) => ({
      // What was written meanwhile is on its way itself.
      drafts:
        drafts[runId] === draft
          ? Object.fromEntries(Object.entries(drafts).filter(([id]) => id !== runId))
          : drafts,
      failed: failed.filter((id) => id !== runId),
    }));
  } catch (error) {
    reportError(error);
    useAnnotating.setState(({ failed }) => ({
      failed: [...failed.filter((id) => id !== runId), runId],
    }));
  }
}

// A page that closes does not wait for the pause.
globalThis.addEventListener?.('pagehide', () => {
  for (const runId of [...waiting.keys()]) void writeDraft(runId);
});

type Written = Pick<RunEntry, 'tags' | 'note'>;

/** After an edit: where something that was there is gone, it can be had back. */
export function offerUndo(runId: string, before: Written, after: Written): void {
  const noteLost = before.note.trim() !== '' && !after.note.includes(before.note.trim());
  const tagsLost = before.tags.some((tag) => !after.tags.includes(tag));
  if (!noteLost && !tagsLost) return;
  useMessages.getState().tell(`${noteLost ? 'Note' : 'Tags'} of ${runTitle(runId)} changed.`, {
    label: 'Undo',
    run: () => annotate(runId, noteLost ? { note: before.note } : { tags: before.tags }),
  });
}
