/** LSTM against GRU: trains the open project's network with both cells, then compares the two runs. */
import type { RunEntry } from '#shared/ipc/studio';
import { cellTitles, swapCells } from '#shared/graph/cell-swap';
import { useCompare } from '../stores/compare.js';
import { useMessages } from '../stores/messages.js';
import { useProject } from '../stores/project.js';
import { useRuns } from '../stores/runs.js';
import { reportError, useStudio } from '../stores/studio.js';
import { trainingObstacle } from '../train/startTraining.js';

/** Why the network can't be trained with both cells now; null where it can. */
export function bothCellsObstacle(): string | null {
  const { document } = useProject.getState();
  // Behind a run that trains, both wait.
  const obstacle = trainingObstacle({ evenBehindAnother: true });
  if (document === null || obstacle !== null) return obstacle;
  const swap = swapCells(document);
  return swap.possible ? null : swap.reason;
}

export async function trainBothCells(): Promise<void> {
  const { path, document } = useProject.getState();
  if (path === null || document === null) return;
  const swap = swapCells(document);
  if (!swap.possible) {
    useMessages.getState().tell(swap.reason);
    return;
  }
  try {
    const [first] = await useRuns.getState().startSeries({
      projectPath: path,
      device: useStudio.getState().settings.device,
      networks: [
        { document, tags: [cellTitles[swap.from]] },
        { document: swap.document, tags: [cellTitles[swap.to]] },
      ],
    });
    // Behind another run both wait: the list shows it.
    useStudio.getState().setView(first?.state.phase === 'idle' ? 'runs' : 'train');
  } catch (error) {
    reportError(error);
  }
}

const ended = ({ state }: RunEntry): boolean => state.phase === 'done';

/** The run that starts when the active one has ended by itself: the oldest of those that wait. */
export const nextRun = (runs: readonly RunEntry[]): RunEntry | null =>
  runs.findLast(({ state }) => state.phase === 'idle') ?? null;

/** Runs of a series, oldest first, if all of them have ended and the last one just now. */
export function seriesThatEnded(
  before: readonly RunEntry[],
  after: readonly RunEntry[],
): RunEntry[] | null {
  const active = new Set(before.filter(({ state }) => state.phase !== 'done').map(({ id }) => id));
  const last = after.find((run) => run.series !== null && ended(run) && active.has(run.id));
  if (last === undefined) return null;
  const all = after.filter(({ series }) => series === last.series).reverse();
  return all.length > 1 && all.every(ended) ? all : null;
}

/** Follows from one run of a series to the next one, and to the comparison at its end. Call once. */
export function followSeries(): () => void {
  return useRuns.subscribe((state, before) => {
    if (state.runs === before.runs) return;
    followNext(state.runs, before);
    const series = seriesThatEnded(before.runs, state.runs);
    if (series === null) return;
    const show = (): void => useCompare.getState().compare(series.map(({ id }) => id));
    const { view } = useStudio.getState();
    const watching = series.some(({ id }) => id === useRuns.getState().selectedRunId);
    if (view === 'train' && watching) show();
    else
      useMessages
        .getState()
        .tell(`${series.map(({ tags, id }) => tags[0] ?? id).join(' and ')} are trained.`, {
          label: 'Compare',
          run: show,
        });
  });
}

/** Who watches a run of a series sees the next one of it as soon as that one trains. */
function followNext(
  runs: readonly RunEntry[],
  before: { runs: readonly RunEntry[]; selectedRunId: string | null },
): void {
  const watched = runs.find(({ id }) => id === before.selectedRunId);
  if (watched === undefined || watched.series === null || !ended(watched)) return;
  const waited = new Set(
    before.runs.filter(({ state }) => state.phase === 'idle').map(({ id }) => id),
  );
  const begun = runs.find(
    ({ id, series, state }) =>
      series === watched.series && waited.has(id) && state.phase === 'preparing',
  );
  if (begun !== undefined) useRuns.getState().select(begun.id);
}
