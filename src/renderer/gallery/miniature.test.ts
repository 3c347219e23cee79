import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '#shared/graph/parse';
import { blockSize, miniatureOf, roundedPath, size } from './miniature.js';

const folder = join(import.meta.dirname, '../../../resources/examples');
const examples = readdirSync(folder).filter((name) => name.endsWith('.unroll.json'));

describe('the picture of a network', () => {
  it.each(examples)('%s has every block inside, none over another, and every wire', (name) => {
    const document = parseDocument(readFileSync(join(folder, name), 'utf8'), name);
    const { blocks, wires } = miniatureOf(document);
    expect(blocks).toHaveLength(document.graph.nodes.length);
    expect(wires).toHaveLength(document.graph.edges.length);
    for (const { x, y, category } of blocks) {
      expect(category).not.toBeNull();
      expect(x).toBeGreaterThanOrEqual(0);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(x + blockSize.width).toBeLessThanOrEqual(size.width);
      expect(y + blockSize.height).toBeLessThanOrEqual(size.height);
    }
    for (const one of blocks)
      for (const other of blocks)
        if (one !== other)
          expect(
            Math.abs(one.x - other.x) > blockSize.width ||
              Math.abs(one.y - other.y) > blockSize.height,
          ).toBe(true);
  });
  it('rounds corners by four pixels and keeps short pieces', () => {
    expect(
      roundedPath([
        [0, 0],
        [20, 0],
        [20, 20],
      ]),
    ).toBe('M0 0L16 0Q20 0 20 4L20 20');
    expect(
      roundedPath([
        [0, 0],
        [4, 0],
        [4, 20],
      ]),
    ).toBe('M0 0L2 0Q4 0 4 4L4 20');
  });
});
