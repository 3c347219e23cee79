/** Lines of a generated file and the blocks that they come from. Pure. */
import type { CodeFile, CodeSpan } from '#shared/codegen/types';

/** The block of a 1-based line; where spans lie in each other, the shortest one's. */
export function nodeAtLine(spans: readonly CodeSpan[], line: number): string | null {
  let best: CodeSpan | null = null;
  for (const span of spans) {
    if (line < span.from || line > span.to) continue;
    if (best === null || span.to - span.from < best.to - best.from) best = span;
  }
  return best?.node ?? null;
}

/** 1-based lines of these blocks, ascending. */
export function linesOf(spans: readonly CodeSpan[], nodes: readonly string[]): number[] {
  const lines = new Set<number>();
  for (const { node, from, to } of spans)
    if (nodes.includes(node)) for (let line = from; line <= to; line++) lines.add(line);
  return [...lines].sort((a, b) => a - b);
}

/** The file to show first: the one that most blocks wrote. */
export function mainFile(files: readonly CodeFile[]): CodeFile | null {
  let best: CodeFile | null = null;
  for (const file of files) if (best === null || file.spans.length > best.spans.length) best = file;
  return best;
}

export interface TextChange {
  from: number;
  to: number;
  insert: string;
}

/** The one stretch that turns `old` into `next`, so that an editor keeps its place; null where nothing differs. */
export function changeBetween(old: string, next: string): TextChange | null {
  if (old === next) return null;
  const shorter = Math.min(old.length, next.length);
  let start = 0;
  while (start < shorter && old[start] === next[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old[old.length - 1 - end] === next[next.length - 1 - end])
    end += 1;
  return { from: start, to: old.length - end, insert: next.slice(start, next.length - end) };
}
