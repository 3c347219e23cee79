/**
 * Bundles the benchmark for plain Node into out/bench. Packages stay outside, as in the studio's own
 * build; for `bench:pack` (BENCH_PACK=1) all but the native `webgpu` go into the bundle.
 */
import { defineConfig } from 'vite';

const pack = process.env['BENCH_PACK'] === '1';
const root = new URL('../../', import.meta.url).pathname;

export default defineConfig({
  root,
  publicDir: false,
  logLevel: 'warn',
  build: {
    ssr: true,
    target: 'node20',
    outDir: pack ? 'out/bench-pack/bench' : 'out/bench',
    emptyOutDir: true,
    chunkSizeWarningLimit: 10_000,
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
});
