import { useMemo } from 'react';
import type { ProjectDocument } from '#shared/graph/document';
import type { RunEntry } from '#shared/ipc/studio';
import type { EpochRecord } from '#shared/run/events';
import type { RunState } from '#shared/run/state';
import { formatMetric, metricTitles, type Metric } from '#shared/run/curves';
import { formatClock, formatScore, formatSmall } from '#shared/format';
import { weightsText } from '#shared/training/class-weights';
import { useStudio } from '../stores/studio.js';
import { formatBytes, formatCount, KeyValue, Panel, Term } from '../ui/index.js';
import { conclusion, scoreTable } from '#shared/run/words';
import { endOf, eventLines, type RunEventLine } from './runFacts.js';
import type { RunNow } from './RunHeader.js';
import styles from './train.module.css';

/** What the numbers are now, or were at the end. */
export function SidePanel({
  run,
  document,
  now,
  epochs,
  metric,
}: {
  run: RunEntry;
  document: ProjectDocument | null;
  now: RunNow;
  epochs: readonly EpochRecord[];
  metric: Metric | null;
}) {
  const { state } = run;
  const last = epochs.at(-1) ?? null;
  const patience = document?.training.earlyStopping?.patience ?? null;
  const summary = state.phase === 'done' ? state.summary : null;
  // The list grows in place, so that its length has to say when it changed.
  const count = epochs.length;
  const lines = useMemo(
    () => eventLines(epochs.slice(0, count), patience),
    [epochs, count, patience],
  );
  const end = endOf(state, now.batch);
  return (
    <aside className={styles.side} aria-label="Run details">
      {summary !== null ? (
        <Result run={run} />
      ) : (
        <Now now={now} last={last} metric={metric} failed={state.phase === 'failed'} />
      )}
      {document !== null && <EarlyStopping document={document} last={last} state={state} />}
      {run.classWeights !== undefined && (
        <Panel title="Class weights" term="classWeights" aside="balanced">
          <p>{weightsText(run.classWeights)}</p>
          <p className={styles.mid}>
            In the training loss; validation and test loss are unweighted.
          </p>
        </Panel>
      )}
      <Device run={run} last={last} />
      <Panel title="Events" aside={checkpointText(run)}>
        <Events lines={end === null ? lines : [end, ...lines]} />
      </Panel>
    </aside>
  );
}

function checkpointText({ state }: RunEntry): string {
  const step = state.phase === 'idle' ? null : state.checkpointStep;
  return step === null ? 'no checkpoint yet' : `checkpoint at step ${step}`;
}

function Now({
  now: { batch },
  last,
  metric,
  failed,
}: {
  now: RunNow;
  last: EpochRecord | null;
  metric: Metric | null;
  failed: boolean;
}) {
  const trainMetric =
    metric === null || batch === null
      ? null
      : metric === 'perplexity'
        ? batch.loss === null
          ? null
          : Math.exp(batch.loss)
        : batch[metric];
  const validation = last?.validation ?? null;
  return (
    <Panel
      title={failed ? 'When it failed' : 'Now'}
      aside={batch === null ? 'before the first step' : `step ${batch.step}`}
    >
      <dl className={styles.readouts}>
        <Readout series="first" name="train loss" value={formatScore(batch?.loss ?? null)} />
        <Readout
          series="second"
          name="validation loss"
          value={formatScore(validation?.loss ?? null)}
        />
        {metric !== null && (
          <>
            <Readout
              series="first"
              name={`train ${shortTitle(metric)}`}
              value={formatMetric(metric, trainMetric)}
            />
            <Readout
              series="second"
              name={`validation ${shortTitle(metric)}`}
              value={formatMetric(metric, validation?.[metric] ?? null)}
            />
          </>
        )}
      </dl>
    </Panel>
  );
}

const shortTitle = (metric: Metric): string =>
  metric === 'meanAbsoluteError' ? 'MAE' : metricTitles[metric].toLowerCase();

function Readout({
  series,
  name,
  value,
}: {
  series: 'first' | 'second';
  name: string;
  value: string;
}) {
  return (
    <div>
      <dt>
        <i className={styles.swatch} data-series={series} />
        {name}
      </dt>
      <dd>{value}</dd>
    </div>
  );
}

function Result({ run }: { run: RunEntry }) {
  if (run.state.phase !== 'done') return null;
  const { summary } = run.state;
  const sentence = conclusion(summary);
  return (
    <Panel
      title="Result"
      aside={summary.bestEpoch === null ? '' : `weights of epoch ${summary.bestEpoch}`}
    >
      {sentence !== null && <p className={styles.conclusion}>{sentence}</p>}
      <table className={styles.scores}>
        <thead>
          <tr>
            <th scope="col">Score</th>
            <th scope="col">Train</th>
            <th scope="col">Validation</th>
            <th scope="col">Test</th>
          </tr>
        </thead>
        <tbody>
          {scoreTable(summary).map(({ name, term, values }) => (
            <tr key={name}>
              <th scope="row">
                <Term id={term}>{name}</Term>
              </th>
              {values.map((value, index) => (
                <td key={index} data-test={index === 2 || undefined}>
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** More dots than this say less than a number. */
const mostDots = 12;

function EarlyStopping({
  document,
  last,
  state: { phase },
}: {
  document: ProjectDocument;
  last: EpochRecord | null;
  state: RunState;
}) {
  const recipe = document.training.earlyStopping;
  if (recipe === null)
    return (
      <Panel title="Early stopping" term="earlyStopping" aside="off">
        <p className={styles.mid}>The run goes through all its epochs.</p>
      </Panel>
    );
  const without = last?.epochsWithoutGain ?? 0;
  const watched = document.data.split.validation > 0 ? 'validation' : 'training';
  const aside =
    recipe.minimumChange > 0
      ? `patience ${recipe.patience}, min change ${formatSmall(recipe.minimumChange)}`
      : `patience ${recipe.patience}, watches ${watched} ${recipe.monitor}`;
  return (
    <Panel title="Early stopping" term="earlyStopping" aside={aside}>
      <p className={styles.dots}>
        {recipe.patience <= mostDots &&
          Array.from({ length: recipe.patience }, (_, index) => (
            <i key={index} data-filled={index < without || undefined} />
          ))}
        <span>
          {without} of {recipe.patience} epochs without gain
        </span>
      </p>
      {last !== null && (
        <p className={styles.mid}>
          Best is epoch {last.bestEpoch}
          {recipe.restoreBest && phase === 'done' && '; its weights were put back'}
          {recipe.restoreBest &&
            phase !== 'done' &&
            phase !== 'failed' &&
            '; its weights are put back at the end'}
          .
        </p>
      )}
    </Panel>
  );
}

function Device({ run, last }: { run: RunEntry; last: EpochRecord | null }) {
  const { state } = run;
  const finished = state.phase === 'done' ? state.summary.device : null;
  const report = useStudio((studio) =>
    finished === null ? null : (studio.devices.find((device) => device.id === finished) ?? null),
  );
  const name =
    state.phase === 'training' || state.phase === 'paused'
      ? state.deviceName
      : (report?.name ?? finished ?? null);
  const reason = state.phase === 'training' || state.phase === 'paused' ? state.deviceReason : null;
  const parameters =
    state.phase === 'training' || state.phase === 'paused'
      ? state.parameters
      : state.phase === 'done'
        ? state.summary.parameters
        : null;
  if (name === null && last === null) return null;
  return (
    <Panel title="Device and memory">
      {name !== null && <p className={styles.device}>{name}</p>}
      {reason !== null && reason !== '' && <p className={styles.mid}>{reason}</p>}
      <KeyValue
        items={[
          ...(parameters === null ? [] : [{ key: 'Parameters', value: formatCount(parameters) }]),
          ...(state.phase === 'done'
            ? [{ key: 'Tensors, peak', value: formatBytes(state.summary.peakTensorBytes) }]
            : []),
          ...(last === null
            ? []
            : [
                {
                  key: `Tensors (${formatCount(last.memory.tensors)})`,
                  value: formatBytes(last.memory.tensorBytes),
                },
                { key: 'Engine process', value: formatBytes(last.memory.processBytes) },
              ]),
        ]}
      />
    </Panel>
  );
}

/** Long runs have thousands; the newest are enough to read. */
const mostLines = 200;

function Events({ lines }: { lines: readonly RunEventLine[] }) {
  if (lines.length === 0) return <p className={styles.dim}>No epoch has ended yet.</p>;
  return (
    <ol className={styles.events}>
      {lines.slice(0, mostLines).map(({ at, text, kind }) => (
        <li key={`${at} ${text}`} data-kind={kind}>
          <span>{formatClock(at)}</span>
          {text}
        </li>
      ))}
    </ol>
  );
}
