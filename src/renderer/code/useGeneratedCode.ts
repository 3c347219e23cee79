import { useEffect, useState } from 'react';
import type { CodeFile } from '#shared/codegen/types';
import { toWireError } from '#shared/errors';
import { problemOf } from '#shared/graph/problems';
import type { CodeTarget } from '../stores/code.js';
import { useProject } from '../stores/project.js';
import { readiness, type Readiness } from './readiness.js';

/** Milliseconds from the last change to new code: less than it takes to look over. */
const patience = 150;

type Ready = Extract<Readiness, { kind: 'ready' }>;
type Stopped = Omit<Extract<Readiness, { kind: 'stopped' }>, 'kind'>;

export interface GeneratedCode {
  /** Of the network as it was when it was last in order; null before that. */
  files: CodeFile[] | null;
  /** Why `files` is not up to date; null where it is. */
  stopped: Stopped | null;
}

/** Follows the open project. */
export function useGeneratedCode(target: CodeTarget): GeneratedCode {
  const { source, stopped } = useSettledProject();
  const [written, setWritten] = useState<Written | null>(null);
  useEffect(() => {
    if (source === null) return;
    let current = true;
    void write(target, source).then((result) => {
      if (current) setWritten((before) => after(before, { target, source, ...result }));
    });
    return () => {
      current = false;
    };
  }, [source, target]);
  // What an earlier change gave stays until the new code is there, but never another target's or project's.
  if (written === null || source === null || !sameProgram(written, { target, source }))
    return { files: null, stopped };
  return { files: written.files, stopped: written.stopped ?? stopped };
}

interface Written extends GeneratedCode {
  target: CodeTarget;
  source: Ready;
}

type Origin = Pick<Written, 'target' | 'source'>;
const sameProgram = (a: Origin, b: Origin): boolean =>
  a.target === b.target && a.source.document.id === b.source.document.id;

/** Where a change can't be written, the code from before it stays. */
const after = (before: Written | null, now: Written): Written =>
  now.files === null && before !== null && sameProgram(before, now)
    ? { ...now, files: before.files }
    : now;

async function write(target: CodeTarget, { document, facts }: Ready): Promise<GeneratedCode> {
  try {
    const { generate } = await import('./generate.js');
    return { files: generate(target, document, facts), stopped: null };
  } catch (thrown) {
    const error = toWireError(thrown);
    if (error.code === 'internal') console.error(thrown);
    const { code, message, hint } = error;
    const { node } = error.place;
    const problem = node === undefined ? null : problemOf({ code, message, hint, node });
    return { files: null, stopped: { text: message, problem } };
  }
}

interface Settled {
  /** The project when it was last in order: its code stays while something is wrong. */
  source: Ready | null;
  stopped: Stopped | null;
}

const lastReady = new Map<string, Ready>();

function settle(): Settled {
  const state = useProject.getState();
  const path = state.path ?? '';
  const now = readiness(state);
  if (now.kind === 'ready') lastReady.set(path, now);
  return {
    source: lastReady.get(path) ?? null,
    stopped: now.kind === 'stopped' ? { text: now.text, problem: now.problem } : null,
  };
}

/** What the project says once it has been left alone for a moment. */
function useSettledProject(): Settled {
  const [settled, setSettled] = useState(settle);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const stop = useProject.subscribe((state, before) => {
      if (
        state.document === before.document &&
        state.facts === before.facts &&
        state.preview === before.preview &&
        state.problems === before.problems
      )
        return;
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => setSettled(settle()), patience);
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, []);
  return settled;
}
