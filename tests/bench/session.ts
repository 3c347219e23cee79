/** One sitting: subjects' processes, what each case must give, and alternating rounds of timing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { floats, readArrays, writeArrays } from './arrays.js';
import type { Arrays } from './arrays.js';
import { recurrentSpec } from './cases.js';
import type { OperationSpec, RecurrentSpec, Spec, TrainingSpec } from './cases.js';
import { Child } from './child.js';
import { compare, expectFromReference, referenceIsQuick } from './expected.js';
import type { Expected } from './expected.js';
import { recurrentInputs } from './inputs.js';
import { plainCase } from './plain.js';
import type { SubjectInfo } from './subjects.js';

export interface Effort {
  /** Timed samples of each subject, at most. */
  rounds: number;
  /** Milliseconds that one sample takes at least, by repeating. */
  sample: number;
  /** Milliseconds that a subject may take for one case; at least three samples are taken. */
  budget: number;
  /** Seconds after which a subject that still computes its first result is given up. */
  limit: number;
}

export type Outcome =
  | {
      status: 'timed';
      /** Milliseconds of one iteration, one number a round. */
      samples: number[];
      difference: number;
    }
  | { status: 'unsupported'; reason: string }
  /** Its numbers are wrong: not timed. */
  | { status: 'wrong'; difference: number; where: string }
  | { status: 'failed'; reason: string };

export interface CaseOutcome {
  spec: Spec;
  verifiedBy: string;
  /** In the order in which the subjects were given. */
  outcomes: [SubjectInfo, Outcome][];
}

/** Lets the threads of the one before fall asleep. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

export class Session {
  /** For programs and arrays; goes with the session. */
  readonly folder = mkdtempSync(join(tmpdir(), 'unroll-bench-'));
  private readonly children = new Map<string, Child>();
  readonly names = new Map<string, { name: string; version: string }>();
  private readonly trusted = new Map<string, boolean>();

  constructor(
    private readonly effort: Effort,
    private readonly say: (line: string) => void,
  ) {}

  close(): void {
    for (const child of this.children.values()) child.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Verifies every subject on the case, then times those that passed in alternating rounds. */
  async run(
    spec: Spec,
    /** Null for recurrent cases, whose inputs depend on what they are verified with. */
    inputs: Arrays | null,
    subjects: readonly SubjectInfo[],
    torch: SubjectInfo | null,
  ): Promise<CaseOutcome> {
    const outcomes = new Map<SubjectInfo, Outcome>();
    const expected =
      spec.kind === 'recurrent'
        ? await this.expectRecurrent(spec, torch)
        : await this.expectFromTorch(spec, inputs ?? {}, torch);
    if (expected === null) {
      const reason = 'PyTorch, which this case is verified with, is not there';
      const failed = subjects.map((one): [SubjectInfo, Outcome] => [
        one,
        { status: 'failed', reason },
      ]);
      return { spec, verifiedBy: 'nothing', outcomes: failed };
    }

    const plain =
      spec.kind === 'training' && subjects.some(({ family }) => family === 'stock')
        ? await this.expectPlain(spec, inputs ?? {}, torch)
        : null;

    const passed: { subject: SubjectInfo; child: Child; difference: number }[] = [];
    for (const subject of subjects) {
      const verified =
        subject.family === 'stock' && plain !== null
          ? await this.verify(subject, plain.spec, plain.expected)
          : await this.verify(subject, spec, expected);
      if (typeof verified === 'number') {
        const child = this.children.get(subject.id)!;
        passed.push({ subject, child, difference: verified });
        this.say(`  ${subject.label}: largest difference ${verified.toExponential(1)}`);
      } else {
        outcomes.set(subject, verified);
        if (verified.status === 'wrong') {
          const { difference, where } = verified;
          this.say(`  ${subject.label}: WRONG by ${difference.toExponential(1)} in ${where}`);
        } else
          this.say(`  ${subject.label}: ${verified.status}, ${verified.reason.split('\n')[0]}`);
      }
    }

    const lanes = [];
    for (const { subject, child, difference } of passed) {
      const plan = await this.plan(child, spec);
      if (plan === null) outcomes.set(subject, { status: 'failed', reason: 'failed while timed' });
      else lanes.push({ subject, child, difference, plan, samples: [] as number[] });
    }
    for (let round = 0; round < this.effort.rounds; round++) {
      for (const lane of lanes) {
        if (round >= lane.plan.rounds) continue;
        await pause();
        const { iterations, warmUp } = lane.plan;
        if (warmUp > 0) await this.time(lane.child, warmUp);
        const milliseconds = await this.time(lane.child, iterations);
        if (milliseconds !== null) lane.samples.push(milliseconds);
      }
    }
    for (const { subject, child, difference, samples } of lanes) {
      await child.ask({ ask: 'release' }, 60);
      outcomes.set(
        subject,
        samples.length > 0
          ? { status: 'timed', samples, difference }
          : { status: 'failed', reason: 'failed while timed' },
      );
    }
    const ordered = subjects.map((one): [SubjectInfo, Outcome] => [one, outcomes.get(one)!]);
    return { spec, verifiedBy: expected.by, outcomes: ordered };
  }

  /** GFLOP/s of a square matrix product, the best of six; null where the subject doesn't open. */
  async matmul(subject: SubjectInfo, size: number): Promise<number | null> {
    const child = await this.open(subject);
    if (!(child instanceof Child)) return null;
    const answer = await child.ask({ ask: 'matmul', size }, this.effort.limit);
    return answer.answer === 'speed' ? answer.gflops : null;
  }

  /**
   * The least time of an iteration, and the bytes that the process grew by, on one case in a process of
   * its own. Verified as any.
   */
  async probe(
    subject: SubjectInfo,
    spec: RecurrentSpec,
    samples: number,
  ): Promise<{ milliseconds: number; bytes: number } | null> {
    const own: SubjectInfo = { ...subject, id: `${subject.id}#${spec.id}` };
    const tiny = recurrentSpec(spec.variant, spec.pass, {
      batch: 8,
      timeSteps: 2,
      features: 8,
      units: 8,
    });
    try {
      // What code and libraries take does not grow with the case.
      if (typeof (await this.verify(own, tiny, expectFromReference(tiny))) !== 'number')
        return null;
      const child = this.children.get(own.id)!;
      const before = await this.memory(child);
      const expected = expectFromReference(spec);
      if (typeof (await this.verify(own, spec, expected)) !== 'number') return null;
      const times: number[] = [];
      for (let i = 0; i < samples; i++) {
        const milliseconds = await this.time(child, 1);
        if (milliseconds !== null) times.push(milliseconds);
      }
      const bytes = (await this.memory(child)) - before;
      return times.length === 0 ? null : { milliseconds: Math.min(...times), bytes };
    } finally {
      this.children.get(own.id)?.close();
      this.children.delete(own.id);
    }
  }

  private async memory(child: Child): Promise<number> {
    const answer = await child.ask({ ask: 'memory' }, 10);
    return answer.answer === 'bytes' ? answer.bytes : 0;
  }

  /** Times one iteration twice and decides how many make a sample, and how many samples there are. */
  private async plan(
    child: Child,
    spec: Spec,
  ): Promise<{ iterations: number; rounds: number; warmUp: number } | null> {
    // A training case goes through all its batches in one iteration count.
    const unit = spec.kind === 'training' ? spec.batches.length : 1;
    const { rounds, sample, budget } = this.effort;
    const first = await this.time(child, unit);
    const second = first !== null && first > 2000 ? first : await this.time(child, unit);
    if (first === null || second === null) return null;
    const once = Math.max(1e-3, Math.min(first, second)) * unit;
    const repeats = Math.min(5000, Math.max(1, Math.ceil(sample / once)));
    const fit = Math.floor(budget / (once * repeats));
    return {
      iterations: repeats * unit,
      rounds: Math.min(rounds, Math.max(3, fit)),
      warmUp: once < 300 ? Math.min(repeats, 3) * unit : 0,
    };
  }

  private async time(child: Child, iterations: number): Promise<number | null> {
    const answer = await child.ask({ ask: 'time', iterations }, this.effort.limit);
    if (answer.answer === 'timed') return answer.milliseconds;
    if (answer.answer === 'failed') this.say(`  ${answer.message}`);
    return null;
  }

  private async open(subject: SubjectInfo): Promise<Child | Outcome> {
    const open = this.children.get(subject.id);
    if (open?.alive === true) return open;
    const child = new Child(subject.command);
    const { threads } = subject;
    const id = subject.id.replace(/[@#].*/, '');
    const answer = await child.ask({ ask: 'open', subject: id, threads }, 120);
    if (answer.answer === 'opened') {
      this.children.set(subject.id, child);
      this.names.set(subject.id, { name: answer.name, version: answer.version });
      return child;
    }
    child.close();
    if (answer.answer === 'unsupported') return { status: 'unsupported', reason: answer.reason };
    const reason = answer.answer === 'failed' ? answer.message : 'answered nonsense';
    return { status: 'failed', reason };
  }

  /** The subject's results, or why there are none. */
  private async compute(
    subject: SubjectInfo,
    spec: Spec,
    inputs: Arrays,
    double: boolean,
  ): Promise<Arrays | Outcome> {
    const child = await this.open(subject);
    if (!(child instanceof Child)) return child;
    const paths = { inputs: join(this.folder, 'inputs'), outputs: join(this.folder, 'outputs') };
    await writeArrays(paths.inputs, inputs);
    const answer = await child.ask({ ask: 'prepare', spec, ...paths, double }, this.effort.limit);
    if (answer.answer === 'done') return readArrays(paths.outputs);
    if (answer.answer === 'unsupported') return { status: 'unsupported', reason: answer.reason };
    const reason = answer.answer === 'failed' ? answer.message : 'answered nonsense';
    return { status: 'failed', reason };
  }

  private async verify(
    subject: SubjectInfo,
    spec: Spec,
    expected: Expected,
  ): Promise<number | Exclude<Outcome, { status: 'timed' }>> {
    const actual = await this.compute(subject, spec, expected.inputs, false);
    if (isOutcome(actual)) {
      if (actual.status === 'timed') throw new Error('unreachable: nothing was timed');
      return actual;
    }
    const batch = spec.kind === 'recurrent' ? spec.batch : 1;
    const [difference, where] = compare(actual, expected, batch);
    return difference <= subject.tolerance ? difference : { status: 'wrong', difference, where };
  }

  private async expectRecurrent(spec: RecurrentSpec, torch: SubjectInfo | null): Promise<Expected> {
    if (torch === null || referenceIsQuick(spec) || !(await this.isTrusted(torch, spec)))
      return expectFromReference(spec);
    const inputs = recurrentInputs(spec, null);
    const results = await this.compute(torch, spec, inputs, true);
    if (isOutcome(results)) return expectFromReference(spec);
    return { by: 'PyTorch in float64', inputs, results, rows: null };
  }

  /** Whether PyTorch in float64 agrees with the reference on a small layer of this kind. */
  private async isTrusted(torch: SubjectInfo, spec: RecurrentSpec): Promise<boolean> {
    const key = `${spec.variant} ${spec.pass} ${spec.lengths !== null}`;
    const known = this.trusted.get(key);
    if (known !== undefined) return known;
    const small: RecurrentSpec = {
      ...spec,
      batch: 5,
      timeSteps: Math.min(7, spec.timeSteps),
      features: 6,
      units: 9,
      lengths: spec.lengths && [7, 3, 5, 1, 6],
    };
    const expected = expectFromReference(small);
    const results = await this.compute(torch, small, expected.inputs, true);
    const trusted = !isOutcome(results) && compare(results, expected, small.batch)[0] < 1e-6;
    this.trusted.set(key, trusted);
    return trusted;
  }

  private async expectFromTorch(
    spec: TrainingSpec | OperationSpec,
    inputs: Arrays,
    torch: SubjectInfo | null,
  ): Promise<Expected | null> {
    if (torch === null) return null;
    const results = await this.compute(torch, spec, inputs, true);
    if (!isOutcome(results)) return { by: 'PyTorch in float64', inputs, results, rows: null };
    if ('reason' in results) this.say(`  PyTorch in float64: ${results.reason}`);
    return null;
  }

  /** What tf.layers is compared with: the losses of a few steps, which depend on the gradients before. */
  private async expectPlain(
    spec: TrainingSpec,
    inputs: Arrays,
    torch: SubjectInfo | null,
  ): Promise<{ spec: TrainingSpec; expected: Expected } | null> {
    const plain = plainCase(spec, inputs);
    const expected = await this.expectFromTorch(plain.spec, plain.inputs, torch);
    if (expected === null) return null;
    const losses = floats(expected.results, 'losses');
    return { spec: plain.spec, expected: { ...expected, results: { losses } } };
  }
}

function isOutcome(value: Arrays | Outcome): value is Outcome {
  return typeof value['status'] === 'string';
}
