/** What is open on the Design view; shared by top bar, canvas and panels. */
import { create } from 'zustand';

interface DesignState {
  problemsOpen: boolean;
  /** A block that the canvas should bring to the middle; grows so that asking twice works. */
  centre: { node: string; request: number } | null;
  setProblemsOpen(open: boolean): void;
  centreOn(node: string): void;
}

export const useDesign = create<DesignState>()((set) => ({
  problemsOpen: false,
  centre: null,
  setProblemsOpen: (problemsOpen) => set({ problemsOpen }),
  centreOn: (node) =>
    set((state) => ({ centre: { node, request: (state.centre?.request ?? 0) + 1 } })),
}));
