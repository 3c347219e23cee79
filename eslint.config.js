import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/**
 * Import zones. A source file that is in none of them is an error, so a new folder needs a line here.
 * Imports point inward: renderer → shared ← main; the engine is started by path and nobody imports it.
 */
const zones = [
  ['shared', 'src/shared/**'],
  ['engine', 'src/main/engine/**'],
  ['electron', 'src/main/electron/**'],
  ['serve', 'src/main/serve/**'],
  ['cli', 'src/main/cli/**'],
  ['main', 'src/main/*.ts'],
  ['preload', 'src/preload/**'],
  ['renderer', 'src/renderer/**'],
  ['tests', 'tests/**'],
];

const allow = {
  shared: ['shared'],
  engine: ['shared', 'engine'],
  main: ['shared', 'main'],
  serve: ['shared', 'main', 'serve'],
  cli: ['shared', 'main', 'serve', 'cli'],
  electron: ['shared', 'main', 'electron'],
  preload: ['shared', 'preload'],
  renderer: ['shared', 'renderer'],
  tests: ['shared', 'engine', 'main', 'serve', 'cli', 'electron', 'renderer', 'tests'],
};

export default tseslint.config(
  {
    ignores: [
      'out/**',
      '.cache/**',
      '.tsbuild/**',
      'node_modules/**',
      'playwright-report/**',
      'test-results/**',
      'tests/goldens/**',
      // AssemblyScript: looks like TypeScript, but decorates functions and has other types.
      'src/main/engine/kernels/wasm/assembly/**',
      'src/main/engine/kernels/wasm/binaries.ts',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.{ts,tsx}', 'tests/**/*.ts'],
    plugins: { boundaries },
    settings: {
      'boundaries/legacy-warnings': false,
      'boundaries/include': ['src/**/*', 'tests/**/*'],
      'boundaries/elements': zones.map(([type, pattern]) => ({
        type,
        pattern,
        mode: 'full',
      })),
      'import/resolver': {
        typescript: {
          project: ['src/*/tsconfig.json', 'tests/tsconfig.json'],
          noWarnOnMultipleProjects: true,
        },
      },
    },
    rules: {
      'boundaries/no-unknown-files': 'error',
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          policies: Object.entries(allow).map(([from, to]) => ({
            from: { element: { type: from } },
            allow: { to: { element: { type: to } } },
          })),
        },
      ],
    },
  },
  {
    files: ['src/shared/**/*.ts'],
    // Programs that exports take along run on TensorFlow.js.
    ignores: ['**/*.test.ts', 'src/shared/codegen/*/program/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['node:*', 'electron', 'react', 'reactflow', '@tensorflow/*'],
              message: 'shared is pure TypeScript and zod.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/main/**/*.ts'],
    ignores: ['src/main/electron/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'electron', message: 'Only src/main/electron imports electron.' }] },
      ],
    },
  },
  {
    files: ['src/renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      'no-restricted-imports': [
        'error',
        { paths: [{ name: '@xyflow/react', message: 'Import from reactflow.' }] },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        fetch: 'readonly',
        AbortSignal: 'readonly',
        document: 'readonly',
        TextDecoder: 'readonly',
        TextEncoder: 'readonly',
      },
    },
  },
);
