import { describe, expect, it } from 'vitest';
import { blocks } from '../catalog/index.js';
import { tasks } from '../data/recipe.js';
import { lower } from '../ir/lower.js';
import { sampleDocuments } from './random-documents.js';

describe('random documents', () => {
  const sample = sampleDocuments(300, 1);

  it('lower, and are the same for the same seed', () => {
    for (const { document, facts } of sample) lower(document, facts);
    expect(sampleDocuments(20, 1)).toEqual(sample.slice(0, 20));
    expect(sampleDocuments(20, 2)).not.toEqual(sample.slice(0, 20));
  });

  it('use every block, hand states on, give queries and join more than two values', () => {
    const programs = sample.map(({ document, facts }) => lower(document, facts));
    const used = new Set(
      programs.flatMap(({ ops, head }) => [head.node, ...ops.map(({ node }) => node)]),
    );
    const names = [...used].map((id) => id.replace(/_\d+$/, '').replaceAll('_', '-'));
    expect(new Set(names.map((name) => name.replace(/^input$/, 'tokens-input')))).toEqual(
      new Set(blocks.map(({ id }) => id).filter((id) => id !== 'sequence-input')),
    );
    const ops = programs.flatMap((program) => program.ops);
    expect(ops.some((op) => op.op === 'recurrent' && op.initialState !== null)).toBe(true);
    expect(ops.some((op) => op.op === 'attention' && op.query !== null)).toBe(true);
    expect(ops.some((op) => op.op === 'concat' && op.inputs.length > 2)).toBe(true);
    expect(new Set(programs.map(({ head }) => head.task))).toEqual(new Set(tasks));
  });
});
