/** A run's report: what its folder tells, what its data tell, and what the network says of its test part. */
import { readFile } from 'node:fs/promises';
import { cpus, release, totalmem, type } from 'node:os';
import { dirname, join } from 'node:path';
import { version_core } from '@tensorflow/tfjs-core';
import { generateReport } from '#shared/codegen/report/index';
import type { Environment, ReportInput } from '#shared/codegen/report/types';
import { dataFactsSchema } from '#shared/data/facts';
import { toWireError } from '#shared/errors';
import { runEventSchema, type RunEvent } from '#shared/run/events';
import { addRecord, type RunRecords } from '#shared/run/records';
import { compile } from '../compile/model.js';
import { previewOf, type Prepared } from '../data/index.js';
import { readRun } from '../predict/load.js';
import { makeFolder, writeWhole } from '../train/files.js';
import { stored, type ExportRunOptions } from './export-run.js';
import { testResults } from './test-results.js';

export interface ExportReportOptions extends Omit<ExportRunOptions, 'target' | 'data'> {
  /** The run's data with what the Data view shows of them; may throw where they are gone. */
  data: () => Promise<Prepared>;
}

/** @returns what the report lacks and why. @throws StudioError as `exportRun`. */
export async function exportReport(options: ExportReportOptions): Promise<string[]> {
  const { folder, out, document, run, device } = options;
  const { program, preprocessing, weights } = await readRun(folder);
  const { prepared, warnings } = await readableData(options, JSON.stringify(preprocessing));
  const facts =
    (await stored(folder, 'facts.json', dataFactsSchema)) ??
    (prepared ?? (await options.data())).data.facts;
  const { records, started, summary } = await readEvents(folder);
  const model = compile(program, device, weights);
  try {
    const input: ReportInput = {
      document,
      facts,
      preprocessing,
      loss: program.head.loss,
      run: { id: run.id, created: run.created, studioVersion: run.studio_version },
      started,
      summary,
      records,
      data: prepared === null ? null : previewOf(prepared, document.training.batchSize),
      results:
        prepared === null ? null : await testResults({ model, preprocessing }, prepared.data),
      environment: environment(),
    };
    for (const { path, text } of generateReport(input)) {
      await makeFolder(dirname(join(out, path)));
      await writeWhole(join(out, path), text);
    }
  } finally {
    model.dispose();
  }
  return warnings;
}

/** The data as the run had them; null where they are gone or have changed. */
async function readableData(
  { data }: ExportReportOptions,
  preprocessing: string,
): Promise<{ prepared: Prepared | null; warnings: string[] }> {
  const without = 'The report has no data card and no results of single rows';
  try {
    const prepared = await data();
    if (JSON.stringify(prepared.data.preprocessing) === preprocessing)
      return { prepared, warnings: [] };
    return {
      prepared: null,
      warnings: [`${without}: the data changed since the run was trained.`],
    };
  } catch (error) {
    const { code, message } = toWireError(error);
    if (code === 'internal') throw error;
    return { prepared: null, warnings: [`${without}: the data can't be read. ${message}`] };
  }
}

type Started = Extract<RunEvent, { type: 'started' }>;
type Summary = Extract<RunEvent, { type: 'done' }>['summary'];

/** A line that was torn by a crash is left out. */
async function readEvents(
  folder: string,
): Promise<{ records: RunRecords; started: Started | null; summary: Summary | null }> {
  const text = await readFile(join(folder, 'log.jsonl'), 'utf8').catch(() => '');
  const records: RunRecords = { batches: [], epochs: [] };
  let started: Started | null = null;
  let summary: Summary | null = null;
  for (const line of text.split('\n')) {
    const event = parsed(line);
    if (event === null) continue;
    addRecord(records, event);
    if (event.type === 'started') {
      started = event;
      summary = null;
    }
    if (event.type === 'done') summary = event.summary;
  }
  return { records, started, summary };
}

function parsed(line: string): RunEvent | null {
  try {
    return runEventSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

function environment(): Environment {
  const processors = cpus();
  return {
    system: `${type()} ${release()}, ${process.arch}`,
    processor: processors[0]?.model.trim() || 'unknown processor',
    cores: processors.length,
    memoryBytes: totalmem(),
    node: process.versions.node,
    tensorflowJs: version_core,
    date: new Date().toISOString(),
  };
}
