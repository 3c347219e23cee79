import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { licencesModule } from './scripts/licences.mjs';

/** `import licences from 'virtual:licences'`: the build fails on one that is not allowed. */
const licences = {
  name: 'licences',
  resolveId: (id: string) => (id === 'virtual:licences' ? id : undefined),
  load: (id: string) => (id === 'virtual:licences' ? licencesModule() : undefined),
};

// Main has three entries: the Electron shell, the command line (with the browser host), and the engine,
// which is started by path as a process of its own.
export default defineConfig({
  main: {
    build: {
      rollupOptions: {
        input: {
          electron: 'src/main/electron/index.ts',
          cli: 'src/main/cli/index.ts',
          engine: 'src/main/engine/index.ts',
        },
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
        },
      },
    },
  },
  preload: {
    build: {
      rollupOptions: {
        input: { index: 'src/preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react(), licences],
    build: {
      minify: true,
      rollupOptions: {
        input: 'src/renderer/index.html',
        output: {
          // zod and its setting for our content security policy stay together, so that the setting holds
          // before any schema is made, whatever chunk makes the first one.
          codeSplitting: { groups: [{ name: 'zod', test: /node_modules[\\/]zod[\\/]|zod-setup/ }] },
        },
      },
    },
  },
});
