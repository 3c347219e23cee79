import { useEffect } from 'react';
import type { RunEntry } from '#shared/ipc/studio';
import { checkpointOf, isActive } from '#shared/run/state';
import { metricsOf } from '#shared/run/curves';
import { MiniSwitch } from '../charts/LaneChart.js';
import { useThrottled } from '../charts/throttled.js';
import { RunGradients } from '../results/RunGradients.js';
import { RunResults } from '../results/RunResults.js';
import { useRunDocuments } from '../runs/documents.js';
import { useProject } from '../stores/project.js';
import { useRuns } from '../stores/runs.js';
import { reportError } from '../stores/studio.js';
import { Button, ErrorNotice } from '../ui/index.js';
import { BeforeRun } from './BeforeRun.js';
import { BranchedFrom } from './Branch.js';
import { RunCharts } from './RunCharts.js';
import { expectedMetric, runToShow, stepsPerSecond } from './runFacts.js';
import { RunHeader, type RunNow } from './RunHeader.js';
import {
  runTabs,
  runTabTitles,
  setRunView,
  shownTab,
  useRunView,
  useRunViewCommands,
} from './runView.js';
import { SidePanel } from './SidePanel.js';
import styles from './train.module.css';

export default function TrainView() {
  const projectId = useProject((state) => state.document?.id ?? null);
  const run = useThrottled(useRuns, (state) =>
    runToShow(state.runs, state.selectedRunId, projectId),
  );
  useEffect(() => {
    useRuns.getState().refresh().catch(reportError);
  }, []);
  if (run === null) return <BeforeRun />;
  return <Run run={run} foreign={run.projectId !== projectId} />;
}

function Run({ run, foreign }: { run: RunEntry; foreign: boolean }) {
  const { state } = run;
  const checkpointStep = checkpointOf(state);
  const active = isActive(state);
  const tabs = runTabs(run);
  const shown = useRunView(({ tab }) => shownTab(tab, tabs));
  useRunViewCommands(tabs);
  // Whatever is shown of it: header and details tell from its log.
  useEffect(() => {
    useRuns.getState().loadLog(run.id).catch(reportError);
  }, [run.id]);
  // A run that begins, or goes on, is watched.
  useEffect(() => {
    if (active) setRunView({ tab: 'curves' });
  }, [run.id, active]);
  const document = useRunDocuments([run.id])[run.id] ?? null;
  const curves = useThrottled(useRuns, (runs) => runs.curves[run.id] ?? null);
  const epochs = curves?.epochs ?? [];
  const batches = curves?.batches ?? [];
  const running = state.phase === 'training' || state.phase === 'paused';
  const expected = document === null ? null : expectedMetric(document.data.task);
  const plannedEpochs = running ? state.epochs : (run.epochs ?? document?.training.epochs ?? null);
  const lastEpoch = epochs.at(-1) ?? null;
  const now: RunNow = {
    batch: (running ? state.lastBatch : null) ?? batches.at(-1) ?? null,
    stepsPerSecond: stepsPerSecond(batches),
    bestEpoch: lastEpoch === null || lastEpoch.validation === null ? null : lastEpoch.bestEpoch,
    tensorBytes: lastEpoch?.memory.tensorBytes ?? null,
    countExamples: document?.data.task === 'forecast',
  };
  return (
    <div className={styles.view}>
      <RunHeader run={run} document={document} now={now} plannedEpochs={plannedEpochs} />
      {state.phase === 'failed' && (
        <div className={styles.failure}>
          <ErrorNotice error={state.error} />
        </div>
      )}
      {foreign && (
        <p className={styles.foreign}>
          This is a run of “{run.projectName}”, not of the open project.
          <Button size="small" onClick={() => useRuns.getState().select(null)}>
            Show the open project’s runs
          </Button>
        </p>
      )}
      <div className={styles.main}>
        {(tabs.length > 1 || run.parent !== null) && (
          <div className={styles.tabs}>
            {tabs.length > 1 && (
              <MiniSwitch
                label="What is shown of the run"
                value={shown}
                options={tabs.map((tab) => ({ value: tab, label: runTabTitles[tab] }))}
                onChange={(tab) => setRunView({ tab })}
              />
            )}
            {run.parent !== null && <BranchedFrom parent={run.parent} document={document} />}
          </div>
        )}
        {shown === 'results' ? (
          <RunResults key={run.id} runId={run.id} />
        ) : shown === 'gradients' ? (
          <RunGradients
            key={run.id}
            runId={run.id}
            checkpointStep={checkpointStep}
            document={document}
          />
        ) : (
          <RunCharts
            key={run.id}
            runId={run.id}
            document={document}
            live={active}
            plannedEpochs={plannedEpochs}
          />
        )}
      </div>
      <SidePanel
        run={run}
        document={document}
        now={now}
        epochs={epochs}
        metric={metricsOf(batches, epochs)[0] ?? expected}
      />
    </div>
  );
}
