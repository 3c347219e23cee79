/** What the list of runs shows and how: the filter lasts for the session, order and columns are remembered. */
import { create } from 'zustand';
import { z } from 'zod';
import { defaultColumns } from '#shared/run/columns';
import type { ComparisonAxis } from './comparison.js';
import { sortKeys, type Sorting, columnKeys, type ColumnKey } from '#shared/run/rows';

export type Scope = 'project' | 'all';

const rememberedSchema = z.object({
  sorting: z.object({ key: z.enum(sortKeys), descending: z.boolean() }),
  columns: z.array(z.enum(columnKeys)),
});
type Remembered = z.infer<typeof rememberedSchema>;

const key = 'unroll.runs';

function remembered(): Remembered {
  const usual: Remembered = {
    sorting: { key: 'created', descending: true },
    columns: [...defaultColumns],
  };
  try {
    const stored: unknown = JSON.parse(globalThis.localStorage?.getItem(key) ?? 'null');
    return rememberedSchema.safeParse(stored).data ?? usual;
  } catch {
    return usual;
  }
}

interface ListState extends Remembered {
  scope: Scope;
  text: string;
  /** Only runs that have all of them. */
  tags: readonly string[];
  /** What the curves of the selected runs are drawn over. */
  axis: ComparisonAxis;
  /** Whether the trash is shown. */
  trashOpen: boolean;
  setAxis(axis: ComparisonAxis): void;
  setTrashOpen(trashOpen: boolean): void;
  setScope(scope: Scope): void;
  setText(text: string): void;
  setTags(tags: readonly string[]): void;
  clearFilter(): void;
  setSorting(sorting: Sorting): void;
  setColumns(columns: readonly ColumnKey[]): void;
}

export const useRunList = create<ListState>()((set, get) => {
  const remember = (change: Partial<Remembered>): void => {
    set(change);
    const { sorting, columns } = get();
    globalThis.localStorage?.setItem(key, JSON.stringify({ sorting, columns }));
  };
  return {
    ...remembered(),
    scope: 'project',
    text: '',
    tags: [],
    axis: 'epoch',
    trashOpen: false,
    setAxis: (axis) => set({ axis }),
    setTrashOpen: (trashOpen) => set({ trashOpen }),
    setScope: (scope) => set({ scope }),
    setText: (text) => set({ text }),
    setTags: (tags) => set({ tags }),
    clearFilter: () => set({ text: '', tags: [] }),
    setSorting: (sorting) => remember({ sorting }),
    setColumns: (columns) => remember({ columns: [...columns] }),
  };
});
