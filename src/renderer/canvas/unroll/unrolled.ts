/** Which blocks are drawn unrolled: how a project is looked at, kept with the window and not in the document. */
import { useEffect } from 'react';
import { create } from 'zustand';
import { findBlock } from '#shared/catalog/index';
import type { ProjectDocument } from '#shared/graph/document';
import { registerCommands, type Command } from '../../commands/registry.js';
import { useProject } from '../../stores/project.js';

interface UnrolledState {
  /** Block ids by project id. */
  blocks: Readonly<Record<string, readonly string[]>>;
  /** The block that was unrolled just now: it is brought into view. */
  opened: string | null;
  toggle(project: string, ids: readonly string[]): void;
}

const key = 'unroll.unrolled';

function stored(): UnrolledState['blocks'] {
  try {
    const parsed: unknown = JSON.parse(globalThis.localStorage?.getItem(key) ?? '{}');
    if (typeof parsed !== 'object' || parsed === null) return {};
    return Object.fromEntries(
      Object.entries(parsed).map(([project, ids]) => [
        project,
        Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [],
      ]),
    );
  } catch {
    return {};
  }
}

export const useUnrolled = create<UnrolledState>()((set, get) => ({
  blocks: stored(),
  opened: null,
  /** All of them become unrolled, unless they all are. */
  toggle(project, ids) {
    const before = get().blocks[project] ?? [];
    const fold = ids.every((id) => before.includes(id));
    const others = before.filter((id) => !ids.includes(id));
    const now = fold ? others : [...others, ...ids];
    const blocks = Object.fromEntries(
      Object.entries({ ...get().blocks, [project]: now }).filter(([, list]) => list.length > 0),
    );
    globalThis.localStorage?.setItem(key, JSON.stringify(blocks));
    set({ blocks, opened: fold ? null : (ids[0] ?? null) });
  },
}));

export function useIsUnrolled(id: string): boolean {
  const project = useProject((state) => state.document?.id ?? '');
  return useUnrolled((state) => state.blocks[project]?.includes(id) ?? false);
}

export function toggleUnrolled(ids: readonly string[]): void {
  const { document } = useProject.getState();
  if (document !== null && ids.length > 0) useUnrolled.getState().toggle(document.id, ids);
}

const recurs = (document: ProjectDocument, id: string): boolean =>
  findBlock(document.graph.nodes.find((node) => node.id === id)?.block ?? '')?.category ===
  'recurrent';

const selectedRecurrences = (): string[] => {
  const { document, selection } = useProject.getState();
  return document === null ? [] : selection.nodes.filter((id) => recurs(document, id));
};

const unrollCommand: Command = {
  id: 'canvas.unroll',
  title: 'Unroll or fold the selected recurrent blocks',
  group: 'Canvas',
  keywords: 'time steps expand lstm gru rnn shared weights',
  shortcuts: ['U'],
  enabled: () => selectedRecurrences().length > 0 || 'No recurrent block is selected.',
  run: () => toggleUnrolled(selectedRecurrences()),
};

export function useUnrollCommand(): void {
  useEffect(() => registerCommands([unrollCommand]), []);
}
