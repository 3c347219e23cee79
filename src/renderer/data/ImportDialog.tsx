import { Progress } from '@mantine/core';
import { useState } from 'react';
import {
  encodings,
  type Encoding,
  type FileLook,
  type FileProblem,
  type Reading,
} from '#shared/data/look';
import { tasks } from '#shared/data/recipe';
import { formatPlural } from '#shared/format';
import {
  Button,
  Dialog,
  ErrorNotice,
  formatBytes,
  formatCount,
  Icon,
  Panel,
  SegmentedControl,
  SegmentedField,
  Select,
  SwitchField,
} from '../ui/index.js';
import {
  backInTimeOf,
  descriptionOf,
  gapsOf,
  rewriteOf,
  type ImportChoice,
} from './importChoice.js';
import styles from './import.module.css';
import { useImport, type Choosing } from './importStore.js';
import { ImportTable } from './ImportTable.js';
import { RecipeEditContext, type RecipeEdit } from './recipeContext.js';
import { RecipeForm } from './RecipeForm.js';
import { missingRole } from './roles.js';
import { recipeForTask } from './suggest.js';
import { taskTitles } from './SourcePanel.js';
import { TryPreview } from './TryPreview.js';

/** Nothing of the document changes before the file is kept. */
const importEdit: RecipeEdit = {
  setRecipe: (recipe) => useImport.getState().setRecipe(recipe),
  setTraining: null,
  undoable: false,
};

/** A look at a file before anything of it is kept. */
export function ImportDialog() {
  const state = useImport((store) => store.state);
  const { cancel } = useImport.getState();
  if (state.phase === 'idle') return null;
  const wide = state.phase === 'choosing';
  return (
    <Dialog title={`Import ${state.name}`} size={wide ? 1120 : 520} centered onClose={cancel}>
      {state.phase === 'sending' && (
        <div className={styles.message}>
          <p role="status">Sending the file to the studio…</p>
          <Progress value={state.share * 100} size="sm" aria-label="Sent" />
          <div className={styles.footer}>
            <Button onClick={cancel}>Cancel</Button>
          </div>
        </div>
      )}
      {state.phase === 'failed' && (
        <div className={styles.message}>
          <ErrorNotice error={state.error} />
          <div className={styles.footer}>
            <span className={styles.note}>Nothing was kept.</span>
            <Button onClick={cancel}>Close</Button>
          </div>
        </div>
      )}
      {state.phase === 'choosing' && (
        <RecipeEditContext value={importEdit}>
          <Choose state={state} />
        </RecipeEditContext>
      )}
    </Dialog>
  );
}

type Shown = 'rows' | 'network';

function Choose({ state }: { state: Choosing }) {
  const { look, choice, busy, error } = state;
  const [shown, setShown] = useState<Shown>('rows');
  const { cancel, keep } = useImport.getState();
  const { recipe } = choice;
  const missing = recipe === null ? choice.why : missingRole(recipe);
  const tries = shown === 'network' && recipe !== null && missing === null;
  return (
    <form
      className={styles.dialog}
      onSubmit={(event) => {
        event.preventDefault();
        if (missing === null) void keep();
      }}
    >
      <div className={styles.columns}>
        <aside
          className={styles.settings}
          aria-label={tries ? 'Data recipe' : 'How the file is read'}
          onKeyDown={(event) => {
            // In a field it ends typing; it does not import yet.
            if (event.key === 'Enter' && event.target instanceof HTMLInputElement)
              event.preventDefault();
          }}
        >
          {tries ? (
            <RecipeForm recipe={recipe} columns={look.columns.map(({ name }) => name)} />
          ) : (
            <>
              <ReadingPanel reading={look.reading} />
              <TaskPanel look={look} choice={choice} />
            </>
          )}
        </aside>
        <div className={styles.content} aria-busy={busy !== null}>
          <div className={styles.head}>
            <p className={styles.summary} role="status">
              <b>{sizeText(look)}</b>
              <span>{formatBytes(look.bytes)}</span>
              {busy === 'reading' && <span>reading all of it…</span>}
            </p>
            <div className={styles.shown}>
              <SegmentedControl<Shown>
                label="Show"
                value={shown}
                disabled={missing !== null}
                choices={[
                  { value: 'rows', label: 'Rows' },
                  { value: 'network', label: 'What the network will see' },
                ]}
                onChange={setShown}
              />
            </div>
          </div>
          {error !== null && <ErrorNotice error={error} />}
          {tries ? (
            <TryPreview state={state} recipe={recipe} />
          ) : (
            <>
              <Problems look={look} choice={choice} />
              <ImportTable look={look} recipe={recipe} />
            </>
          )}
        </div>
      </div>
      <div className={styles.footer}>
        <span className={styles.note} data-missing={missing !== null || undefined}>
          {missing ?? keptText(look, choice)}
        </span>
        <Button onClick={cancel}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={missing !== null || busy !== null}>
          {busy === 'keeping' ? 'Importing…' : 'Import'}
        </Button>
      </div>
    </form>
  );
}

function sizeText({ rows, columns, reading, whole }: FileLook): string {
  const count = formatPlural(rows, reading.format === 'text' ? 'line' : 'row');
  const shape =
    reading.format === 'text' ? count : `${count} × ${formatPlural(columns.length, 'column')}`;
  return whole ? shape : `first ${shape}`;
}

function keptText(look: FileLook, choice: ImportChoice): string {
  const rewrite = rewriteOf(look, choice);
  if (rewrite === null) return 'A copy is kept in the workspace, byte for byte.';
  return look.reading.format === 'text'
    ? 'A copy is kept in the workspace, rewritten as UTF-8.'
    : 'A copy is kept in the workspace, rewritten as UTF-8 with commas and a header.';
}

const encodingTitles: Record<Encoding, string> = {
  'utf-8': 'UTF-8',
  'windows-1252': 'Latin-1 (Windows-1252)',
  'utf-16le': 'UTF-16, little endian',
  'utf-16be': 'UTF-16, big endian',
};

function ReadingPanel({ reading }: { reading: Reading }) {
  const change = (part: Partial<Reading>): void => {
    void useImport.getState().read({ ...reading, ...part });
  };
  return (
    <Panel title="Reading">
      <Select
        label="Format"
        description="Guessed from the name of the file and its first lines."
        value={reading.format}
        choices={[
          { value: 'text', label: 'Plain text' },
          { value: 'table', label: 'Table' },
          { value: 'jsonl', label: 'JSON Lines' },
        ]}
        onChange={(format) => change({ format })}
      />
      <Select
        label="Encoding"
        description="Which characters the bytes stand for. Look for odd letters in the rows."
        value={reading.encoding}
        choices={encodings.map((value) => ({ value, label: encodingTitles[value] }))}
        onChange={(encoding) => change({ encoding })}
      />
      {reading.format === 'table' && (
        <>
          <Select
            label="Separator"
            description="What stands between two cells."
            value={reading.delimiter}
            choices={[
              { value: ',', label: 'Comma ,' },
              { value: ';', label: 'Semicolon ;' },
              { value: '\t', label: 'Tab ⇥' },
              { value: '|', label: 'Bar |' },
            ]}
            onChange={(delimiter) => change({ delimiter })}
          />
          <SegmentedField
            label="Quotes"
            description="Around cells that contain the separator or a line break."
            value={reading.quote}
            choices={[
              { value: '"', label: '"' },
              { value: "'", label: "'" },
              { value: '', label: 'none' },
            ]}
            onChange={(quote) => change({ quote })}
          />
          <SwitchField
            label="Header"
            description="The first row has the names of the columns."
            value={reading.header}
            onChange={(header) => change({ header })}
          />
        </>
      )}
    </Panel>
  );
}

function TaskPanel({ look, choice: { recipe, why } }: { look: FileLook; choice: ImportChoice }) {
  const description = descriptionOf(look);
  return (
    <Panel title="Task">
      <Select
        label="Task"
        description="What the network learns from the file."
        value={recipe?.task ?? null}
        placeholder="None fits"
        choices={tasks.map((task) => ({
          value: task,
          label: taskTitles[task],
          disabled: recipeForTask(task, description) === null,
        }))}
        onChange={(task) => useImport.getState().setTask(task)}
      />
      {recipe !== null && why !== '' && <p className={styles.why}>{why}</p>}
    </Panel>
  );
}

function Problems({ look, choice }: { look: FileLook; choice: ImportChoice }) {
  const { read, setPolicy, setSortByTime } = useImport.getState();
  const gaps = gapsOf(look, choice.recipe);
  const back = backInTimeOf(look, choice.recipe);
  if (look.problems.length + gaps.length === 0 && back === null) return null;
  return (
    <ul className={styles.problems} aria-label="Problems">
      {look.problems.map((problem) => (
        <li key={problem.code}>
          <Icon name="warn" size={14} />
          <span>
            {problem.message} <Lines of={problem.lines} />
          </span>
          {problem.fix !== null && <Fix fix={problem.fix} onUse={read} />}
        </li>
      ))}
      {back !== null && (
        <li>
          <Icon name="warn" size={14} />
          <span>
            {formatPlural(back.rows, 'row')} of “{back.name}” {back.rows === 1 ? 'goes' : 'go'} back
            in time:{' '}
            {back.sorted
              ? 'the rows are sorted by date before anything else.'
              : 'a series must go forward, or its windows mix past and future.'}{' '}
            <Lines of={back.lines} />
          </span>
          <Button size="small" onClick={() => setSortByTime(!back.sorted)}>
            {back.sorted ? 'Leave the order' : 'Sort by date'}
          </Button>
        </li>
      )}
      {gaps.map(({ name, gaps: count, gapLines, kind }) => (
        <li key={`gap ${name}`}>
          <Icon name="warn" size={14} />
          <span>
            {formatPlural(count, 'cell')} of “{name}” {count === 1 ? 'is' : 'are'}{' '}
            {kind === 'number' ? 'no number' : 'empty'}: {gapText(choice.policy, count)}{' '}
            <Lines of={gapLines} />
          </span>
          <Button
            size="small"
            onClick={() => setPolicy(choice.policy === 'leave out' ? 'value before' : 'leave out')}
          >
            {choice.policy === 'value before'
              ? 'Leave the rows out'
              : kind === 'number'
                ? 'Take the value before'
                : 'Take the text before'}
          </Button>
        </li>
      ))}
    </ul>
  );
}

const gapText = (policy: ImportChoice['policy'], count: number): string => {
  if (policy === 'value before') return 'the value before is taken instead.';
  return count === 1 ? 'its row is left out.' : 'their rows are left out.';
};

function Fix({
  fix,
  onUse,
}: {
  fix: NonNullable<FileProblem['fix']>;
  onUse: (reading: Reading) => Promise<void>;
}) {
  return (
    <Button size="small" onClick={() => void onUse(fix.reading)}>
      {fix.label}
    </Button>
  );
}

function Lines({ of: lines }: { of: readonly number[] }) {
  if (lines.length === 0) return null;
  return (
    <small>
      {lines.length === 1 ? 'line' : 'lines'} {lines.map(formatCount).join(', ')}
      {lines.length >= 5 ? ', …' : ''}
    </small>
  );
}
