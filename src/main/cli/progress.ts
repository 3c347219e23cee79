/** How training shows in a terminal: a bar where there is one, plain lines otherwise, or JSON lines. */
import { SingleBar } from 'cli-progress';
import type { ProjectDocument } from '#shared/graph/document';
import { nameOf } from '#shared/graph/wording';
import type { RunEntry } from '#shared/ipc/studio';
import type { EpochRecord, RunEvent, RunSummary, Scores } from '#shared/run/events';
import type { Fallback } from '#shared/run/fallbacks';
import { weightsText } from '#shared/training/class-weights';
import { duration, note, printJson, printResult, score, table } from './output.js';

export interface Reporter {
  event(event: RunEvent): void;
  /** Ends the bar; may be called twice. */
  close(): void;
}

const preparing = {
  data: 'Preparing the data …',
  device: 'Opening the device …',
  model: 'Building the model …',
  checkpoint: 'Reading the checkpoint …',
} as const;

export function createReporter(document: ProjectDocument, json: boolean): Reporter {
  if (json) return { event: printJson, close() {} };
  return process.stderr.isTTY ? barReporter(document) : lineReporter(document);
}

function lineReporter(document: ProjectDocument): Reporter {
  return {
    event(event) {
      const line = lineOf(event, document);
      if (line !== null) note(line);
    },
    close() {},
  };
}

function barReporter(document: ProjectDocument): Reporter {
  let bar: SingleBar | null = null;
  let total = 1;
  const close = (): void => {
    bar?.stop();
    bar = null;
  };
  const show = (): SingleBar => {
    if (bar !== null) return bar;
    bar = new SingleBar({
      format: '{bar} {percentage}%  epoch {epoch}  loss {loss}  {speed}/s  {left}',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 30,
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
    });
    bar.start(total, 0, { epoch: '–', loss: '–', speed: '–', left: '' });
    return bar;
  };
  return {
    event(event) {
      if (event.type === 'started') total = event.epochs * event.batchesPerEpoch;
      if (event.type === 'batch') {
        show().update(Math.min(event.step, total), {
          epoch: event.epoch,
          loss: score(event.loss),
          speed: `${Math.round(event.examplesPerSecond)} rows`,
          left: event.remaining === null ? '' : `${duration(event.remaining)} left`,
        });
        return;
      }
      const line = lineOf(event, document);
      if (line === null) return;
      // The bar begins anew below the line.
      close();
      note(line);
    },
    close,
  };
}

/** `LSTM 1: Trains step by step on …`. */
export function fallbackLines(document: ProjectDocument, fallbacks: readonly Fallback[]): string[] {
  return fallbacks.map(({ node, reason }) => {
    const found = document.graph.nodes.find(({ id }) => id === node);
    return `${found === undefined ? node : nameOf(found)}: ${reason}`;
  });
}

/** A line for an event, or null for those that only move the bar. */
function lineOf(event: RunEvent, document: ProjectDocument): string | null {
  switch (event.type) {
    case 'preparing':
      return preparing[event.step];
    case 'started': {
      const from = event.fromStep === 0 ? '' : `, from step ${event.fromStep}`;
      const line = `"${document.name}": ${event.parameters.toLocaleString('en')} parameters on ${event.deviceName} (${event.deviceReason}), seed ${event.seed}${from}`;
      const weights =
        event.classWeights === undefined
          ? []
          : [`Class weights: ${weightsText(event.classWeights)} (training loss only)`];
      return [line, ...weights, ...fallbackLines(document, event.fallbacks)].join('\n');
    }
    case 'epoch':
      return epochLine(event);
    case 'paused':
      return `Paused at step ${event.step}.`;
    case 'continued':
      return `Continued at step ${event.step}.`;
    case 'batch':
    case 'checkpoint':
    case 'done':
    case 'failed':
      return null;
  }
}

/** The scores that a task has, by name. */
const measures = (scores: Scores): [string, number | null][] => {
  const all: [string, number | null][] = [
    ['loss', scores.loss],
    ['accuracy', scores.accuracy],
    ['perplexity', scores.perplexity],
    ['MAE', scores.meanAbsoluteError],
    ['RMSE', scores.rootMeanSquaredError],
    ['persistence MAE', scores.persistenceMeanAbsoluteError],
  ];
  return all.filter(([name, value]) => name === 'loss' || value !== null);
};

function epochLine({ epoch, train, validation, bestEpoch, elapsed }: EpochRecord): string {
  const part = (name: string, scores: Scores): string =>
    `${name} ${measures(scores)
      .filter(([measure]) => measure !== 'persistence MAE')
      .map(([measure, value]) => `${measure} ${score(value)}`)
      .join(', ')}`;
  const parts = [part('train', train)];
  if (validation !== null) parts.push(part('validation', validation));
  const best = bestEpoch === epoch ? '  (best)' : '';
  return `epoch ${epoch}  ${parts.join('  |  ')}  |  ${duration(elapsed)}${best}`;
}

const reasons = {
  completed: 'all epochs trained',
  'early-stopping': 'stopped early: no gain any more',
  stopped: 'stopped by you; --resume goes on',
} as const;

/** The final table, on stdout. */
export function printSummary(summary: RunSummary, entry: RunEntry): void {
  const { train, validation, test } = summary;
  const parts: [string, Scores][] = [['train', train]];
  if (validation !== null) parts.push(['validation', validation]);
  if (test !== null) parts.push(['test', test]);
  const names = [...new Set(parts.flatMap(([, scores]) => measures(scores).map(([name]) => name)))];
  const rows = parts.map(([part, scores]) => {
    const values = new Map(measures(scores));
    return [part, ...names.map((name) => score(values.get(name)))];
  });
  printResult(table([['', ...names], ...rows], [1, 2, 3, 4, 5, 6]));
  const best = summary.bestEpoch === null ? '' : `, best ${summary.bestEpoch}`;
  printResult(
    `${reasons[summary.reason]}: ${summary.epochs} epochs${best}, ${duration(summary.seconds)} on ${summary.device}, ${summary.parameters.toLocaleString('en')} parameters`,
  );
  printResult(`run ${entry.id} in ${entry.folder}`);
}
