/** What the interop tests of exports stand on: folders that Python reads as they were meant. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CodegenInput, GeneratedExport } from '#shared/codegen/types';
import { asIs } from '#shared/codegen/weights';
import { decodeSafetensors } from '../../../src/main/engine/export/safetensors.js';
import { encodeText, encodeSeries } from '../../../src/main/engine/data/encode.js';
import { exportFixture, gradientStepFixture } from './export-fixture.js';
import { allFixtures, fixtureNamed, preprocessingOf } from './fixtures.js';
import type { Fixture } from './fixtures.js';
import { runPython } from './run-python.js';

let folder: string;
let fixtures: Fixture[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unroll-export-'));
  fixtures = await allFixtures();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const named = (name: string): Fixture => fixtureNamed(fixtures, name);

/** A target that keeps our parameters as they are, in every format. */
const plain = ({ program }: CodegenInput): GeneratedExport => ({
  files: [{ path: 'deep/note.txt', language: 'text', text: 'grüße\n', spans: [] }],
  weights: (['safetensors', 'h5', 'raw'] as const).map((format) => ({
    path: `weights.${format}`,
    format,
    tensors: program.parameters.map(({ id }) => asIs(program, id, id)),
  })),
});

const read = async (...path: string[]) => decodeSafetensors(await readFile(join(folder, ...path)));

describe('an export folder', () => {
  test('holds every weight in every format, and Python reads the same numbers', async () => {
    const at = join(folder, 'lstm');
    await exportFixture(named('lstm-0'), plain, at, { rows: 4 });
    expect(await readFile(join(at, 'deep', 'note.txt'), 'utf8')).toBe('grüße\n');
    const script = `
import sys
import h5py, numpy
from safetensors.numpy import load_file
ours = load_file('weights.safetensors')
other = h5py.File('weights.h5')
raw = numpy.fromfile('weights.raw', '<f4')
for name, values in ours.items():
    assert (other[name][:] == values).all(), name
flat = numpy.concatenate([v.ravel() for v in ours.values()])
assert sorted(flat.tolist()) == sorted(raw.tolist())
recorded = load_file('recorded.safetensors')
print(len(ours), {k: v.shape for k, v in recorded.items()}, recorded['lengths'].tolist())
`;
    const { status, stdout, stderr } = runPython('-c', [script], { framework: 'keras', cwd: at });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout.trim()).toMatch(/^\d+ \{.*'ids': \(4, 12\).*\} \[12, 1, 2, \d+\]$/);
  });

  test.each(['sentiment-bilstm', 'char-language-model', 'weather-forecast'])(
    '%s: inputs, treated as preprocessing.json says, are the recorded rows',
    async (name) => {
      const given = named(name);
      await exportFixture(given, plain, join(folder, name), { rows: 8 });
      const recorded = await read(name, 'recorded.safetensors');
      const text = await readFile(join(folder, name, 'recorded.json'), 'utf8');
      const { inputs, rows, generated } = JSON.parse(text);
      expect(rows).toBe(8);
      const preprocessing = preprocessingOf(given);
      const lengths = recorded.get('lengths')!.values;
      inputs.forEach((input: { text?: string; rows?: number[][] }, row: number) => {
        const values =
          input.text === undefined
            ? encodeSeries(preprocessing, input.rows ?? [])
            : encodeText(preprocessing, input.text).ids;
        const { shape, values: all } = recorded.get('ids') ?? recorded.get('features')!;
        const width = all.length / shape[0]!;
        const real = (width / 12) * lengths[row]!;
        expect(Array.from(all.slice(row * width, row * width + real))).toEqual(Array.from(values));
      });
      expect(recorded.get('outputs')!.values.every(Number.isFinite)).toBe(true);
      if (name === 'char-language-model') expect(generated.ids).toHaveLength(50);
      else expect(generated).toBeNull();
    },
  );
});

test.each(['gru-0', 'classify-each-step-0', 'next-token-0', 'weather-forecast'])(
  '%s: a training step changes weights and says its loss',
  async (name) => {
    const at = join(folder, `step of ${name}`);
    await gradientStepFixture(named(name), plain, at);
    const { loss, penalty } = JSON.parse(await readFile(join(at, 'step', 'step.json'), 'utf8'));
    expect(loss).toBeGreaterThan(0);
    expect(penalty > 0).toBe(name === 'gru-0');
    const before = await read(`step of ${name}`, 'weights.safetensors');
    const after = await read(`step of ${name}`, 'step', 'weights.safetensors');
    for (const [id, { values }] of before) expect(after.get(id)?.values).not.toEqual(values);
    expect(existsSync(join(at, 'step', 'weights.h5'))).toBe(true);
  },
);
