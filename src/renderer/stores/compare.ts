/** The runs that are ticked, and whether the page that compares them is open. */
import { create } from 'zustand';
import { useStudio } from './studio.js';

/** As many as there are line styles that can be told apart: the first of those that are ticked. */
export const comparedAtMost = 9;

interface CompareState {
  /** In the order in which they were picked: it gives them their colours. */
  picked: readonly string[];
  comparing: boolean;
  toggle(runId: string): void;
  pick(runIds: readonly string[]): void;
  setComparing(comparing: boolean): void;
  /** Shows the page on these runs. */
  compare(runIds: readonly string[]): void;
}

export const useCompare = create<CompareState>()((set) => ({
  picked: [],
  comparing: false,
  toggle: (runId) =>
    set(({ picked }) => ({
      picked: picked.includes(runId) ? picked.filter((id) => id !== runId) : [...picked, runId],
    })),
  pick: (picked) => set({ picked }),
  setComparing: (comparing) => set({ comparing }),
  compare(runIds) {
    set({ picked: runIds, comparing: true });
    useStudio.getState().setView('runs');
  },
}));
