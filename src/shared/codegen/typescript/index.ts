/**
 * The network and its training as a TypeScript program on TensorFlow.js: `model.ts` and `recipe.ts` are
 * written for the graph, the layers and the training loop that they use are copied from `program/`.
 */
import type { DataRecipe } from '../../data/recipe.js';
import { classWeightsOf } from '../../training/class-weights.js';
import type { IrHead } from '../../ir/types.js';
import { snakeCase } from '../names.js';
import { programFile, programFiles, withImports } from '../program-files.js';
import type { CodeFile, CodegenInput, GeneratedExport } from '../types.js';
import { generateModel } from './model.js';
import { pageFiles } from './page.js';
import { readme } from './readme.js';
import { generateRecipe } from './recipe.js';

const texts = import.meta.glob('./program/**/*', { query: '?raw', import: 'default', eager: true });

const losses = {
  'mean-squared-error': 'mean-squared-error',
  'mean-absolute-error': 'mean-absolute-error',
  huber: 'huber',
} as const;

/** Variants that the program takes, by the name that they have in it. */
function variants(recipe: DataRecipe, head: IrHead): Record<string, string> {
  const { task } = recipe;
  const data = task === 'next-token' && !head.perStep ? 'next-token-last' : task;
  const forecast = task === 'forecast';
  return {
    [`preprocessing/${forecast ? 'series' : 'text'}.ts`]: 'preprocessing.ts',
    [`predictions/${task}.ts`]: 'predictions.ts',
    [`training/data/${data}.ts`]: 'training/data.ts',
    'training/data/parts.ts': 'training/parts.ts',
    'training/data/rows.ts': 'training/rows.ts',
    'training/data/windows.ts': 'training/windows.ts',
    [`training/objectives/${forecast ? 'values' : 'classes'}.ts`]: 'training/objective.ts',
    ...(head.loss === 'cross-entropy'
      ? {}
      : { [`training/losses/${losses[head.loss]}.ts`]: 'training/regression-loss.ts' }),
  };
}

export function generateTypeScript(input: CodegenInput): GeneratedExport {
  const { document, program } = input;
  const files = programFiles(texts, variants(document.data, program.head));
  const { file: model, tensors } = generateModel(input);
  const written: CodeFile[] = [
    model,
    generateRecipe(document.training, classWeightsOf(document.training, input.facts)),
    packageFile(document.name),
    ...pageFiles(input, './dist/page.js'),
    ...['train.ts', 'predict.ts', 'verify.ts', 'page.ts', 'tsconfig.json'].map((name) =>
      programFile(name, files),
    ),
  ];
  const all = withImports(written, files);
  return {
    files: [...all, readme(input, all)],
    weights: [{ path: 'model.safetensors', format: 'safetensors', tensors }],
  };
}

function packageFile(name: string): CodeFile {
  const manifest = {
    name: snakeCase(name).replaceAll('_', '-').slice(0, 100) || 'network',
    version: '1.0.0',
    private: true,
    type: 'module',
    scripts: {
      build: 'tsc',
      train: 'tsc && node dist/train.js',
      predict: 'tsc && node dist/predict.js',
      verify: 'tsc && node dist/verify.js',
      start: 'node serve.mjs',
    },
    dependencies: { '@tensorflow/tfjs': '4.22.0' },
    devDependencies: { '@types/node': '^22.0.0', typescript: '^5.9.0' },
    engines: { node: '>=18.18' },
  };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  return { path: 'package.json', language: 'json', text, spans: [] };
}
