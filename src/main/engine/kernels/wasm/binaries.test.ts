import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { build, target } from '../../../../../scripts/build-wasm.mjs';

test('the committed kernels are those that their source compiles to (npm run build:wasm)', async () => {
  expect(await readFile(target, 'utf8')).toBe(await build());
}, 120_000);
