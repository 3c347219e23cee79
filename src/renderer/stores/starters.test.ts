import { describe, expect, it } from 'vitest';
import { analyze } from '#shared/graph/analyze';
import { projectDocumentSchema } from '#shared/graph/document';
import { starters } from './starters.js';

describe('starters', () => {
  it.each(starters.filter(({ id }) => id !== 'empty').map((s) => [s.id, s] as const))(
    '%s is a valid document without errors, under a new id each time',
    (_, starter) => {
      const document = starter.create();
      expect(projectDocumentSchema.parse(document)).toEqual(document);
      const errors = analyze(document, null).problems.filter((p) => p.severity === 'error');
      expect(errors).toEqual([]);
      expect(starter.create().id).not.toBe(document.id);
    },
  );
});
