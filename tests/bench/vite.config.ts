/**
 * Bundles the benchmark for plain Node into out/bench. Packages stay outside, as in the studio's own
 * build; for `bench:pack` (`--mode pack`) all but the native `webgpu` go into the bundle.
 */
import { defineConfig } from 'vite';
import { fileURLToPath } from 'node:url';

export default defineConfig(({ mode }) => {
  const pack = mode === 'pack';
  return {
    root: fileURLToPath(new URL('../../', import.meta.url)),
    publicDir: false,
    logLevel: 'warn',
    build: {
      ssr: true,
      target: 'node20',
      outDir: pack ? 'out/bench-pack/bench' : 'out/bench',
      emptyOutDir: true,
      minify: pack,
      rollupOptions: {
        input: {
          index: 'tests/bench/index.ts',
          subject: 'tests/bench/subject/index.ts',
        },
        output: {
          format: 'es',
          entryFileNames: '[name].mjs',
          chunkFileNames: '[name]-[hash].mjs',
        },
      },
    },
    ssr: pack ? { noExternal: true, external: ['webgpu'] } : {},
  };
});
