import { useState } from 'react';
import type { RunEntry } from '#shared/ipc/studio';
import { recipeChanges } from '#shared/run/branch';
import { trainingRecipeSchema, type TrainingRecipe } from '#shared/training/recipe';
import { Button, Dialog, KeyValue, SchemaForm } from '../ui/index.js';
import { atEpochEnd, branchNotes, type BranchPlace } from './continuing.js';
import { runTitle } from '#shared/run/names';
import styles from './continue.module.css';

const usualEpochs = 10;

/** What a branch trains with, what that changes, and its start. */
export function BranchDialog({
  run,
  place,
  training,
  classes,
  onClose,
  onStart,
}: {
  run: RunEntry;
  place: BranchPlace;
  /** What the run trained with. */
  training: TrainingRecipe;
  /** Its task has classes, which can be weighed. */
  classes: boolean;
  onClose: () => void;
  onStart: (training: TrainingRecipe) => void;
}) {
  const [wanted, setWanted] = useState<TrainingRecipe>(() =>
    training.epochs > place.epoch
      ? training
      : { ...training, epochs: Math.round(place.epoch) + usualEpochs },
  );
  const changes = recipeChanges(training, wanted);
  const epochLeft = wanted.epochs > place.epoch;
  const sized = atEpochEnd(place);
  const form = (only: readonly string[]) => (
    <SchemaForm
      schema={trainingRecipeSchema}
      value={wanted}
      onChange={(value) => setWanted(trainingRecipeSchema.parse(value))}
      keepInvalid={false}
      only={only}
    />
  );
  const title = runTitle(run.id);
  return (
    <Dialog onClose={onClose} title={`Branch from ${title}`} size={720}>
      <form
        className={styles.branch}
        onSubmit={(event) => {
          event.preventDefault();
          onStart(wanted);
        }}
      >
        <div className={styles.fields} role="group" aria-label="What the branch trains with">
          {form(sized ? ['epochs', 'batchSize'] : ['epochs'])}
          {form(['optimizer'])}
          {form(['schedule'])}
          {form(['clip'])}
          {classes && form(['classWeights'])}
          {form(['earlyStopping'])}
        </div>
        <div className={styles.plan} role="status">
          <h3>
            From step {place.step}, after {formatEpochs(place.epoch)}
          </h3>
          {changes.length === 0 ? (
            <p>Nothing is changed yet: the branch would train as {title} itself would.</p>
          ) : (
            <KeyValue
              items={changes.map(({ name, before, after }) => ({
                key: name.charAt(0).toUpperCase() + name.slice(1),
                value: `${before} → ${after}`,
              }))}
            />
          )}
          {branchNotes(place, training, wanted).map((note) => (
            <p key={note}>{note}</p>
          ))}
          {!sized && <p>The batch size can change only where an epoch has just ended.</p>}
          <p>
            {run.state.phase === 'paused'
              ? `${title} is stopped at its checkpoint and kept: it can be resumed later.`
              : `${title} stays as it is.`}
          </p>
          {!epochLeft && (
            <p className={styles.wrong} role="alert">
              {formatEpochs(place.epoch)} are done already: give the branch more.
            </p>
          )}
        </div>
        <div className={styles.submit}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!epochLeft}>
            Train the branch
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const formatEpochs = (epochs: number): string =>
  epochs === 1 ? '1 epoch' : `${Number(epochs.toFixed(2))} epochs`;
