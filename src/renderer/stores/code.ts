/** What the Code panel shows and remembers, and the block that canvas and code point at together. */
import { create } from 'zustand';
import { z } from 'zod';

export const codeTargets = ['pytorch', 'keras', 'typescript'] as const;
export type CodeTarget = (typeof codeTargets)[number];

const rememberedSchema = z.object({
  open: z.boolean(),
  /** Pixels; null is half of what canvas and panel share. */
  width: z.number().positive().nullable(),
  target: z.enum(codeTargets),
});
type Remembered = z.infer<typeof rememberedSchema>;

interface CodeState extends Remembered {
  /** The block under the pointer, on the canvas or in the code. */
  hovered: string | null;
  /** The file last chosen of each target; a target without one shows its model. */
  files: Partial<Record<CodeTarget, string>>;
  setOpen(open: boolean): void;
  setWidth(width: number | null): void;
  setTarget(target: CodeTarget): void;
  setFile(target: CodeTarget, path: string): void;
  setHovered(node: string | null): void;
}

const storageKey = 'unroll.code';

function remembered(): Remembered {
  try {
    return rememberedSchema.parse(
      JSON.parse(globalThis.localStorage?.getItem(storageKey) ?? 'null'),
    );
  } catch {
    return { open: false, width: null, target: 'pytorch' };
  }
}

export const useCode = create<CodeState>()((set) => ({
  ...remembered(),
  hovered: null,
  files: {},
  setOpen: (open) => set({ open, hovered: null }),
  setWidth: (width) => set({ width }),
  setTarget: (target) => set({ target }),
  setFile: (target, path) => set((state) => ({ files: { ...state.files, [target]: path } })),
  setHovered: (hovered) => set({ hovered }),
}));

useCode.subscribe(({ open, width, target }, before) => {
  if (open === before.open && width === before.width && target === before.target) return;
  globalThis.localStorage?.setItem(storageKey, JSON.stringify({ open, width, target }));
});
