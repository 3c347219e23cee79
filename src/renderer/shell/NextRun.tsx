import { nextRun } from '../runs/cellSeries.js';
import { useRuns } from '../stores/runs.js';
import { reportError } from '../stores/studio.js';
import { runName } from '#shared/run/names';
import { Button, Icon, IconButton, Tooltip } from '../ui/index.js';
import styles from './shell.module.css';

/** The run that waits: what it is, when it starts, and how not to. */
export function NextRun() {
  const waiting = useRuns((state) => nextRun(state.runs));
  const others = useRuns(
    ({ runs }) => runs.filter(({ state }) => state.phase === 'idle').length - 1,
  );
  const busy = useRuns((state) => state.activeRunId !== null);
  if (waiting === null) return null;
  const { begin, remove } = useRuns.getState();
  const name = `${runName(waiting)}${others > 0 ? ` and ${others} more` : ''}`;
  return (
    <div className={styles.nextRun} role="group" aria-label="Waiting runs">
      <Tooltip
        label={
          busy
            ? 'Starts by itself when the present run has come to its end; not when that is stopped or fails'
            : 'Waits: the run before it was stopped or failed, or the studio was closed'
        }
        position="top"
      >
        <span>
          Next: <b>{name}</b>
        </span>
      </Tooltip>
      {!busy && (
        <Button size="small" onClick={() => void begin(waiting.id).catch(reportError)}>
          Start
        </Button>
      )}
      <IconButton
        label={`Don’t train ${runName(waiting)}`}
        icon={<Icon name="close" size={12} />}
        onClick={() => void remove(waiting.id).catch(reportError)}
      />
    </div>
  );
}
