/** `npm run bench`: verifies every subject on every case, then times those that passed. */
import { writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Arrays } from './arrays.js';
import { flopsOf, operationCases, recurrentCases, trainingExamples } from './cases.js';
import type { Spec } from './cases.js';
import { chart } from './chart.js';
import { operationInputs, trainingCase } from './inputs.js';
import { machineLines, machineOf, measurePeaks } from './machine.js';
import { readOptions } from './options.js';
import { caseReport, packingLines, scalingLines, table } from './report.js';
import type { Report } from './report.js';
import { fitScaling } from './scaling.js';
import type { Fit } from './scaling.js';
import { Session } from './session.js';
import type { CaseOutcome, Effort } from './session.js';
import { findSubjects } from './subjects.js';
import type { SubjectInfo } from './subjects.js';

/** Work that a subject in plain JavaScript, or on an imitated GPU, gets unasked. */
const slowGflop = 0.7;
/** A quick run's cases. */
const quickGflop = 0.7;

const thorough: Effort = { rounds: 15, sample: 40, budget: 20_000, limit: 300 };
const quick: Effort = { rounds: 5, sample: 10, budget: 2000, limit: 60 };

const options = readOptions(process.argv.slice(2));
const say = (line: string): void => console.error(line);

const session = new Session(
  {
    ...(options.quick ? quick : thorough),
    ...(options.rounds === null ? {} : { rounds: options.rounds }),
  },
  say,
);
process.on('exit', () => session.close());
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const matches = (id: string, wanted: readonly string[]): boolean =>
  wanted.length === 0 || wanted.some((text) => id.includes(text));

const everybody = await findSubjects({ folder: session.folder, node: options.node });
const subjects = everybody.filter(({ id }) => matches(id, options.subjects));
/** Verifies what the reference is too slow for; takes part even where it isn't timed. */
const torch = everybody.find(({ family, processor }) => family === 'torch' && processor === 'cpu');
const examples = examplesFolder();
const specs = recurrentCases(options.variant).filter(
  (spec) =>
    matches(spec.id, options.cases) &&
    (options.cases.length > 0 || !spec.id.endsWith('-tiny')) &&
    (!options.quick || options.cases.length > 0 || flopsOf(spec) / 1e9 <= quickGflop),
);
const trained = trainingExamples.filter(
  (example) => examples !== null && matches(`model-${example}`, options.cases),
);

if (options.list) {
  for (const { id } of [...recurrentCases(options.variant), ...operationCases]) console.log(id);
  for (const example of trainingExamples) console.log(`model-${example}`);
  console.log('');
  for (const { id, label } of everybody) console.log(`${id}  (${label})`);
  process.exit(0);
}
if (subjects.length === 0) fail('No subject matches; --list names them.');
const operations = operationCases.filter(({ id }) => matches(id, options.cases));
if (specs.length + operations.length + trained.length === 0)
  fail('No case matches; --list names them.');

const scaling: Fit[] = [];
const outcomes: CaseOutcome[] = [];
// At the start and at the end: on a busy machine one of them is too low.
const peaks = options.scaling ? [] : await measurePeaks(session, subjects);

if (options.scaling) {
  for (const subject of subjects.filter(({ family, slow }) => family === 'ours' && !slow))
    scaling.push(...(await fitScaling(session, subject, options.variant, options.quick, say)));
} else {
  for (const spec of specs) await runCase(spec, null);
  for (const spec of operations) await runCase(spec, operationInputs(spec));
  for (const example of trained) {
    const { spec, inputs } = await trainingCase(example, join(examples!, `${example}.unroll.json`));
    await runCase(spec, inputs);
  }
}

if (!options.scaling) peaks.push(...(await measurePeaks(session, subjects)));
const machine = machineOf(peaks);
const cases = outcomes.map((outcome) => caseReport(outcome, machine));
const report: Report = {
  date: new Date().toISOString(),
  machine,
  subjects: Object.fromEntries(session.names),
  cases,
  scaling,
};
const text = [
  machineLines(machine).join('\n'),
  ...cases.map(table),
  packingLines(cases).join('\n'),
  scalingLines(scaling).join('\n'),
].filter((part) => part !== '');
if (options.json === '-') console.log(JSON.stringify(report));
else console.log(`\n${text.join('\n\n')}`);
if (options.json !== null && options.json !== '-')
  await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
if (options.chart !== null) await writeFile(options.chart, chart(report));

// Wrong numbers are a failure of what is measured here, whatever the speed.
const wrong = cases.some(({ rows }) =>
  rows.some(({ family, status }) => family === 'ours' && status === 'wrong'),
);
process.exit(wrong ? 1 : 0);

async function runCase(spec: Spec, inputs: Arrays | null): Promise<void> {
  say(`\n${spec.id}`);
  const able = subjects.filter((subject) => suits(subject, spec));
  if (able.length === 0) return;
  outcomes.push(await session.run(spec, inputs, able, torch ?? null));
}

function suits(subject: SubjectInfo, spec: Spec): boolean {
  if (!subject.slow || options.subjects.some((text) => subject.id.includes(text))) return true;
  return spec.kind === 'recurrent' && flopsOf(spec) / 1e9 <= slowGflop;
}

/** In the source tree, above the bundle; null in the packed benchmark. */
function examplesFolder(): string | null {
  const here = dirname(fileURLToPath(import.meta.url));
  for (let folder = here; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'resources', 'examples');
    if (existsSync(candidate)) return candidate;
  }
  return null;
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
