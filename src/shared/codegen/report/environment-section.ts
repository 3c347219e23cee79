/** What it ran on, and how to get the same again. */
import { formatBytes, formatPlural } from '../../format.js';
import type { ReportBlock, ReportInput } from './types.js';

export function environmentBlocks(input: ReportInput): ReportBlock[] {
  const { document, run, started, environment } = input;
  const seed = started?.seed ?? document.training.seed;
  const rows: [string, string][] = [['Run', run.id]];
  if (started !== null) rows.push(['Trained on', `${started.deviceName}: ${started.deviceReason}`]);
  rows.push(
    [
      'Seeds',
      `${seed} for weights, order and dropout; ${document.data.split.seed} for the division`,
    ],
    ['Started', moment(run.created)],
    ['Report made', moment(environment.date)],
    [
      'Machine',
      `${environment.system}; ${environment.processor}, ${formatPlural(environment.cores, 'core')}, ${formatBytes(environment.memoryBytes)}`,
    ],
    [
      'Versions',
      `Unroll Studio ${run.studioVersion}, TensorFlow.js ${environment.tensorflowJs}, Node ${environment.node}`,
    ],
  );
  return [
    { kind: 'facts', rows },
    {
      kind: 'text',
      text:
        `To repeat it, open the project and train with seed ${seed}, or run "unroll train PROJECT --seed ${seed} ` +
        `--epochs ${document.training.epochs}". On the same kind of device and with the same versions the ` +
        'curves are the same.',
    },
  ];
}

/** `23 November 2026, 01:49 UTC`. */
const moment = (iso: string): string =>
  `${new Date(iso)
    .toLocaleString('en-GB', {
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      timeZone: 'UTC',
    })
    .replace(' at ', ', ')} UTC`;
