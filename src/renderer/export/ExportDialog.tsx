import { useEffect, useState } from 'react';
import { exportTargets, type ExportTarget } from '#shared/codegen/types';
import type { RunEntry } from '#shared/ipc/studio';
import { useExports, type ExportRequest, type ExportState } from '../stores/exports.js';
import { useRuns } from '../stores/runs.js';
import { reportError } from '../stores/studio.js';
import { runTitle, stateText } from '#shared/run/names';
import { client } from '../transport.js';
import { Button, Dialog, ErrorNotice, Icon, TextField } from '../ui/index.js';
import styles from './export.module.css';
import { Exported } from './Exported.js';
import { targetCards } from './targets.js';

/** From a run to a folder of code and weights, with the proof that they give the same numbers. */
export default function ExportDialog() {
  const runId = useExports((store) => store.openRunId);
  const state = useExports((store) => store.state);
  const run = useRuns((store) => store.runs.find(({ id }) => id === runId) ?? null);
  const { close } = useExports.getState();
  if (run === null) return null;
  return (
    <Dialog title={`Export ${runTitle(run.id)}`} size={720} onClose={close}>
      <div className={styles.dialog}>
        <p className={styles.run}>{describe(run)}</p>
        <Content key={run.id} run={run} state={state} />
      </div>
    </Dialog>
  );
}

function describe({ projectName, state }: RunEntry): string {
  const parts = [projectName, stateText(state)];
  if (state.phase === 'done') parts.push(`best weights of epoch ${state.summary.bestEpoch}`);
  return parts.join(' · ');
}

function Content({ run, state }: { run: RunEntry; state: ExportState }) {
  switch (state.phase) {
    case 'working':
      return <Working request={state.request} step={state.step} />;
    case 'done':
      return <Exported result={state.result} />;
    case 'choosing':
      return <Choose run={run} before={null} />;
    case 'failed':
    case 'taken':
      return <Choose run={run} before={state} />;
  }
}

/** @param before what became of the last try. */
function Choose({
  run,
  before,
}: {
  run: RunEntry;
  before: Extract<ExportState, { phase: 'failed' | 'taken' }> | null;
}) {
  const [target, setTarget] = useState<ExportTarget>(before?.request.target ?? 'pytorch');
  const [path, setPath] = useState(before?.request.path ?? '');
  const [verify, setVerify] = useState(before?.request.verify ?? true);
  /** The target that `path` was suggested for. */
  const [suggested, setSuggested] = useState<ExportTarget | null>(before?.request.target ?? null);
  const { start, close } = useExports.getState();
  useEffect(() => {
    if (suggested === target) return;
    let current = true;
    client.request('runs.exportPath', { runId: run.id, target }).then((free) => {
      if (!current) return;
      setPath(free.path);
      setSuggested(target);
    }, reportError);
    return () => {
      current = false;
    };
  }, [run.id, target, suggested]);

  const { framework } = targetCards[target];
  const request: ExportRequest = { runId: run.id, target, path: path.trim(), verify };
  const ready = request.path !== '' && suggested === target;
  // What went wrong is no longer true of another choice.
  const last =
    before?.request.target === target && before.request.path === request.path ? before : null;
  const taken = last?.phase === 'taken';
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !taken) void start(request);
      }}
    >
      <fieldset className={styles.cards}>
        <legend className="visually-hidden">Export to</legend>
        {exportTargets.map((one) => (
          <label key={one} className={styles.card}>
            <input
              type="radio"
              name="target"
              value={one}
              checked={one === target}
              data-autofocus={one === target || undefined}
              onChange={() => setTarget(one)}
            />
            <span className={styles.cardTitle}>{targetCards[one].title}</span>
            <span className={styles.cardText}>{targetCards[one].text}</span>
          </label>
        ))}
      </fieldset>
      <div className={styles.fields}>
        <TextField
          label={target === 'zip' ? 'File' : 'Folder'}
          description="On the machine that the studio runs on; it is made where it is missing"
          value={path}
          onChange={setPath}
        />
        {framework !== null && (
          <label className={styles.verify}>
            <input
              type="checkbox"
              checked={verify}
              onChange={(event) => setVerify(event.currentTarget.checked)}
            />
            Run it in {framework} afterwards and compare its numbers with ours
          </label>
        )}
      </div>
      {last?.phase === 'failed' && <ErrorNotice error={last.error} />}
      {taken && (
        <ErrorNotice
          severity="warning"
          error={last.error}
          actions={
            <Button size="small" variant="danger" onClick={() => void start(request, true)}>
              Replace it
            </Button>
          }
        />
      )}
      <div className={styles.footer}>
        <Button onClick={close}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          icon={<Icon name="export" />}
          disabled={!ready || taken}
        >
          Export
        </Button>
      </div>
    </form>
  );
}

function Working({ request, step }: { request: ExportRequest; step: 'writing' | 'verifying' }) {
  const { title, framework } = targetCards[request.target];
  const steps = [
    { name: 'writing', text: `Writing ${title === 'Project zip' ? 'the zip' : title}` },
    ...(request.verify && framework !== null
      ? [{ name: 'verifying', text: `Running it in ${framework} and comparing the numbers` }]
      : []),
  ];
  const at = steps.findIndex(({ name }) => name === step);
  return (
    <>
      <ol className={styles.steps} role="status" aria-label="Progress">
        {steps.map(({ name, text }, index) => (
          <li key={name} aria-current={index === at ? 'step' : undefined}>
            {index < at ? <Icon name="check" size={14} /> : <span className={styles.dot} />}
            {text}
            {index === at ? '…' : ''}
          </li>
        ))}
      </ol>
      <p className={styles.path}>{request.path}</p>
      <div className={styles.footer}>
        <span className={styles.note}>It goes on when this is closed.</span>
        <Button onClick={useExports.getState().close}>Close</Button>
      </div>
    </>
  );
}
