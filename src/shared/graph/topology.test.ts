import { describe, expect, it } from 'vitest';
import type { Graph } from './document.js';
import { readingOrder, topologyOf } from './topology.js';

const graph = (nodes: string, edges: string): Graph => ({
  nodes: [...nodes].map((id) => ({
    id,
    block: 'add',
    name: id,
    params: {},
    position: { x: 0, y: 0 },
  })),
  edges: edges.split(' ').map((edge) => ({
    id: edge,
    source: { node: edge.charAt(0), port: 'out' },
    target: { node: edge.charAt(1), port: 'in' },
  })),
  groups: [],
  comments: [],
});
const order = (nodes: string, edges: string): string =>
  readingOrder(topologyOf(graph(nodes, edges))).join('');

describe('readingOrder', () => {
  it('follows the wires, whatever the order in which the blocks were added', () => {
    expect(order('cba', 'ab bc')).toBe('abc');
  });

  it('goes along one branch to its end before the next', () => {
    expect(order('abcdef', 'ab bc cf ad de ef')).toBe('abcdef');
    expect(order('axbycz', 'ab bc xy yz')).toBe('abcxyz');
  });

  it('puts a block after everything that feeds it, and a circle at the end', () => {
    expect(order('abcd', 'ad bd cd')).toBe('abcd');
    expect(order('xyab', 'xy yx ab')).toBe('abxy');
  });
});
