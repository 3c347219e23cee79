import { useEffect, useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { LaneChart, LegendItem, MiniSwitch } from '../charts/LaneChart.js';
import { useThrottled } from '../charts/throttled.js';
import { useRuns } from '../stores/runs.js';
import { reportError } from '../stores/studio.js';
import { runTitle } from '#shared/run/names';
import { compareRuns, lineLooks, type ComparedRun } from './comparison.js';
import { useRunList } from './listState.js';
import styles from './runs.module.css';

/** Loss and metric of the selected runs over each other. */
export function RunsOverlay({
  runIds,
  names,
  legend = true,
}: {
  runIds: readonly string[];
  /** What they are called, in their order. */
  names: readonly string[];
  /** False where what stands beside the curves tells whose they are. */
  legend?: boolean;
}) {
  const axis = useRunList((state) => state.axis);
  const curves = useThrottled(useRuns, (state) => state.curves, 300);
  useEffect(() => {
    for (const runId of runIds) useRuns.getState().loadLog(runId).catch(reportError);
  }, [runIds]);
  const parents = useRuns(
    useShallow((state) =>
      runIds.map((id) => state.runs.find((run) => run.id === id)?.parent ?? null),
    ),
  );
  const runs = useMemo(
    () =>
      runIds.flatMap((id, index): ComparedRun[] => {
        const look = lineLooks[index];
        if (look === undefined) return [];
        const title = names[index] ?? runTitle(id);
        return [{ id, title, look, curves: curves[id] ?? null, parent: parents[index] ?? null }];
      }),
    [runIds, names, curves, parents],
  );
  const comparison = useMemo(() => compareRuns(runs, axis), [runs, axis]);
  return (
    <section className={styles.overlay} aria-label="Curves of the selected runs">
      {legend && (
        <ul className={styles.names} aria-label="Lines">
          {runs.map(({ id, title, look }) => (
            <li key={id} title={title}>
              <LegendItem name={title} color={look.token} dash={look.dash} />
            </li>
          ))}
        </ul>
      )}
      <div className={styles.charts}>
        <LaneChart
          model={comparison.loss}
          label={comparison.summary}
          resetKey={axis}
          headings={[
            <>
              <h3>Validation loss</h3>
              <span className={styles.dim}>thin: training loss</span>
              <span className={styles.space} />
              <MiniSwitch
                label="What the curves are drawn over"
                value={axis}
                options={[
                  { value: 'epoch', label: 'Epochs' },
                  { value: 'step', label: 'Steps' },
                  { value: 'time', label: 'Time' },
                ]}
                onChange={useRunList.getState().setAxis}
              />
            </>,
          ]}
        />
        {comparison.metric !== null && (
          <LaneChart
            model={comparison.metric}
            resetKey={axis}
            label={`${comparison.metricTitle} of the selected runs on the validation part.`}
            headings={[
              <>
                <h3>Validation {comparison.metricTitle.toLowerCase()}</h3>
                <span className={styles.dim}>thin: training</span>
              </>,
            ]}
          />
        )}
      </div>
    </section>
  );
}
