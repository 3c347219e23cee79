import { describe, expect, it } from 'vitest';
import { StudioError } from '../errors.js';
import { documentVersion } from './document.js';
import { jsonErrorPosition } from './json-position.js';
import { migrations } from './migrations.js';
import { parseDocument, serializeDocument } from './parse.js';
import { sampleDocument, sampleVersion0, sampleVersion1, sampleVersion2 } from './samples.js';

const failure = (text: string): StudioError => {
  try {
    parseDocument(text, 'a.unroll.json');
  } catch (error) {
    if (error instanceof StudioError) return error;
    throw error;
  }
  throw new Error('parsed');
};

const withGraph = (graph: object): object => ({
  ...sampleDocument,
  graph: { ...sampleDocument.graph, ...graph },
});

const group = {
  id: 'g',
  name: 'Encoder',
  nodes: ['lstm'],
  parent: null,
  collapsed: false,
  position: { x: 0, y: 0 },
};

describe('parseDocument', () => {
  it('reads back what serializeDocument wrote', () => {
    expect(parseDocument(serializeDocument(sampleDocument))).toEqual(sampleDocument);
  });
  it('ignores a byte-order mark', () => {
    expect(parseDocument(`\uFEFF${serializeDocument(sampleDocument)}`)).toEqual(sampleDocument);
  });
  it('names line and column of a syntax error', () => {
    const error = failure('{\n  "format": "unroll-project",\n  "version": 1,,\n}');
    expect(error.code).toBe('not-json');
    expect(error.place).toEqual({ file: 'a.unroll.json', line: 3, column: 16 });
  });
  it('points at the end of a file that was cut off', () => {
    expect(failure('{\n "a": [1, 2').place).toMatchObject({ line: 2, column: 12 });
  });
  it.each([
    ['', 'empty-file'],
    ['  \n', 'empty-file'],
    ['[1]', 'not-a-project'],
    ['{"format":"other"}', 'not-a-project'],
    ['{"format":"unroll-project","version":"1"}', 'invalid-document'],
  ])('refuses %j as %s', (text, code) => {
    expect(failure(text).code).toBe(code);
  });
  it('refuses a newer version and says to update', () => {
    const error = failure(
      serializeDocument(sampleDocument).replace(`"version": ${documentVersion}`, '"version": 99'),
    );
    expect(error.code).toBe('newer-version');
    expect(error.message).toContain('99');
    expect(error.hint).toContain('Update');
  });
  it('names the field of a bad value', () => {
    const text = JSON.stringify({
      ...sampleDocument,
      training: { ...sampleDocument.training, batchSize: 0 },
    });
    expect(failure(text)).toMatchObject({
      code: 'invalid-document',
      message: '"batchSize" must be at least 1, but is 0.',
      place: { field: 'training.batchSize' },
    });
  });
  it.each([
    [
      'data.task',
      '"task" must be one of next-token, classification, tagging, forecast, but is "sorting".',
      { ...sampleDocument, data: { ...sampleDocument.data, task: 'sorting' } },
    ],
    ['training', '"training" is missing.', { ...sampleDocument, training: undefined }],
    ['graph.nodes', '"nodes" must be a list, but is an object.', withGraph({ nodes: {} })],
    [
      'graph.nodes.5.id',
      'The id "lstm" is used twice.',
      withGraph({ nodes: [...sampleDocument.graph.nodes, sampleDocument.graph.nodes[2]] }),
    ],
    [
      'graph.edges.4.id',
      'is used twice',
      withGraph({ edges: [...sampleDocument.graph.edges, sampleDocument.graph.edges[0]] }),
    ],
    [
      'graph.nodes.0.id',
      '"id" may only hold letters, digits, "_", "-" and ".", but is "a/b".',
      withGraph({ nodes: [{ ...sampleDocument.graph.nodes[0], id: 'a/b' }], edges: [] }),
    ],
    [
      'graph.nodes.0.id',
      'may only hold letters',
      withGraph({ nodes: [{ ...sampleDocument.graph.nodes[0], id: '__proto__' }], edges: [] }),
    ],
    [
      'graph.groups.0.nodes.1',
      'The group "g" holds "gone", which is no block.',
      withGraph({ groups: [{ ...group, nodes: ['lstm', 'gone'] }] }),
    ],
    [
      'graph.groups.1.nodes.0',
      'The block "lstm" is in the group "g" and again in "h".',
      withGraph({ groups: [group, { ...group, id: 'h' }] }),
    ],
    [
      'graph.groups.0.parent',
      'The group "g" is inside "h", which is no group.',
      withGraph({ groups: [{ ...group, parent: 'h' }] }),
    ],
    [
      'graph.groups.0.parent',
      'The group "g" is inside itself (and 1 more).',
      withGraph({
        groups: [
          { ...group, parent: 'h' },
          { ...group, id: 'h', nodes: [], parent: 'g' },
        ],
      }),
    ],
    ['graph.comments', '"comments" is missing.', withGraph({ comments: undefined })],
    [
      'graph.comments.0.size.width',
      '"width" must be above 0, but is 0.',
      withGraph({
        comments: [{ id: 'c', text: '', position: { x: 0, y: 0 }, size: { width: 0, height: 80 } }],
      }),
    ],
  ])('says what it expected at %s: %s', (field, expected, document) => {
    const error = failure(JSON.stringify(document));
    expect(error).toMatchObject({
      code: 'invalid-document',
      place: { file: 'a.unroll.json', field },
    });
    expect(error.message).toContain(expected);
  });
  it('keeps parameters that it does not know, so that the checks can show them', () => {
    const node = {
      ...sampleDocument.graph.nodes[2]!,
      block: 'hyper',
      params: { nested: [{ a: 1 }] },
    };
    const document = withGraph({ nodes: [node], edges: [] });
    expect(parseDocument(JSON.stringify(document)).graph.nodes).toEqual([node]);
  });
});

describe('serializeDocument', () => {
  it('writes the same text whatever the order of keys, so that files compare line by line', () => {
    const shuffled = Object.fromEntries(Object.entries(sampleDocument).reverse());
    const text = serializeDocument(parseDocument(JSON.stringify(shuffled)));
    expect(text).toBe(serializeDocument(sampleDocument));
    expect(text.endsWith('}\n')).toBe(true);
  });
});

describe('migrations', () => {
  it('lead from every earlier version to the present one', () => {
    expect(migrations).toHaveLength(documentVersion);
  });
  it('bring a version 2 file to the present format', () => {
    expect(parseDocument(JSON.stringify(sampleVersion2))).toEqual(sampleDocument);
  });
  it('bring a version 1 file to the present format', () => {
    expect(parseDocument(JSON.stringify(sampleVersion1))).toEqual(sampleDocument);
  });
  it('bring a version 0 file to the present format', () => {
    expect(parseDocument(JSON.stringify(sampleVersion0))).toEqual({
      ...sampleDocument,
      graph: {
        ...sampleDocument.graph,
        nodes: sampleDocument.graph.nodes.map((node) => ({ ...node, name: node.id })),
      },
    });
  });
});

describe('jsonErrorPosition', () => {
  it.each([
    ['{"a" 1}', 5],
    ['[1,]', 3],
    ['{"a":"b}', 5],
    ['nul', 0],
    ['{} x', 3],
    ['[01]', 2],
  ])('finds the error in %s at %i', (text, position) => {
    expect(jsonErrorPosition(text)).toBe(position);
  });
});
