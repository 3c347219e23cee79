/**
 * What was typed, by project: it is there again when one comes back, and for the next run, so that two
 * runs can be compared on the same text.
 */
import { create } from 'zustand';

const useTexts = create<{ texts: Readonly<Record<string, string>> }>()(() => ({ texts: {} }));

export function useProjectText(projectId: string): [string, (text: string) => void] {
  const text = useTexts((state) => state.texts[projectId] ?? '');
  return [
    text,
    (next) => useTexts.setState(({ texts }) => ({ texts: { ...texts, [projectId]: next } })),
  ];
}
