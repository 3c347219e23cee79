import { describe, expect, it } from 'vitest';
import { exampleGraphs } from '#shared/catalog/example-graphs';
import { blocks } from '#shared/catalog/index';
import { analyze } from '#shared/graph/analyze';
import { chain, sampleFacts, type BlockChoice } from '#shared/graph/samples';
import type { Explanation } from '#shared/catalog/define';
import { plainShape, tokens } from './typeset.js';

function explanation(choice: BlockChoice): Explanation {
  const document = chain('classification', [['embedding', { units: 64 }], choice, 'dense']);
  const facts = sampleFacts('classification');
  const id = `${typeof choice === 'string' ? choice : choice[0]}_1`;
  const node = analyze(document, facts).nodes[id];
  if (!node?.instance) throw new Error(`no block ${id}`);
  return node.instance.explain({ ...node, node: id, facts });
}
const formulas = (choice: BlockChoice): string[] =>
  explanation(choice).equations.map(({ formula }) => formula);
const shapes = (choice: BlockChoice): Record<string, string> =>
  Object.fromEntries(explanation(choice).terms.map(({ symbol, shape }) => [symbol, shape]));

describe('typesetting', () => {
  it('takes a letter with its index as one token and finds what it stands for', () => {
    const { terms } = explanation('gru');
    const found = tokens('g_t = tanh(x_t W_g + r_t ⊙ (h_{t-1} U_g + b′_g) + b_g)', terms);
    const named = found.filter(({ term }) => term !== null);
    expect(named.map(({ text, term }) => [text, term?.symbol])).toEqual([
      ['g', 'g'],
      ['tanh', 'tanh'],
      ['x', 'x'],
      ['W', 'W'],
      ['r', 'r'],
      ['⊙', '⊙'],
      ['h', 'h'],
      ['U', 'U'],
      ['b′', 'b′'],
      ['b', 'b'],
    ]);
    expect(named.find(({ text }) => text === 'h')?.marks).toEqual([{ kind: 'sub', text: 't-1' }]);
    expect(found.map(({ text }) => text).join('')).toBe('g = tanh(x W + r ⊙ (h U + b′) + b)');
  });
  it('writes shapes as plain text', () => {
    expect(plainShape('ℝ^{64×512}, ℝ^{12}')).toBe('ℝ⁶⁴ˣ⁵¹², ℝ¹²');
    expect(plainShape('ℝ^{?×512}')).toBe('ℝ^(?×512)');
  });
});

describe('equations follow the block’s settings', () => {
  it('GRU: the reset gate before or after the product, with its second bias', () => {
    expect(formulas('gru')).toContain('g_t = tanh(x_t W_g + r_t ⊙ (h_{t-1} U_g + b′_g) + b_g)');
    const before: BlockChoice = ['gru', { resetAfter: false }];
    expect(formulas(before)).toContain('g_t = tanh(x_t W_g + (r_t ⊙ h_{t-1}) U_g + b_g)');
    expect(shapes('gru')).toHaveProperty('b′');
    expect(shapes(before)).not.toHaveProperty('b′');
  });
  it('LSTM: six equations, then what it gives on; W has the four gates side by side', () => {
    expect(formulas('lstm')).toHaveLength(7);
    expect(formulas('lstm').at(-1)).toBe('y = h_n');
    expect(formulas(['lstm', { output: 'all steps' }]).at(-1)).toBe('y_t = h_t');
    expect(shapes(['lstm', { units: 128 }])).toMatchObject({
      x: 'ℝ^{64}',
      W: 'ℝ^{64×512}',
      U: 'ℝ^{128×512}',
      b: 'ℝ^{512}',
    });
  });
  it('Simple RNN: its activation; backward it starts from the step after', () => {
    expect(formulas(['simple-rnn', { activation: 'relu', direction: 'backward' }])).toEqual([
      'h_t = relu(x_t W + h_{t+1} U + b)',
      'y = h_1',
    ]);
  });
  it('Bidirectional: the backward cell with weights of its own, and the merge', () => {
    const all = formulas(['bidirectional', { cell: 'gru', merge: 'sum', output: 'all steps' }]);
    expect(all.slice(-2)).toEqual(['h′_t = GRU′(x_t, h′_{t+1})', 'y_t = h_t + h′_t']);
    expect(formulas('bidirectional').at(-1)).toBe('y = [h_n ; h′_1]');
  });
  it('Stacked: each layer’s own sizes', () => {
    expect(shapes(['stacked-rnn', { cell: 'lstm', units: [32, 16] }]).W).toBe(
      'ℝ^{64×128}, ℝ^{32×64}',
    );
  });
  it('says what return_sequences is for this block', () => {
    const { questions } = explanation(['lstm', { units: 8, output: 'all steps' }]);
    expect(questions.map(({ question }) => question)).toEqual([
      'What are units?',
      'What are time steps?',
      'What is return_sequences?',
    ]);
    expect(questions[2]?.answer).toContain('This block: True');
  });
});

describe.each(blocks.map(({ id }) => id))('%s', (id) => {
  it('explains only letters that its equations use, in every example', () => {
    for (const document of exampleGraphs[id] ?? []) {
      const facts = sampleFacts(document.data.task);
      const { nodes } = analyze(document, facts);
      for (const { id: node } of document.graph.nodes.filter(({ block }) => block === id)) {
        const analysis = nodes[node]!;
        const { equations, terms } = analysis.instance!.explain({ ...analysis, node, facts });
        const used = equations.flatMap(({ formula }) => tokens(formula, terms));
        for (const term of terms)
          expect(
            used.some((token) => token.term === term),
            term.symbol,
          ).toBe(true);
      }
    }
  });
});
