/**
 * The network as TF.js loads it: `model.json` and `weights.bin` for `tf.loadLayersModel`, the custom layers
 * that it needs, and small programs around it. Those are copied from `program/`; what the TypeScript
 * program has too is its file without the types.
 */
import { snakeCase } from '../names.js';
import { programFile, programFiles, withImports } from '../program-files.js';
import type { CodeFile, CodegenInput, GeneratedExport } from '../types.js';
import { pageFiles } from '../typescript/page.js';
import { layersModel } from './layers-model.js';
import { readme } from './readme.js';

const texts = import.meta.glob('./program/**/*', { query: '?raw', import: 'default', eager: true });

/** Files of custom layers. */
const layerFiles: Readonly<Record<string, string>> = {
  ResetAfterGRU: 'reset-after-gru',
  WithInitialState: 'with-initial-state',
  ReverseTime: 'reverse-time',
  LastStep: 'last-step',
  PoolOverTime: 'pool-over-time',
  AddSequences: 'add-sequences',
  AdditiveAttention: 'additive-attention',
  DotAttention: 'dot-attention',
};

export function generateTfjs(input: CodegenInput): GeneratedExport {
  const { document } = input;
  const { task } = document.data;
  const { topology, tensors, customLayers } = layersModel(input);
  const program = programFiles(texts, {
    [`preprocessing/${task === 'forecast' ? 'series' : 'text'}.js`]: 'preprocessing.js',
    [`predictions/${task}.js`]: 'predictions.js',
  });
  const model = programFile('model.js', program);
  const custom = [...customLayers].sort();
  const written: CodeFile[] = [
    custom.length === 0 ? model : { ...model, text: registering(model.text) },
    ...(custom.length === 0 ? [] : [layersFile(custom)]),
    jsonFile('model.json', {
      format: 'layers-model',
      generatedBy: 'Unroll Studio',
      convertedBy: null,
      modelTopology: topology,
      weightsManifest: [
        {
          paths: ['weights.bin'],
          weights: tensors.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })),
        },
      ],
    }),
    jsonFile('package.json', {
      name: snakeCase(document.name).replaceAll('_', '-').slice(0, 100) || 'network',
      version: '1.0.0',
      private: true,
      type: 'module',
      scripts: { predict: 'node predict.mjs', verify: 'node verify.mjs', start: 'node serve.mjs' },
      dependencies: { '@tensorflow/tfjs': '4.22.0' },
      engines: { node: '>=18' },
    }),
    ...pageFiles(input, './page.js'),
    ...['predict.mjs', 'verify.mjs', 'page.js'].map((name) => programFile(name, program)),
  ];
  const files = withImports(written, program);
  return {
    files: [...files, readme(input, custom)],
    weights: [{ path: 'weights.bin', format: 'raw', tensors }],
  };
}

/** The custom layers must be known before the model is loaded. */
const registering = (text: string): string =>
  text.replace(/^import \{ Preprocessor/m, "import './layers.js';\n$&");

function layersFile(customLayers: readonly string[]): CodeFile {
  const text = `/**
 * What the model needs beyond TF.js' own layers. Import it once, before \`tf.loadLayersModel\`:
 * each file registers its class.
 */
${customLayers.map((name) => `export { ${name} } from './layers/${layerFiles[name]}.js';`).join('\n')}
`;
  return { path: 'layers.js', language: 'javascript', text, spans: [] };
}

function jsonFile(path: string, value: unknown): CodeFile {
  return { path, language: 'json', text: `${JSON.stringify(value, null, 2)}\n`, spans: [] };
}
