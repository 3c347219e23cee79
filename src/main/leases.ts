/**
 * Who may write which project. Of several windows on one project only one edits it; the others look on
 * until they take it over. A window is known by its connection.
 */
import { StudioError } from '#shared/errors';
import type { StudioHandlers } from '#shared/ipc/studio';

export interface LeaseHolder {
  /** Asks the holder to save what it has and let go; resolves once it did. */
  yield(path: string): Promise<void>;
  /** Told to who was refused the project, when it gets free and when another one takes it then. */
  free(path: string, free: boolean): void;
}

export interface Leases {
  /** True where `holder` has the project from now on; a holder has one project at a time. */
  take(holder: LeaseHolder, path: string): boolean;
  /** Has the holder save and let go (at most `patience`), then takes the project from it in any case. */
  takeOver(holder: LeaseHolder, path: string): Promise<void>;
  /** Lets go of whatever the holder has: it shows another project, or its connection is gone. */
  release(holder: LeaseHolder): void;
  /** Whether a save by this holder would write over another window's work. */
  heldByAnother(holder: LeaseHolder, path: string): boolean;
}

/** @param patience milliseconds that a holder gets to save before a project is taken from it. */
export function createLeases(patience = 3000): Leases {
  const holders = new Map<string, LeaseHolder>();

  /** The project that a holder was refused. */
  const waiting = new Map<LeaseHolder, string>();

  const tellWaiting = (path: string, free: boolean): void => {
    for (const [holder, wanted] of waiting) if (wanted === path) holder.free(path, free);
  };
  const letGo = (holder: LeaseHolder): void => {
    for (const [path, one] of holders) {
      if (one !== holder) continue;
      holders.delete(path);
      tellWaiting(path, true);
    }
  };
  const release = (holder: LeaseHolder): void => {
    waiting.delete(holder);
    letGo(holder);
  };
  const give = (holder: LeaseHolder, path: string): void => {
    if (holders.get(path) === holder) return;
    waiting.delete(holder);
    letGo(holder);
    holders.set(path, holder);
    tellWaiting(path, false);
  };
  const heldByAnother = (holder: LeaseHolder, path: string): boolean => {
    const now = holders.get(path);
    return now !== undefined && now !== holder;
  };
  return {
    take(holder, path) {
      if (heldByAnother(holder, path)) {
        letGo(holder);
        waiting.set(holder, path);
        return false;
      }
      give(holder, path);
      return true;
    },
    async takeOver(holder, path) {
      const now = holders.get(path);
      if (now !== undefined && now !== holder) {
        let timer: ReturnType<typeof setTimeout> | undefined;
        await Promise.race([
          // One that fails to answer loses the project as one that is too slow does.
          now.yield(path).catch(() => {}),
          new Promise((resolve) => (timer = setTimeout(resolve, patience))),
        ]);
        clearTimeout(timer);
      }
      give(holder, path);
    },
    release,
    heldByAnother,
  };
}

type HoldingRequest = 'projects.hold' | 'projects.letGo' | 'projects.save';

/**
 * One window's part of the studio's handlers: it holds the project that it edits.
 * @param ask tells the window that another one wants its project.
 * @param tellFree tells it whether the project that it only looks at can be had.
 */
export function holdingHandlers(
  leases: Leases,
  { 'projects.save': save }: Pick<StudioHandlers, 'projects.save'>,
  ask: (path: string) => void,
  tellFree: (path: string, free: boolean) => void,
): { handlers: Pick<StudioHandlers, HoldingRequest>; end(): void } {
  let letGo: (() => void) | null = null;
  const holder: LeaseHolder = {
    yield: (path) =>
      new Promise((resolve) => {
        letGo = resolve;
        ask(path);
      }),
    free: tellFree,
  };
  const end = (): void => {
    leases.release(holder);
    letGo?.();
    letGo = null;
  };
  return {
    handlers: {
      'projects.hold': async ({ path, takeOver }) => {
        if (!takeOver) return { held: leases.take(holder, path) };
        await leases.takeOver(holder, path);
        return { held: true };
      },
      'projects.letGo': () => {
        end();
        return {};
      },
      'projects.save': (input) => {
        if (leases.heldByAnother(holder, input.path))
          throw new StudioError(
            'open-elsewhere',
            'This project is edited in another window.',
            'Edit it here again, or keep what is here as a copy.',
            { file: input.path },
          );
        return save(input);
      },
    },
    end,
  };
}
