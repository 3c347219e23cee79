import { defineConfig } from 'vitest/config';

// Unit tests stand beside their source; interop tests run PyTorch for real and take longer.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}'],
          environment: 'node',
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'interop',
          include: ['tests/interop/**/*.test.ts'],
          exclude: ['tests/interop/tensorflow-*.test.ts'],
          environment: 'node',
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        // Needs the addon that scripts/build-tensorflow.mjs builds.
        test: {
          name: 'tensorflow',
          include: ['tests/interop/{recurrent,fallbacks,leaks,tensorflow-*}.test.ts'],
          environment: 'node',
          env: { UNROLL_TENSORFLOW: '1' },
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
