import { describe, expect, it } from 'vitest';
import { analyze } from './analyze.js';
import { gatedCellOf, simpleName, swapCells } from './cell-swap.js';
import type { ProjectDocument } from './document.js';
import { chain, draw, sampleFacts } from './samples.js';

function swap(document: ProjectDocument) {
  const result = swapCells(document);
  if (!result.possible) throw new Error(result.reason);
  return result;
}
const cells = (document: ProjectDocument) => document.graph.nodes.map(gatedCellOf);
const errors = (document: ProjectDocument) =>
  analyze(document, sampleFacts('classification')).problems.filter((p) => p.severity === 'error');

describe('the network with the other cell', () => {
  const lstm = chain('classification', [
    'embedding',
    ['lstm', { units: 12, output: 'all steps', direction: 'backward', l2: 0.1 }],
    ['stacked-rnn', { cell: 'lstm', units: [8, 2] }],
  ]);

  it('has every LSTM as a GRU with the same settings, ids and wires, and trains', () => {
    const { document, from, to, blocks } = swap(lstm);
    expect([from, to]).toEqual(['lstm', 'gru']);
    expect(blocks).toEqual(['LSTM', 'Stacked RNN']);
    expect(cells(document)).toEqual([null, null, 'gru', 'gru', null]);
    expect(document.graph.edges).toEqual(lstm.graph.edges);
    expect(document.graph.nodes[2]).toMatchObject({
      id: 'lstm_1',
      block: 'gru',
      name: 'GRU',
      params: { units: 12, output: 'all steps', direction: 'backward', l2: 0.1, resetAfter: true },
    });
    expect(errors(document)).toEqual([]);
    expect({ ...document, name: '', graph: 0 }).toEqual({ ...lstm, name: '', graph: 0 });
  });

  it('swapped twice is the network again', () => {
    const there = swap(lstm).document;
    const back = swap(there).document;
    expect(cells(back)).toEqual(cells(lstm));
    expect(back.graph.nodes.map(({ block }) => block)).toEqual(
      lstm.graph.nodes.map(({ block }) => block),
    );
    expect(errors(back)).toEqual([]);
  });

  it('takes a bidirectional block by its default cell, and an encoder with its decoder', () => {
    const both = draw(
      'classification',
      {
        input: 'tokens-input',
        embed: 'embedding',
        encoder: ['lstm', { units: 8 }],
        decoder: ['lstm', { units: 8, output: 'all steps' }],
        two: 'bidirectional',
        head: 'classify',
      },
      [
        'input > embed',
        'embed > encoder',
        'embed > decoder',
        'encoder.state > decoder.state',
        'decoder > two',
        'two > head',
      ],
    );
    const { document } = swap(both);
    expect(cells(document)).toEqual([null, null, 'gru', 'gru', 'gru', null]);
    expect(errors(document).map(({ code }) => code)).toEqual(errors(both).map(({ code }) => code));
  });

  it('is named after its cell', () => {
    expect(swap({ ...lstm, name: 'Mails' }).document.name).toBe('Mails (GRU)');
    expect(swap({ ...lstm, name: 'LSTM baseline' }).document.name).toBe('GRU baseline');
    expect(swap({ ...lstm, name: 'LSTM against GRU' }).document.name).toBe(
      'LSTM against GRU (GRU)',
    );
  });

  it('keeps its name simple, however often it is swapped', () => {
    const there = swap({ ...lstm, name: 'LSTM against GRU (LSTM)' }).document;
    expect(there.name).toBe('LSTM against GRU (GRU)');
    expect(swap(there).document.name).toBe('LSTM against GRU (LSTM)');
    const mails = swap({ ...lstm, name: 'Mails (LSTM) (GRU) (LSTM)' }).document;
    expect(mails.name).toBe('Mails (GRU)');
    expect(swap({ ...mails, name: 'LSTM baseline (GRU)' }).document.name).toBe('LSTM baseline');
    expect(simpleName('Mails (GRU) (LSTM)')).toBe('Mails (LSTM)');
    expect(simpleName('Mails (first)')).toBe('Mails (first)');
  });

  it('is refused with the reason where there is no gated cell, or where there are both', () => {
    expect(swapCells(chain('classification', ['embedding', 'simple-rnn']))).toEqual({
      possible: false,
      reason: 'The network has no LSTM and no GRU block.',
    });
    expect(
      swapCells(chain('classification', ['embedding', ['lstm', { output: 'all steps' }], 'gru'])),
    ).toMatchObject({ possible: false, reason: expect.stringContaining('both') });
  });
});
