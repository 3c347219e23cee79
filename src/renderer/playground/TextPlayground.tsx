import { useEffect, useState } from 'react';
import type { Task } from '#shared/data/recipe';
import type { Prediction } from '#shared/run/prediction';
import { useWantedRow } from '../results/wanted.js';
import { ErrorNotice, Icon, SegmentedControl, TextField } from '../ui/index.js';
import { Bars } from './Bars.js';
import styles from './playground.module.css';
import { RowPicker } from './RowPicker.js';
import { TokenStrip } from './TokenStrip.js';
import { usePrediction } from './usePrediction.js';

type Mode = 'text' | 'test-row';

/** Classification and tagging: type, and see the answer at once. */
export function TextPlayground({
  runId,
  task,
  testRows,
}: {
  runId: string;
  task: Task;
  /** Rows of the test part; null where that is not known. */
  testRows: number | null;
}) {
  const [wanted] = useState(() => useWantedRow.getState().wanted);
  const asked = wanted?.runId === runId ? wanted.row : null;
  const [mode, setMode] = useState<Mode>(asked === null ? 'text' : 'test-row');
  const [text, setText] = useState('');
  const [row, setRow] = useState(asked ?? 0);
  useEffect(() => useWantedRow.setState({ wanted: null }), []);
  const empty = mode === 'text' && text.trim() === '';
  const { prediction, error, busy } = usePrediction(
    runId,
    empty
      ? null
      : {
          input: mode === 'text' ? { kind: 'text', text } : { kind: 'test-row', index: row },
          length: 0,
          temperature: 0,
          seed: 0,
        },
  );
  return (
    <div className={styles.columns}>
      <section className={styles.input} aria-label="Input">
        <div className={styles.mode}>
          <SegmentedControl<Mode>
            label="What the network reads"
            value={mode}
            choices={[
              { value: 'text', label: 'Your text' },
              { value: 'test-row', label: 'Test row' },
            ]}
            onChange={setMode}
          />
        </div>
        {mode === 'text' ? (
          <TextField
            bare
            label="Text"
            rows={6}
            value={text}
            placeholder={
              task === 'tagging' ? 'Words, separated by spaces' : 'A sentence to classify'
            }
            onChange={setText}
          />
        ) : (
          <RowPicker row={row} rows={testRows} onChange={setRow} />
        )}
      </section>
      <section className={styles.output} aria-label="Answer" aria-busy={busy} aria-live="polite">
        {error !== null && <ErrorNotice error={error} />}
        {prediction !== null && !empty && (
          <div data-stale={busy || undefined}>
            <Answer prediction={prediction} />
          </div>
        )}
        {empty && <p className={styles.note}>The answer appears as you type.</p>}
      </section>
    </div>
  );
}

function Answer({ prediction }: { prediction: Prediction }) {
  if (prediction.kind === 'classification') {
    const { label, actual, ranked, tokens, attention } = prediction;
    return (
      <>
        <h3 className={styles.verdict}>
          {label}
          {actual !== null && (
            <span data-right={actual === label}>
              <Icon name={actual === label ? 'check' : 'close'} size={14} />
              {actual === label ? 'right' : `wrong: it is ${actual}`}
            </span>
          )}
        </h3>
        <Bars label="Probability of each class" ranked={ranked} />
        <h4>
          Tokens as seen
          {attention !== null && <span>shade and bar: attention</span>}
        </h4>
        <TokenStrip tokens={tokens} attention={attention} />
      </>
    );
  }
  if (prediction.kind === 'tagging')
    return (
      <>
        <h4>Tag of each token</h4>
        <TokenStrip tokens={prediction.tokens} labels={prediction.tags} />
      </>
    );
  return null;
}
