import { useEffect, useId, useState } from 'react';
import { tasks, type DataRecipe, type Task } from '#shared/data/recipe';
import type { BuiltinDataset, FileDescription } from '#shared/data/facts';
import { client } from '../transport.js';
import { reportError, useStudio } from '../stores/studio.js';
import { Icon, Panel, Select, TextField } from '../ui/index.js';
import styles from './data.module.css';
import { importFrom } from './importStore.js';
import { setRecipe } from './recipeEdit.js';
import { recipeForTask } from './suggest.js';

export const taskTitles: Record<Task, string> = {
  'next-token': 'Next token',
  classification: 'Classification',
  tagging: 'Tagging',
  forecast: 'Forecast',
};

/** Where the rows come from: what ships, or a file of the person's own. */
export function SourcePanel({
  recipe,
  builtin,
}: {
  recipe: DataRecipe;
  builtin: readonly BuiltinDataset[];
}) {
  const inputId = useId();
  const { source } = recipe;
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
              onChange={() => setRecipe(dataset.recipe, `Use ${dataset.title}`)}
            />
            <span>{dataset.title}</span>
            <small>{taskTitles[dataset.task]}</small>
          </label>
        ))}
      </fieldset>
      <div className={styles.drop}>
        <label htmlFor={inputId}>
          <Icon name="file" />
          <span>
            Drop your own file here, or <u>choose one</u>
          </span>
          <small>text, CSV, TSV or JSON Lines; you see it before it is kept</small>
        </label>
        <input
          id={inputId}
          type="file"
          className="visually-hidden"
          aria-label="Choose a data file"
          onChange={(event) => {
            const { files } = event.currentTarget;
            if (files !== null && files.length > 0) importFrom(files, null);
            // The same file can be chosen again after it was mended.
            event.currentTarget.value = '';
          }}
        />
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
