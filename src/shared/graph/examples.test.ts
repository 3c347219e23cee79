import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DataFacts } from '../data/facts.js';
import { lower } from '../ir/lower.js';
import { analyze } from './analyze.js';
import type { ProjectDocument } from './document.js';
import { parseDocument, serializeDocument } from './parse.js';

const folder = join(import.meta.dirname, '../../../resources/examples');
const files = readdirSync(folder).filter((name) => name.endsWith('.unroll.json'));

/** Facts of the right form for a recipe; the engine's tests use the real ones. */
function factsFor(document: ProjectDocument): DataFacts {
  const { data } = document;
  const examples = { train: 100, validation: 10, test: 20 };
  if (data.task === 'forecast') {
    return {
      task: data.task,
      input: {
        kind: 'sequence',
        features: data.inputColumns.length,
        timeSteps: data.window,
        names: data.inputColumns,
      },
      output: { size: data.horizon * data.targetColumns.length, labels: null },
      examples,
      meanTimeSteps: data.window,
    };
  }
  const timeSteps = data.task === 'next-token' ? data.window : data.maximumTimeSteps;
  return {
    task: data.task,
    input: {
      kind: 'tokens',
      vocabularySize: 50,
      timeSteps,
      padded: data.task !== 'next-token',
    },
    output: { size: data.task === 'next-token' ? 50 : 2, labels: null },
    examples,
    meanTimeSteps: timeSteps / 2,
  };
}

describe('the examples that ship', () => {
  it.each(files)('%s parses, has no problems and lowers', (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const document = parseDocument(text, name);
    const facts = factsFor(document);
    expect(analyze(document, facts).problems).toEqual([]);
    expect(lower(document, facts).parameters.length).toBeGreaterThan(0);
    expect(serializeDocument(document)).toBe(text);
  });
  it('are the ten that the README lists', () => {
    expect(files).toHaveLength(10);
  });
});
