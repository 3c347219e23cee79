import { describe, expect, it } from 'vitest';
import { StudioError } from '../errors.js';
import { chain, draw, sampleFacts } from '../graph/samples.js';
import { lower } from './lower.js';
import type { IrOp, IrProgram } from './types.js';
import { verify } from './verify.js';

const all = { output: 'all steps' };
const compiled = (document: Parameters<typeof lower>[0]): IrProgram =>
  lower(document, sampleFacts(document.data.task));
const opOf = <K extends IrOp['op']>(program: IrProgram, kind: K): Extract<IrOp, { op: K }> => {
  const op = program.ops.find((item): item is Extract<IrOp, { op: K }> => item.op === kind);
  if (op === undefined) throw new Error(`no ${kind}`);
  return op;
};

describe('lower', () => {
  it('refuses a graph with errors and says which block is to blame', () => {
    const document = chain('classification', ['embedding', ['lstm', { units: 0 }], 'dense']);
    expect(() => compiled(document)).toThrow(StudioError);
    expect(() => compiled(document)).toThrow(
      expect.objectContaining({ code: 'graph-not-ready', place: { node: 'lstm_1' } }),
    );
  });

  it('keeps parameters in graph order under node and name', () => {
    const program = compiled(chain('classification', ['embedding', 'lstm', 'dense']));
    expect(program.parameters.map(({ id }) => id)).toEqual([
      'embedding_1/embeddings',
      'lstm_1/kernel',
      'lstm_1/recurrent_kernel',
      'lstm_1/bias',
      'dense_1/kernel',
      'dense_1/bias',
    ]);
  });

  it('carries the mask from the tokens to the scores of each step', () => {
    const blocks = [
      'embedding',
      'dropout',
      ['bidirectional', all],
      ['stacked-rnn', all],
      'layer-norm',
      'time-distributed-dense',
    ] as const;
    const program = compiled(chain('tagging', blocks));
    expect(program.head.perStep).toBe(true);
    expect(program.values[program.head.logits]).toMatchObject({
      shape: ['B', 'T', 9],
      lengths: 'input',
    });
  });

  it('has no mask where windows are never padded', () => {
    const program = compiled(
      chain('next-token', ['embedding', ['gru', all], 'time-distributed-dense']),
    );
    expect(Object.values(program.values).map(({ lengths }) => lengths)).not.toContain('input');
  });

  it('predicts after the window from a vector, and at each step from a sequence', () => {
    const { head } = compiled(chain('next-token', ['embedding', 'gru', 'dense']));
    expect(head).toMatchObject({ perStep: false, outputs: 5000, loss: 'cross-entropy' });
  });

  it('gives GRU two bias rows with reset after, and one without', () => {
    const bias = (resetAfter: boolean): number[] | undefined => {
      const program = compiled(
        chain('classification', ['embedding', ['gru', { units: 8, resetAfter }], 'dense']),
      );
      return program.parameters.find(({ name }) => name === 'bias')?.shape;
    };
    expect(bias(true)).toEqual([2, 24]);
    expect(bias(false)).toEqual([24]);
  });

  it('hands the state on, and reads one direction backwards', () => {
    const program = compiled(
      draw(
        'classification',
        {
          input: 'tokens-input',
          embedding: 'embedding',
          first: 'bidirectional',
          second: 'bidirectional',
          dense: 'dense',
          head: 'classify',
        },
        [
          'input > embedding',
          'embedding > first',
          'embedding > second',
          'first.state > second.state',
          'second > dense',
          'dense > head',
        ],
      ),
    );
    const layers = program.ops.filter((op) => op.op === 'recurrent');
    expect(layers.map(({ node, reverse }) => [node, reverse])).toEqual([
      ['first', false],
      ['first', true],
      ['second', false],
      ['second', true],
    ]);
    expect(layers[2]?.initialState).toEqual(layers[0]?.finalState);
    expect(layers[3]?.initialState).toEqual(layers[1]?.finalState);
  });

  it('drops between layers of a stack, not after the last', () => {
    const program = compiled(
      chain('classification', [
        'embedding',
        ['stacked-rnn', { units: [8, 4], betweenDropout: 0.5 }],
        'dense',
      ]),
    );
    expect(program.ops.map(({ op }) => op)).toEqual([
      'input',
      'embedding',
      'recurrent',
      'dropout',
      'recurrent',
      'dense',
    ]);
  });

  it('leaves out blocks that do not lead to the head', () => {
    const document = draw(
      'classification',
      {
        input: 'tokens-input',
        embedding: 'embedding',
        gru: 'gru',
        spare: 'lstm',
        dense: 'dense',
        head: 'classify',
      },
      ['input > embedding', 'embedding > gru', 'embedding > spare', 'gru > dense', 'dense > head'],
    );
    expect(compiled(document).ops.map(({ node }) => node)).not.toContain('spare');
  });

  it('says how the loss of a forecast is computed', () => {
    const { head } = compiled(chain('forecast', ['lstm', 'dense']));
    expect(head).toMatchObject({ kind: 'regress', loss: 'mean-squared-error', outputs: 7 });
  });
});

describe('verify', () => {
  const program = (): IrProgram =>
    structuredClone(
      compiled(
        chain('classification', ['embedding', ['bidirectional', all], 'attention', 'dense']),
      ),
    );

  it('takes what lower made, also after a trip through JSON', () => {
    const copy: IrProgram = JSON.parse(JSON.stringify(program()));
    expect(() => verify(copy)).not.toThrow();
  });

  it.each<[string, string, (broken: IrProgram) => void]>([
    ['an unknown value', 'no value', (p) => delete p.values[opOf(p, 'merge').output]],
    ['a value read too early', 'is read before it is made', (p) => p.ops.reverse()],
    ['a value made twice', 'is made twice', (p) => p.ops.push(opOf(p, 'dense'))],
    [
      'a value that no op makes',
      'is never made',
      (p) => (p.values.ghost = { ...Object.values(p.values)[0]!, id: 'ghost' }),
    ],
    [
      'a parameter that nothing uses',
      '"x/extra" is never used',
      (p) => p.parameters.push({ ...p.parameters[0]!, id: 'x/extra' }),
    ],
    ['the same parameter twice', 'ids repeat', (p) => p.parameters.push(p.parameters[0]!)],
    ['a missing parameter', 'no parameter', (p) => p.parameters.pop()],
    ['a kernel of the wrong size', 'IR recurrent of', (p) => (p.parameters[1]!.shape = [3, 3])],
    ['a table of the wrong width', 'IR embedding of', (p) => (p.parameters[0]!.shape = [5000, 3])],
    [
      'a scoring vector of the wrong size',
      'IR attention of',
      (p) => (p.parameters.find(({ name }) => name === 'vector')!.shape = [1]),
    ],
    [
      'a mask that got lost on the way',
      'is masked by null, not by input',
      (p) => (p.values[opOf(p, 'merge').output]!.lengths = null),
    ],
    [
      'a mask that comes from nowhere',
      'is masked by no input',
      (p) => (p.values[opOf(p, 'embedding').output]!.lengths = 'ghost'),
    ],
    ['logits of the wrong width', 'for 3 outputs', (p) => (p.head.outputs = 3)],
    ['logits that do not exist', 'no logits', (p) => (p.head.logits = 'ghost')],
    [
      'a state of the wrong kind',
      'wrong number of states',
      (p) => opOf(p, 'recurrent').finalState.pop(),
    ],
  ])('refuses %s', (_, message, damage) => {
    const broken = program();
    damage(broken);
    expect(() => verify(broken)).toThrow(message);
  });
});
