/** `unroll predict`: asks a trained run. */
import { resolve } from 'node:path';
import { StudioError } from '#shared/errors';
import type { ProjectDocument } from '#shared/graph/document';
import type { DeviceChoice } from '#shared/ipc/devices';
import type { Prediction, PredictionRequest } from '#shared/run/prediction';
import { readRecord, readRunDocument } from '../run-record.js';
import { exitCodes } from './exit-codes.js';
import { CommandEnd, failingAs, printJson, printResult, score, table } from './output.js';
import { readSeries } from './series.js';
import { findRun, withEngine } from './session.js';

export interface PredictOptions {
  text?: string;
  series?: string;
  length: number;
  temperature: number;
  topK?: number;
  topP: number;
  seed: number;
  device: DeviceChoice;
  json?: boolean;
  workspace?: string;
}

export async function predict(run: string, options: PredictOptions): Promise<number> {
  const folder = findRun(run, options.workspace);
  const { record, input } = await failingAs('badProject', async () => {
    const record = await readRecord(folder);
    const document = await readRunDocument(folder);
    return { record, input: await inputOf(document, options) };
  });
  const { length, temperature, topK = null, topP, seed, device } = options;
  const { baseFolder } = record;
  const request: PredictionRequest = {
    input,
    length,
    horizon: null,
    temperature,
    topK,
    topP,
    seed,
  };
  const prediction = await withEngine((engine) =>
    failingAs('badProject', () =>
      engine.request('run.predict', { folder, baseFolder, device, request }),
    ),
  );
  if (options.json === true) printJson(prediction);
  else printResult(describe(prediction, options));
  return exitCodes.ok.code;
}

async function inputOf(
  document: ProjectDocument,
  { text, series }: PredictOptions,
): Promise<PredictionRequest['input']> {
  const { data } = document;
  const wanted = data.task === 'forecast' ? '--series FILE.csv' : '--text "…"';
  if (
    data.task === 'forecast'
      ? series === undefined || text !== undefined
      : text === undefined || series !== undefined
  ) {
    throw new CommandEnd(
      'usage',
      new StudioError('wrong-input', `"${document.name}" (${data.task}) takes ${wanted}.`),
    );
  }
  if (data.task === 'forecast')
    return { kind: 'series', rows: await readSeries(resolve(series ?? ''), data) };
  return { kind: 'text', text: text ?? '' };
}

const percent = (probability: number): string => `${(probability * 100).toFixed(1)} %`;

/** Tokens that would break the line, as they are written in code. */
const visible = (token: string): string =>
  /^\s*$/.test(token) || /[\n\r\t]/.test(token) ? JSON.stringify(token) : token;

function describe(prediction: Prediction, { text = '', length }: PredictOptions): string {
  const ranked = (list: { label: string; probability: number }[], most: number): string =>
    table(
      list.slice(0, most).map(({ label, probability }) => [visible(label), percent(probability)]),
      [1],
    );
  switch (prediction.kind) {
    case 'classification':
      return ranked(prediction.ranked, 10);
    case 'next-token':
      return length > 0 ? `${text}${prediction.generated}` : ranked(prediction.next, 10);
    case 'tagging':
      return table(
        prediction.tags.map(({ label, probability }, i) => [
          prediction.tokens[i] ?? '',
          label,
          percent(probability),
        ]),
        [2],
      );
    case 'forecast':
      return table(
        [
          ['step', ...prediction.targets],
          ...prediction.values.map((row, i) => [`+${i + 1}`, ...row.map(score)]),
        ],
        prediction.targets.map((_, i) => i + 1),
      );
  }
}
