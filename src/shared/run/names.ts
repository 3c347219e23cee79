/** What a run and its state are called wherever they are shown. */
import type { RunEntry } from '../ipc/studio.js';
import type { RunState } from './state.js';

/** `Run a1b2`: the end of its id, which stays the same when other runs are deleted. */
export const runTitle = (runId: string): string => `Run ${runId.slice(runId.lastIndexOf('-') + 1)}`;

/** `Run a1b2, LSTM`: with the tag that says most, the first. */
export const runName = ({ id, tags }: Pick<RunEntry, 'id' | 'tags'>): string =>
  tags[0] === undefined ? runTitle(id) : `${runTitle(id)}, ${tags[0]}`;

const preparingSteps = {
  data: 'Preparing the data',
  device: 'Starting the device',
  model: 'Building the network',
  checkpoint: 'Reading the checkpoint',
} as const;

const doneReasons = {
  completed: 'Completed',
  'early-stopping': 'Stopped early',
  stopped: 'Stopped',
} as const;

export function stateText(state: RunState): string {
  switch (state.phase) {
    case 'idle':
      return 'Waiting';
    case 'preparing':
      return preparingSteps[state.step];
    case 'training':
      return 'Training';
    case 'paused':
      return 'Paused';
    case 'failed':
      return state.error.code === 'interrupted' ? 'Interrupted' : 'Failed';
    case 'done':
      return doneReasons[state.summary.reason];
  }
}
