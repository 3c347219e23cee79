/** What is open in the window; shared by top bar, canvas and panels. */
import { create } from 'zustand';

export type ProjectDialog = 'new';

interface DesignState {
  problemsOpen: boolean;
  /** A block that the canvas should bring to the middle; null once it has. */
  centre: { node: string; onlyIfHidden: boolean } | null;
  dialog: ProjectDialog | null;
  /** A block of the catalog that the canvas should add in the middle of what it shows. */
  adding: string | null;
  setProblemsOpen(open: boolean): void;
  setDialog(dialog: ProjectDialog | null): void;
  centreOn(node: string): void;
  addBlock(block: string): void;
  /** The same for a block that is not on screen as a whole. */
  bringIntoView(node: string): void;
}

export const useDesign = create<DesignState>()((set) => {
  const centre = (node: string, onlyIfHidden: boolean): void =>
    set({ centre: { node, onlyIfHidden } });
  return {
    problemsOpen: false,
    centre: null,
    dialog: null,
    adding: null,
    setProblemsOpen: (problemsOpen) => set({ problemsOpen }),
    setDialog: (dialog) => set({ dialog }),
    centreOn: (node) => centre(node, false),
    addBlock: (adding) => set({ adding }),
    bringIntoView: (node) => centre(node, true),
  };
});
