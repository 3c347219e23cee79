/**
 * Tags and notes on their way into the run's record. What a person wrote shows at once and stays here until
 * it is written: a write that fails loses nothing, and the next one has both.
 */
import { create } from 'zustand';
import { formatPlural } from '#shared/format';
import type { RunEntry } from '#shared/ipc/studio';
import type { Annotations } from '#shared/run/annotations';
import { useMessages } from '../stores/messages.js';
import { useRuns } from '../stores/runs.js';
import { reportError } from '../stores/studio.js';
import { runTitle } from '#shared/run/names';

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

/** What is written on a run, on disk or on its way there. */
export function writtenOn(runId: string): Written {
  const run = useRuns.getState().runs.find(({ id }) => id === runId);
  const { tags = run?.tags ?? [], note = run?.note ?? '' } =
    useAnnotating.getState().drafts[runId] ?? {};
  return { tags, note };
}

interface Lost {
  id: string;
  what: 'Note' | 'Tags';
  back: Annotations;
}

/** Where an edit took away something that was there, it can be had back. @param before by run. */
export function offerUndo(before: ReadonlyMap<string, Written>): void {
  const lost = [...before].flatMap(([id, { tags, note }]): Lost[] => {
    const after = writtenOn(id);
    const noteLost = note.trim() !== '' && !after.note.includes(note.trim());
    if (noteLost) return [{ id, what: 'Note', back: { note } }];
    if (tags.every((tag) => after.tags.includes(tag))) return [];
    return [{ id, what: 'Tags', back: { tags } }];
  });
  const [first] = lost;
  if (first === undefined) return;
  const whose = lost.length === 1 ? runTitle(first.id) : formatPlural(lost.length, 'run');
  useMessages.getState().tell(`${first.what} of ${whose} changed.`, {
    label: 'Undo',
    run: () => lost.forEach(({ id, back }) => annotate(id, back)),
  });
}
