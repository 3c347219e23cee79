import { describe, expect, test } from 'vitest';
import { variants } from '../recurrent-cases.js';
import {
  backwardPrograms,
  forwardPrograms,
  initialGradientProgram,
  setupProgram,
} from './recurrent-shaders.js';

const programs = variants.flatMap((variant) => [
  setupProgram(variant),
  ...([1, 4] as const).flatMap((rows) => [
    ...forwardPrograms(variant, rows),
    ...backwardPrograms(variant, rows),
    initialGradientProgram(variant, rows),
  ]),
]);

describe('recurrent programs', () => {
  test('bind no more storage buffers than every WebGPU device has (8)', () => {
    for (const { name, bindings } of programs) expect(bindings.length, name).toBeLessThanOrEqual(8);
  });

  test('the same name always goes with the same text', () => {
    const texts = new Map(programs.map(({ name, code }) => [name, code]));
    expect(texts.size).toBe(programs.length);
  });

  test('give every variable its first value: inside loops WGSL would zero it once only', () => {
    for (const { name, code } of programs)
      expect(code.match(/\bvar \w+ *(?::[^=;]*)?;/g), name).toBeNull();
  });
});
