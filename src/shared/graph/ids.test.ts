import { describe, expect, it } from 'vitest';
import { freshEdgeId, freshNodeId, freshNodeName } from './ids.js';
import { draw, sampleDocument } from './samples.js';

const { graph } = draw('classification', { lstm_1: 'lstm', lstm_2: 'lstm' }, []);
const port = (node: string, name: string) => ({ node, port: name });

describe('fresh ids and names', () => {
  it('count up from one and never hand out one that is taken', () => {
    expect(freshNodeId(graph, 'gru')).toBe('gru_1');
    expect(freshNodeId(graph, 'lstm')).toBe('lstm_3');
    expect(freshNodeId(graph, 'pool-over-time')).toBe('pool_over_time_1');
  });
  it('name the first block by its title and number the others', () => {
    expect(freshNodeName(graph, 'GRU')).toBe('GRU');
    expect(freshNodeName(graph, 'LSTM')).toBe('LSTM 3');
  });
  it('make an edge readable, and a second one between the same ports different', () => {
    expect(freshEdgeId(graph, port('a', 'out'), port('b', 'in'))).toBe('a.out-b.in');
    const { source, target } = sampleDocument.graph.edges[0]!;
    expect(freshEdgeId(sampleDocument.graph, source, target)).toBe('tokens.out-embedding.in_2');
  });
});
