import { useEffect, useState } from 'react';
import { toWireError, type WireError } from '#shared/errors';
import type { DataPreview } from '#shared/data/facts';
import type { DataRecipe } from '#shared/data/recipe';
import { useProject } from '../stores/project.js';
import { client } from '../transport.js';
import { ErrorNotice } from '../ui/index.js';
import { rewriteOf } from './importChoice.js';
import styles from './import.module.css';
import type { Choosing } from './importStore.js';
import { Preview } from './Preview.js';

type Tried =
  | { phase: 'loading' }
  | { phase: 'ready'; preview: DataPreview; recipe: DataRecipe }
  | { phase: 'failed'; error: WireError };

/** What the network will see of a file that is not kept yet, with the warnings and their mends. */
export function TryPreview({ state, recipe }: { state: Choosing; recipe: DataRecipe }) {
  const tried = useTried(state, recipe);
  return (
    <div
      className={styles.tried}
      role="region"
      aria-label="What the network will see"
      aria-busy={tried.phase === 'loading'}
      tabIndex={0}
    >
      {tried.phase === 'loading' && <p role="status">Preparing the data…</p>}
      {tried.phase === 'failed' && <ErrorNotice error={tried.error} />}
      {tried.phase === 'ready' && tried.recipe.task === recipe.task && (
        <Preview preview={tried.preview} recipe={recipe} />
      )}
    </div>
  );
}

const patience = 300;

/** Asks a moment after the last change; what was seen last stays until there is an answer. */
function useTried({ id, name, look, choice }: Choosing, recipe: DataRecipe): Tried {
  const batchSize = useProject((state) => state.document?.training.batchSize ?? 32);
  const [tried, setTried] = useState<Tried>({ phase: 'loading' });
  useEffect(() => {
    let open = true;
    const timer = setTimeout(() => {
      client
        .request('data.try', { id, name, rewrite: rewriteOf(look, choice), recipe, batchSize })
        .then(
          (preview): Tried => ({ phase: 'ready', preview, recipe }),
          (thrown: unknown): Tried => ({ phase: 'failed', error: toWireError(thrown) }),
        )
        .then((next) => {
          if (open) setTried(next);
        });
    }, patience);
    return () => {
      open = false;
      clearTimeout(timer);
    };
  }, [id, name, look, choice, recipe, batchSize]);
  return tried;
}
