/** The test row that the playground opens with: a mistake that was clicked. */
import { create } from 'zustand';
import { useRuns } from '../stores/runs.js';
import { useStudio } from '../stores/studio.js';

export const useWantedRow = create<{ wanted: { runId: string; row: number } | null }>()(() => ({
  wanted: null,
}));

export function openTestRow(runId: string, row: number): void {
  useWantedRow.setState({ wanted: { runId, row } });
  openPlayground(runId);
}

export function openPlayground(runId: string): void {
  useRuns.getState().select(runId);
  useStudio.getState().setView('playground');
}
