import { useEffect, useState } from 'react';
import type { Task } from '#shared/data/recipe';
import type { PredictionInput } from '#shared/run/prediction';
import { useWantedRow } from '../results/wanted.js';
import { Button, SegmentedControl, TextField } from '../ui/index.js';
import { AskedError } from '../AskedError.js';
import { AttentionMaps } from './AttentionMaps.js';
import { ClassAnswer } from './ClassAnswer.js';
import styles from './playground.module.css';
import { RowPicker } from './RowPicker.js';
import { useProjectText } from './texts.js';
import { TokenStrip } from './TokenStrip.js';
import { asRequest, usePrediction, usePrefixes } from './usePrediction.js';

type Mode = 'text' | 'test-row';

/** Classification and tagging: type, and see the answer at once. */
export function TextPlayground({
  runId,
  projectId,
  task,
  nameOf,
  testRows,
}: {
  runId: string;
  projectId: string;
  task: Task;
  /** Names of the blocks. */
  nameOf: (node: string) => string;
  /** Rows of the test part; null where that is not known. */
  testRows: number | null;
}) {
  const [wanted] = useState(() => useWantedRow.getState().wanted);
  const asked = wanted?.runId === runId ? wanted.row : null;
  const [mode, setMode] = useState<Mode>(asked === null ? 'text' : 'test-row');
  const [text, setText] = useProjectText(projectId);
  const [row, setRow] = useState(asked ?? 0);
  useEffect(() => useWantedRow.setState({ wanted: null }), []);
  const empty = mode === 'text' && text.trim() === '';
  const input: PredictionInput | null = empty
    ? null
    : mode === 'text'
      ? { kind: 'text', text }
      : { kind: 'test-row', index: row };
  const prediction = usePrediction(runId, input === null ? null : asRequest(input));
  const { answer, busy } = prediction;
  const rowText =
    answer?.kind === 'classification' || answer?.kind === 'tagging' ? answer.text : null;
  const prefixes = usePrefixes(runId, task === 'classification' ? input : null);
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
          <>
            <RowPicker row={row} rows={testRows} onChange={setRow} />
            {rowText !== null && (
              <>
                <p className={styles.rowText}>{rowText}</p>
                <Button
                  tooltip="Takes the row over as your text: change a word and see what becomes of the answer."
                  onClick={() => {
                    setText(rowText);
                    setMode('text');
                  }}
                >
                  Try changes
                </Button>
              </>
            )}
          </>
        )}
      </section>
      <section className={styles.output} aria-label="Answer" aria-busy={busy}>
        <AskedError asked={prediction} />
        {!empty && (
          <div data-stale={busy || undefined}>
            {answer?.kind === 'classification' && (
              <ClassAnswer prediction={answer} prefixes={prefixes} nameOf={nameOf} />
            )}
            {answer?.kind === 'tagging' && (
              <>
                <h4>Tag of each token</h4>
                <TokenStrip tokens={answer.tokens} labels={answer.tags} />
                <AttentionMaps maps={answer.attention} tokens={answer.tokens} nameOf={nameOf} />
              </>
            )}
          </div>
        )}
        {empty && <p className={styles.note}>The answer appears as you type.</p>}
      </section>
    </div>
  );
}
