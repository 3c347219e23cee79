import { describe, expect, it } from 'vitest';
import { analyze } from './analyze.js';
import { canConnect } from './connect.js';
import type { ProjectDocument } from './document.js';
import { applyEdits } from './edits.js';
import { draw, sampleFacts, wire } from './samples.js';

const all = { output: 'all steps' };
/** Blocks of every kind, with only the first few wires drawn. */
const sketch = draw(
  'classification',
  {
    input: 'tokens-input',
    embedding: 'embedding',
    lstm: ['lstm', { units: 8 }],
    other: ['lstm', { units: 4 }],
    gru: ['gru', all],
    dense: 'dense',
    perStep: 'time-distributed-dense',
    add: 'add',
    attention: ['attention', { score: 'dot' }],
    head: 'classify',
  },
  ['input > embedding', 'embedding > lstm', 'embedding > gru', 'lstm > add'],
);

const end = (text: string) => {
  const [node = '', port = ''] = text.split('.');
  return { node, port };
};
const verdict = (document: ProjectDocument, from: string, to: string) =>
  canConnect(document, analyze(document, sampleFacts('classification')), end(from), end(to));

describe('canConnect', () => {
  it.each([
    ['embedding.out', 'other.in'],
    ['lstm.out', 'dense.in'],
    ['gru.out', 'perStep.in'],
    ['gru.out', 'attention.memory'],
    ['dense.out', 'head.in'],
    ['lstm.out', 'attention.query'],
  ])('takes %s into %s', (from, to) => {
    expect(verdict(sketch, from, to)).toEqual({ ok: true });
  });

  it('takes what is not known yet by what the ports could give', () => {
    expect(verdict(sketch, 'perStep.out', 'other.in')).toEqual({ ok: true });
    expect(verdict(sketch, 'perStep.out', 'dense.in')).toMatchObject({
      reason: '"Vector" takes a vector, not a sequence.',
    });
  });

  it.each([
    ['lstm.out', 'lstm.in', 'A block can not feed itself.'],
    ['add.out', 'lstm.in', 'That would make a circle.'],
    ['gru.out', 'lstm.in', '"Sequence" of LSTM is connected already.'],
    ['embedding.out', 'lstm.in', 'These ports are connected already.'],
    ['lstm.out', 'add.in', 'These ports are connected already.'],
    ['input.out', 'other.in', '"Sequence" takes a sequence, but gets token ids (B × 40).'],
    ['gru.state', 'dense.in', '"Vector" takes a vector, but gets a state (1 × B × 64).'],
    ['lstm.state', 'other.state', 'The initial state is a LSTM state, units 8'],
    ['gru.state', 'other.state', 'The initial state is a GRU state'],
    ['gru.out', 'add.in', 'Sequences and vectors can not be joined'],
    ['lstm.nothing', 'dense.in', 'There is no such port.'],
    ['lstm.out', 'nobody.in', 'There is no such port.'],
    ['dense.out', 'embedding.out', 'There is no such port.'],
  ])('refuses %s into %s: %s', (from, to, reason) => {
    expect(verdict(sketch, from, to)).toMatchObject({
      ok: false,
      reason: expect.stringContaining(reason),
    });
  });

  it.each([
    ['lstm.out', 'perStep.in', ['Return all steps', 'Use Dense']],
    [
      'gru.out',
      'dense.in',
      [
        'Return the last step',
        'Insert Last step',
        'Insert Pool over time',
        'Use Time-distributed dense',
      ],
    ],
    ['input.out', 'other.in', ['Insert Embedding']],
  ])('offers for %s into %s fixes that connect them', (from, to, labels) => {
    const answer = verdict(sketch, from, to);
    const fixes = answer.ok ? [] : answer.fixes;
    expect(fixes.map(({ label }) => label)).toEqual(labels);
    for (const { edits } of fixes) {
      const { document, inverse } = applyEdits(sketch, edits);
      const { problems, edges } = analyze(document, sampleFacts('classification'));
      expect(problems.filter(({ edge }) => edge !== null)).toEqual([]);
      const arriving = document.graph.edges.filter(
        ({ target }) => target.node === end(to).node && target.port === end(to).port,
      );
      expect(arriving.map(({ id }) => edges[id] ?? null)).toEqual([expect.anything()]);
      expect(applyEdits(document, inverse).document).toEqual(sketch);
    }
  });

  it('offers the additive score for a query that has other features than the memory', () => {
    const document = wire(sketch, 'gru > attention.memory');
    const answer = verdict(document, 'lstm.out', 'attention.query');
    expect(answer).toMatchObject({ ok: false, fixes: [{ label: 'Use additive score' }] });
    const { edits } = answer.ok ? { edits: [] } : answer.fixes[0]!;
    const fixed = applyEdits(document, edits).document;
    expect(
      analyze(fixed, sampleFacts('classification')).nodes['attention']?.outputs['out'],
    ).toEqual({ kind: 'vector', features: 64 });
  });
});
