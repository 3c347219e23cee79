import { useState, type DragEvent } from 'react';
import type { DataPreview } from '#shared/data/facts';
import { useDesign } from '../stores/design.js';
import { useProject } from '../stores/project.js';
import { useStudio } from '../stores/studio.js';
import { Button, EmptyState, ErrorNotice, Icon } from '../ui/index.js';
import styles from './data.module.css';
import { ImportDialog } from './ImportDialog.js';
import { importFrom } from './importStore.js';
import { Preview } from './Preview.js';
import { setRecipe } from './recipeEdit.js';
import { RecipeForm } from './RecipeForm.js';
import { SourcePanel, useBuiltinDatasets } from './SourcePanel.js';

export default function DataView() {
  const recipe = useProject((state) => state.document?.data ?? null);
  const path = useProject((state) => state.path);
  const preview = useProject((state) => state.preview);
  const builtin = useBuiltinDatasets();
  const latest = preview.phase === 'ready' ? preview.preview : null;
  const columns = useColumns(
    recipe === null ? '' : `${path} ${JSON.stringify(recipe.source)}`,
    latest,
  );
  const { over, drop } = useDrop();
  if (recipe === null) return null;
  const shown = latest ?? (preview.phase === 'loading' ? preview.last : null);
  return (
    <div className={styles.view} {...drop}>
      <ImportDialog />
      {over && (
        <div className={styles.overlay}>
          <p>
            <Icon name="file" size={24} />
            <b>Drop the file to look at it</b>
            <span>Text, CSV, TSV or JSON Lines. Nothing is kept before you say so.</span>
          </p>
        </div>
      )}
      <aside className={styles.form} aria-label="Data recipe">
        <SourcePanel recipe={recipe} builtin={builtin} />
        <RecipeForm key={path} recipe={recipe} columns={columns} />
      </aside>
      <div
        className={styles.preview}
        aria-busy={preview.phase === 'loading'}
        data-stale={(preview.phase === 'loading' && shown !== null) || undefined}
      >
        <p className={styles.busy} role="status">
          {preview.phase === 'loading' ? 'Preparing the data…' : ''}
        </p>
        {preview.phase === 'failed' && (
          <ErrorNotice
            error={preview.error}
            actions={
              <>
                {preview.error.code === 'time-not-increasing' && recipe.task === 'forecast' && (
                  <Button
                    size="small"
                    onClick={() => setRecipe({ ...recipe, sortByTime: true }, 'Sort by date')}
                  >
                    Sort by date
                  </Button>
                )}
                <Button size="small" onClick={() => useProject.getState().refreshPreview()}>
                  Try again
                </Button>
              </>
            }
          />
        )}
        {latest !== null && <Mismatch />}
        {shown !== null && shown.facts.task === recipe.task && (
          <Preview preview={shown} recipe={recipe} />
        )}
        {shown === null && preview.phase !== 'failed' && (
          <EmptyState>
            Rows, class balance, lengths and one real batch appear here once the data is prepared.
          </EmptyState>
        )}
      </div>
    </div>
  );
}

const carriesFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes('Files');

/** Files can be dropped anywhere on the view. */
function useDrop() {
  const [over, setOver] = useState(false);
  const drop = {
    onDragOver(event: DragEvent) {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    },
    onDragLeave({ currentTarget, relatedTarget }: DragEvent) {
      if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setOver(false);
    },
    onDrop(event: DragEvent) {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(false);
      importFrom(event.dataTransfer.files, event.dataTransfer.items);
    },
  };
  return { over, drop };
}

/** The source's columns, kept while a change of the recipe is being prepared or fails. */
function useColumns(source: string, preview: DataPreview | null): readonly string[] {
  const [known, setKnown] = useState<{ source: string; columns: readonly string[] } | null>(null);
  const columns = preview?.table.columns ?? null;
  if (columns !== null && (known?.source !== source || known.columns !== columns))
    setKnown({ source, columns });
  return known?.source === source ? known.columns : [];
}

/** The data may be right and the network not fit it: that is the next thing to know. */
function Mismatch() {
  const count = useProject(
    (state) => state.problems.filter((problem) => problem.severity === 'error').length,
  );
  const first = useProject(
    (state) => state.problems.find((problem) => problem.severity === 'error')?.message ?? '',
  );
  if (count === 0) return null;
  return (
    <ErrorNotice
      severity="warning"
      error={{
        code: 'network-mismatch',
        message: 'The network cannot train on this data yet.',
        hint: count === 1 ? first : `${first} And ${count - 1} more.`,
        place: {},
      }}
      actions={
        <Button
          size="small"
          onClick={() => {
            useDesign.getState().setProblemsOpen(true);
            useStudio.getState().setView('design');
          }}
        >
          Show in the design
        </Button>
      }
    />
  );
}
