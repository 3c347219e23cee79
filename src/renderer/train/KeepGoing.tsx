import { useEffect, useState } from 'react';
import type { RunSummary } from '#shared/run/events';
import type { TrainingRecipe } from '#shared/training/recipe';
import { formatPlural } from '#shared/format';
import { Button, Icon, NumberField, Popup } from '../ui/index.js';
import { keepGoingNotes } from './continuing.js';
import { setContinuation, useContinuation } from './continuation.js';
import styles from './continue.module.css';

const usualEpochs = 10;

/** Trains a run that ended for some epochs more: how many, and what that means. */
export function KeepGoing({
  summary,
  training,
  plannedEpochs,
  batchesPerEpoch,
  blocked,
  why,
  onStart,
}: {
  summary: RunSummary;
  /** null until it is read. */
  training: TrainingRecipe | null;
  /** null where they are the recipe's. */
  plannedEpochs: number | null;
  batchesPerEpoch: number | null;
  blocked: boolean;
  /** Why it is blocked. */
  why: string;
  onStart: (epochs: number) => void;
}) {
  const open = useContinuation((state) => state.open === 'keep-going');
  const setOpen = (wanted: boolean): void => setContinuation(wanted ? 'keep-going' : null);
  useEffect(() => () => setContinuation(null), []);
  const [epochs, setEpochs] = useState(usualEpochs);
  const notes =
    training === null
      ? []
      : keepGoingNotes(
          { summary, training, plannedEpochs: plannedEpochs ?? training.epochs, batchesPerEpoch },
          epochs,
        );
  return (
    <Popup
      label="Keep going"
      opened={open}
      onChange={setOpen}
      width={320}
      target={
        <Button
          icon={<Icon name="run" />}
          disabled={blocked}
          tooltip={why === '' ? 'Trains this run for more epochs' : why}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          Keep going
        </Button>
      }
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          setOpen(false);
          onStart(epochs);
        }}
      >
        <NumberField
          label="More epochs"
          integer
          min={1}
          max={100_000}
          value={epochs}
          validate={(value) =>
            value === null || !Number.isInteger(value) || value < 1 || value > 100_000
              ? 'A whole number from 1 to 100,000.'
              : null
          }
          onChange={(value) => value !== null && setEpochs(value)}
        />
        <p>
          From epoch {summary.epochs + 1} to {summary.epochs + epochs}, in the same run: its curves
          go on, and its scores are taken again at the end.
        </p>
        {notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
        <div className={styles.submit}>
          <Button type="submit" variant="primary">
            Train {formatPlural(epochs, 'epoch')} more
          </Button>
        </div>
      </form>
    </Popup>
  );
}
