/** What is open in the window; shared by top bar, canvas and panels. */
import { create } from 'zustand';

export type ProjectDialog = 'new' | 'open';

interface DesignState {
  problemsOpen: boolean;
  /** A block that the canvas should bring to the middle; grows so that asking twice works. */
  centre: { node: string; request: number } | null;
  dialog: ProjectDialog | null;
  setProblemsOpen(open: boolean): void;
  setDialog(dialog: ProjectDialog | null): void;
  centreOn(node: string): void;
}

export const useDesign = create<DesignState>()((set) => ({
  problemsOpen: false,
  centre: null,
  dialog: null,
  setProblemsOpen: (problemsOpen) => set({ problemsOpen }),
  setDialog: (dialog) => set({ dialog }),
  centreOn: (node) =>
    set((state) => ({ centre: { node, request: (state.centre?.request ?? 0) + 1 } })),
}));
