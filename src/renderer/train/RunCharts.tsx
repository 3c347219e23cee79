import { memo, useEffect, useMemo, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { ProjectDocument } from '#shared/graph/document';
import { metricTitles, type Metric } from '#shared/run/curves';
import { LaneChart, LegendItem, MiniSwitch, SmoothingSlider } from '../charts/LaneChart.js';
import { useThrottled } from '../charts/throttled.js';
import { useRuns } from '../stores/runs.js';
import { clipText, scheduleText } from '#shared/run/words';
import { ancestorsOf, lineage, withGhost } from './ghost.js';
import { expectedMetric, lossName } from './runFacts.js';
import { runLanes } from './runLanes.js';
import { setRunView, useRunView } from './runView.js';
import styles from './train.module.css';

/** Loss, metric, gradient norm and learning rate of one run, live. */
export const RunCharts = memo(function RunCharts({
  runId,
  document,
  live,
  plannedEpochs,
}: {
  runId: string;
  /** null until it is read. */
  document: ProjectDocument | null;
  live: boolean;
  plannedEpochs: number | null;
}) {
  const curves = useThrottled(useRuns, (state) => state.curves[runId] ?? null, 150);
  const loadLog = useRuns((state) => state.loadLog);
  const weighed = useRuns(({ runs }) =>
    runs.some(({ id, classWeights }) => id === runId && classWeights !== undefined),
  );
  const branchX = useRuns(({ runs }) => runs.find(({ id }) => id === runId)?.parent?.epoch ?? null);
  const ancestors = useRuns(useShallow((state) => ancestorsOf(runId, state.runs)));
  const before = useRuns(useShallow((state) => ancestors.map((id) => state.curves[id] ?? null)));
  const smoothing = useRunView((state) => state.smoothing);
  const range = useRunView((state) => state.range);
  const scale = useRunView((state) => state.scale);
  const [chosenMetric, setChosenMetric] = useState<Metric | null>(null);

  useEffect(() => {
    // Without them the branch is shown alone.
    for (const id of ancestors) loadLog(id).catch(() => {});
  }, [ancestors, loadLog]);

  const training = document?.training ?? null;
  const expected = document === null ? null : expectedMetric(document.data.task);
  const clipNorm = training?.clip.norm ?? null;
  const { model, metrics, metric, now, summary } = useMemo(
    () =>
      runLanes(curves?.batches ?? [], curves?.epochs ?? [], {
        smoothing,
        scale,
        range,
        metric: chosenMetric,
        expected,
        clipNorm,
        plannedEpochs,
        branchX,
        live,
      }),
    [
      curves,
      smoothing,
      scale,
      range,
      chosenMetric,
      expected,
      clipNorm,
      plannedEpochs,
      branchX,
      live,
    ],
  );

  const past = useMemo(() => (before.length === 0 ? null : lineage(before)), [before]);
  const shown = useMemo(
    () => (past === null ? model : withGhost(model, past, metric, smoothing)),
    [past, model, metric, smoothing],
  );

  const validates = document === null || document.data.split.validation > 0;
  const lossHeading = (
    <>
      <h3>Loss</h3>
      <LegendItem
        name={weighed ? 'train, weighed' : 'train'}
        value={now.trainLoss}
        color="var(--d-1)"
      />
      {validates && (
        <LegendItem name="validation" value={now.validationLoss} color="var(--d-2)" marked />
      )}
      {past !== null && past.batches.length > 0 && (
        <LegendItem name="parent" value="" color="var(--d-mute)" />
      )}
      <span className={styles.space} />
      <span className={`${styles.dim} ${styles.wideOnly}`}>
        {lossName(document?.data.task ?? null)}
      </span>
      <SmoothingSlider value={smoothing} onChange={(value) => setRunView({ smoothing: value })} />
      <MiniSwitch
        label="Scale of the loss"
        value={scale}
        options={[
          { value: 'linear', label: 'Linear' },
          { value: 'log', label: 'Log' },
        ]}
        onChange={(value) => setRunView({ scale: value })}
      />
      <MiniSwitch
        label="Range of the epoch axis"
        value={range}
        options={[
          { value: 'fit', label: 'Fit' },
          { value: 'whole', label: 'Whole run' },
        ]}
        onChange={(value) => setRunView({ range: value })}
      />
    </>
  );
  const metricHeading = metric !== null && (
    <>
      <h3>{metricTitles[metric]}</h3>
      <LegendItem name="train" value={now.trainMetric} color="var(--d-1)" />
      {validates && (
        <LegendItem name="validation" value={now.validationMetric} color="var(--d-2)" marked />
      )}
      <span className={styles.space} />
      {metrics.length > 1 && (
        <MiniSwitch
          label="Metric"
          value={metric}
          options={metrics.map((name) => ({ value: name, label: metricTitles[name] }))}
          onChange={setChosenMetric}
        />
      )}
    </>
  );
  const gradientHeading = (
    <>
      <h3>Gradient norm</h3>
      <span className={styles.mid}>{now.gradientNorm}</span>
      {training !== null && (
        <span className={styles.dim}>before clipping; {clipText(training)}</span>
      )}
    </>
  );
  const rateHeading = (
    <>
      <h3>Learning rate</h3>
      <span className={styles.mid}>{now.learningRate}</span>
      {training !== null && <span className={styles.dim}>{scheduleText(training)}</span>}
    </>
  );
  return (
    <section className={styles.charts} aria-label="Curves">
      <LaneChart
        model={shown}
        label={summary}
        resetKey={`${runId} ${range}`}
        headings={[
          lossHeading,
          ...(metric === null ? [] : [metricHeading]),
          gradientHeading,
          rateHeading,
        ]}
      />
    </section>
  );
});
