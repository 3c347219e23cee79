import { useProject } from '../stores/project.js';
import { useStudio } from '../stores/studio.js';
import { Button, Icon, Panel } from '../ui/index.js';
import { bothCellsObstacle, trainBothCells } from './cellSeries.js';

/** Trains the open project with LSTM and with GRU cells and compares them. */
export function TrainBothCells() {
  // What the obstacle depends on.
  useProject((state) => state.problems);
  useProject((state) => state.preview.phase);
  useStudio((state) => state.engine.status);
  const why = bothCellsObstacle();
  return (
    <Button
      icon={<Icon name="gru" />}
      aria-disabled={why !== null}
      data-disabled={why !== null || undefined}
      tooltip={
        why ??
        'Trains this network twice, with LSTM and with GRU cells, all else the same, and compares them'
      }
      onClick={() => {
        if (why === null) void trainBothCells();
      }}
    >
      LSTM vs GRU
    </Button>
  );
}

/** The same where one looks at such a block. */
export function BothCells() {
  return (
    <Panel title="Which cell?" aside="two runs">
      <TrainBothCells />
    </Panel>
  );
}
