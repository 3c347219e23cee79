import { describe, expect, it } from 'vitest';
import { analyze } from '#shared/graph/analyze';
import { applyEdits, type Edit } from '#shared/graph/edits';
import { sampleDocument } from '#shared/graph/samples';
import { blockView, judge, portKind, wireView } from './graph.js';

const stateOf = (edits: Edit[] = []) => {
  const { document } = applyEdits(sampleDocument, edits);
  return { document, analysis: analyze(document, null) };
};
const port = (node: string, name: string) => ({ node, port: name });

describe('questions to the graph', () => {
  it('keeps ports and wires of a block while one of its parameters is wrong', () => {
    const state = stateOf([{ type: 'set-params', id: 'lstm', params: { units: 0 } }]);
    const view = blockView(state, 'lstm');
    expect(view?.valid).toBe(false);
    expect(view?.ports.inputs.map(({ name }) => name)).toEqual(['in', 'state']);
    expect(view?.ports.outputs.map(({ name }) => name)).toEqual(['out', 'state']);
    expect(portKind(state, port('lstm', 'state'), 'target')).toBe('state');
  });

  it('keeps the ports that wires use on a block that this version does not know', () => {
    const document = {
      ...sampleDocument,
      graph: {
        ...sampleDocument.graph,
        nodes: sampleDocument.graph.nodes.map((node) =>
          node.id === 'lstm' ? { ...node, block: 'liquid-state-machine' } : node,
        ),
      },
    };
    const view = blockView({ document, analysis: analyze(document, null) }, 'lstm');
    expect(view?.ports.inputs.map(({ name }) => name)).toEqual(['in']);
    expect(view?.ports.outputs.map(({ name }) => name)).toEqual(['out']);
  });

  it('shows shapes with the batch size, and says when a number is still open', () => {
    const state = stateOf();
    expect(wireView(state, 'lstm.out-dense.in')).toEqual({
      kind: 'vector',
      ribbon: false,
      shape: '32 × 16',
      known: true,
    });
    expect(wireView(state, 'tokens.out-embedding.in')).toMatchObject({
      kind: 'tokens',
      shape: '32 × T',
      known: false,
    });
  });

  it('draws what goes into a head as scores', () => {
    const state = stateOf();
    expect(wireView(state, 'dense.out-head.in').kind).toBe('scores');
    expect(portKind(state, port('dense', 'out'), 'source')).toBe('scores');
    expect(portKind(state, port('head', 'in'), 'target')).toBe('scores');
  });

  it('replaces the wire of an input that takes one', () => {
    const node = {
      id: 'gru',
      block: 'gru',
      name: 'GRU',
      params: {},
      position: { x: 0, y: 200 },
    };
    const state = stateOf([{ type: 'add-node', node }]);
    const verdict = judge(state, port('gru', 'out'), port('dense', 'in'));
    expect(verdict.ok).toBe(true);
    if (!verdict.ok) return;
    const { graph } = applyEdits(state.document, verdict.edits).document;
    const into = graph.edges.filter((edge) => edge.target.node === 'dense');
    expect(into.map((edge) => edge.source.node)).toEqual(['gru']);
  });

  it('refuses with a reason and repairs that apply', () => {
    const state = stateOf([{ type: 'remove-edge', id: 'embedding.out-lstm.in' }]);
    const verdict = judge(state, port('tokens', 'out'), port('lstm', 'in'));
    expect(verdict).toMatchObject({ ok: false, reason: expect.stringContaining('sequence') });
    if (verdict.ok) return;
    for (const fix of verdict.fixes)
      expect(() => applyEdits(state.document, fix.edits)).not.toThrow();
  });
});
