import type { DataPreview } from '#shared/data/facts';
import type { DataRecipe, Task } from '#shared/data/recipe';
import { useProject } from '../stores/project.js';
import { client } from '../transport.js';
import { ErrorNotice } from '../ui/index.js';
import { useAsked } from '../useAsked.js';
import { rewriteOf } from './importChoice.js';
import styles from './import.module.css';
import type { Choosing } from './importStore.js';
import { Preview } from './Preview.js';

interface Question {
  id: string;
  name: string;
  rewrite: ReturnType<typeof rewriteOf>;
  recipe: DataRecipe;
  batchSize: number;
}

/** The preview, and the task that it is for. */
const ask = async (question: Question): Promise<{ preview: DataPreview; task: Task }> => ({
  preview: await client.request('data.try', question),
  task: question.recipe.task,
});

/** After the last change, in milliseconds. */
const patience = 300;

/**
 * What the network will see of a file that is not kept yet, with the warnings and their mends. What was
 * seen last stays until there is an answer.
 */
export function TryPreview({
  state: { id, name, look, choice },
  recipe,
}: {
  state: Choosing;
  recipe: DataRecipe;
}) {
  const batchSize = useProject((state) => state.document?.training.batchSize ?? 32);
  const rewrite = rewriteOf(look, choice);
  const { answer, error } = useAsked({ id, name, rewrite, recipe, batchSize }, ask, patience);
  const loading = answer === null && error === null;
  return (
    <div
      className={styles.tried}
      role="region"
      aria-label="What the network will see"
      aria-busy={loading}
      tabIndex={0}
    >
      {loading && <p role="status">Preparing the data…</p>}
      {error !== null && <ErrorNotice error={error} />}
      {answer !== null && answer.task === recipe.task && (
        <Preview preview={answer.preview} recipe={recipe} />
      )}
    </div>
  );
}
