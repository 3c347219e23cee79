import { useEffect, useId, useState, type DragEvent } from 'react';
import { toWireError, type WireError } from '#shared/errors';
import { tasks, type DataRecipe, type Task } from '#shared/data/recipe';
import type { BuiltinDataset, FileDescription } from '#shared/data/facts';
import { formatPlural } from '#shared/format';
import { client } from '../transport.js';
import { reportError, useStudio } from '../stores/studio.js';
import { ErrorNotice, formatBytes, Icon, Panel, Select, TextField } from '../ui/index.js';
import styles from './data.module.css';
import { importFile } from './importFile.js';
import { setRecipe } from './recipeEdit.js';
import { recipeForTask, suggestRecipe } from './suggest.js';

export const taskTitles: Record<Task, string> = {
  'next-token': 'Next token',
  classification: 'Classification',
  tagging: 'Tagging',
  forecast: 'Forecast',
};

type ImportState =
  | { phase: 'idle' }
  | { phase: 'reading'; name: string }
  | { phase: 'done'; description: FileDescription; why: string; used: boolean }
  | { phase: 'failed'; error: WireError };

/** Where the rows come from: what ships, or a file of the person's own. */
export function SourcePanel({
  recipe,
  builtin,
}: {
  recipe: DataRecipe;
  builtin: readonly BuiltinDataset[];
}) {
  const [state, setState] = useState<ImportState>({ phase: 'idle' });
  const [over, setOver] = useState(false);
  const inputId = useId();
  const { source } = recipe;

  const take = (file: File | undefined): void => {
    if (file === undefined) return;
    setState({ phase: 'reading', name: file.name });
    importFile(file).then(
      (description) => {
        const suggestion = suggestRecipe(description);
        if (suggestion.recipe !== null) setRecipe(suggestion.recipe, `Use ${file.name}`);
        setState({
          phase: 'done',
          description,
          why: suggestion.why,
          used: suggestion.recipe !== null,
        });
      },
      (thrown: unknown) => setState({ phase: 'failed', error: toWireError(thrown) }),
    );
  };
  const drop = {
    onDragOver(event: DragEvent) {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop(event: DragEvent) {
      event.preventDefault();
      setOver(false);
      take(event.dataTransfer.files[0]);
    },
  };

  return (
    <Panel title="Source">
      <fieldset className={styles.sources}>
        <legend className="visually-hidden">Datasets that come with the studio</legend>
        {builtin.map((dataset) => (
          <label key={dataset.id} title={dataset.description}>
            <input
              type="radio"
              name={`${inputId}-source`}
              checked={source.kind === 'builtin' && source.id === dataset.id}
              onChange={() => {
                setRecipe(dataset.recipe, `Use ${dataset.title}`);
                setState({ phase: 'idle' });
              }}
            />
            <span>{dataset.title}</span>
            <small>{taskTitles[dataset.task]}</small>
          </label>
        ))}
      </fieldset>
      <div className={styles.drop} data-over={over || undefined} {...drop}>
        <label htmlFor={inputId}>
          <Icon name="file" />
          <span>
            Drop your own file here, or <u>choose one</u>
          </span>
          <small>text, CSV, TSV or JSONL</small>
        </label>
        <input
          id={inputId}
          type="file"
          className="visually-hidden"
          aria-label="Choose a data file"
          accept=".txt,.md,.csv,.tsv,.tab,.jsonl,.ndjson,.gz,text/*"
          onChange={(event) => {
            take(event.currentTarget.files?.[0]);
            // The same file can be chosen again after it was mended.
            event.currentTarget.value = '';
          }}
        />
      </div>
      <div aria-live="polite">
        {state.phase === 'reading' && <p className={styles.dim}>Reading {state.name}…</p>}
        {state.phase === 'failed' && <ErrorNotice error={state.error} />}
        {state.phase === 'done' && (
          <p className={state.used ? styles.suggestion : styles.noTask}>
            {formatPlural(
              state.description.rows,
              state.description.format === 'text' ? 'line' : 'row',
            )}
            , {formatBytes(state.description.bytes)}. {state.why}
          </p>
        )}
      </div>
      {source.kind === 'file' && <FileSource recipe={recipe} path={source.path} />}
    </Panel>
  );
}

/** The path of the file and what the network does with it. */
function FileSource({ recipe, path }: { recipe: DataRecipe; path: string }) {
  const [draft, setDraft] = useState<string | null>(null);
  const [description, setDescription] = useState<FileDescription | null>(null);
  useEffect(() => {
    // Relative paths start at the project file; only main and the preview know where that is.
    if (!/^(\/|[A-Za-z]:[\\/]|\\\\)/.test(path)) return;
    let open = true;
    client.request('data.describe', { path }).then(
      (found) => {
        if (open) setDescription(found);
      },
      // The preview says what is wrong with the file.
      () => {},
    );
    return () => {
      open = false;
    };
  }, [path]);
  const known = description?.path === path ? description : null;
  const commit = (): void => {
    const next = draft?.trim() ?? path;
    setDraft(null);
    if (next !== '' && next !== path)
      setRecipe({ ...recipe, source: { kind: 'file', path: next } }, 'Change the data file');
  };
  return (
    <div
      className={styles.fileSource}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
      }}
    >
      <TextField
        label="File"
        description="A whole path, or one that starts at the project file’s folder."
        value={draft ?? path}
        onChange={setDraft}
      />
      {known !== null && (
        <Select
          label="Task"
          description="What the network learns from the file."
          value={recipe.task}
          choices={tasks.map((task) => ({
            value: task,
            label: taskTitles[task],
            disabled: recipeForTask(task, known) === null,
          }))}
          onChange={(task) => {
            const next = recipeForTask(task, known);
            if (next !== null) setRecipe(next, `Use the file for ${taskTitles[task]}`);
          }}
        />
      )}
    </div>
  );
}

/** The datasets that ship; empty while they are asked for. */
export function useBuiltinDatasets(): readonly BuiltinDataset[] {
  const [datasets, setDatasets] = useState<readonly BuiltinDataset[]>([]);
  const engineReady = useStudio((state) => state.engine.status === 'ready');
  useEffect(() => {
    if (!engineReady) return;
    let open = true;
    client.request('data.builtin', {}).then((found) => {
      if (open) setDatasets(found);
    }, reportError);
    return () => {
      open = false;
    };
  }, [engineReady]);
  return datasets;
}
