/** Every target that is a network in another framework. A new one is a folder of its own and a line here. */
import { generateKeras } from './keras/index.js';
import { generateOnnx } from './onnx/index.js';
import { exportTargets } from './types.js';
import { generatePyTorch } from './pytorch/index.js';
import { generateTfjs } from './tfjs/index.js';
import { generateTypeScript } from './typescript/index.js';
import type { CodegenInput, GeneratedExport } from './types.js';

export const modelTargets = exportTargets.filter(
  (target) => target !== 'report' && target !== 'zip',
);
export type ModelTarget = (typeof modelTargets)[number];
export type Generator = (input: CodegenInput) => GeneratedExport;

export const generators: Readonly<Record<ModelTarget, Generator>> = {
  pytorch: generatePyTorch,
  keras: generateKeras,
  tfjs: generateTfjs,
  typescript: generateTypeScript,
  onnx: generateOnnx,
};
