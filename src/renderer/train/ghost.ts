/** The curves of the runs that a branch came from, faint behind its own. */
import { curvesOf, type Metric, type Point } from '#shared/run/curves';
import type { BatchRecord, EpochRecord } from '#shared/run/events';
import { smoothPoints } from '#shared/run/smoothing';
import type { RunEntry } from '#shared/ipc/studio';
import type { LaneModel, LaneSeries } from '../charts/lanes.js';

interface Records {
  readonly batches: readonly BatchRecord[];
  readonly epochs: readonly EpochRecord[];
}

/** Ids of the runs that it came from, its parent first. */
export function ancestorsOf(runId: string, runs: readonly RunEntry[]): string[] {
  const parentOf = (child: string): string | undefined =>
    runs.find(({ id }) => id === child)?.parent?.runId;
  const ids: string[] = [];
  for (let next = parentOf(runId); next !== undefined; next = parentOf(next)) ids.push(next);
  return ids;
}

/** The parent whole, and what came before it up to where it branched off. @param ancestors parent first */
export function lineage(ancestors: readonly (Records | null)[]): Records {
  const batches: BatchRecord[] = [];
  const epochs: EpochRecord[] = [];
  for (const records of ancestors.toReversed()) {
    if (records === null) continue;
    const from = records.batches[0]?.step ?? Infinity;
    while ((batches.at(-1)?.step ?? -1) >= from) batches.pop();
    while ((epochs.at(-1)?.step ?? -1) >= from) epochs.pop();
    batches.push(...records.batches);
    epochs.push(...records.epochs);
  }
  return { batches, epochs };
}

export function withGhost(
  model: LaneModel,
  { batches, epochs }: Records,
  metric: Metric | null,
  smoothing: number,
): LaneModel {
  const curves = curvesOf(batches, epochs, metric);
  const ghost = (id: string, points: readonly Point[]): LaneSeries => ({
    id: `${id} before`,
    name: 'parent',
    points,
    color: 'mute',
    style: 'ghost',
  });
  const validation = (id: string, points: readonly Point[]): LaneSeries => ({
    ...ghost(`${id} validation`, points),
    color: 'secondGhost',
  });
  const ghosts: Record<string, LaneSeries[]> = {
    loss: [
      ghost('loss', smoothPoints(curves.trainLoss, smoothing)),
      validation('loss', curves.validationLoss),
    ],
    metric: [
      ghost('metric', smoothPoints(curves.trainMetric, smoothing)),
      validation('metric', curves.validationMetric),
    ],
    'learning rate': [ghost('rate', curves.learningRate)],
  };
  return {
    ...model,
    lanes: model.lanes.map((lane) => ({
      ...lane,
      series: [...(ghosts[lane.id] ?? []), ...lane.series],
    })),
  };
}
