/** Every target that is a network in another framework. A new one is a folder of its own and a line here. */
import { StudioError } from '../errors.js';
import { generateKeras } from './keras/index.js';
import { generateOnnx } from './onnx/index.js';
import { exportTargets } from './types.js';
import { generatePyTorch } from './pytorch/index.js';
import { generateTypeScript } from './typescript/index.js';
import type { CodegenInput, GeneratedExport } from './types.js';

export const modelTargets = exportTargets.filter(
  (target) => target !== 'report' && target !== 'zip',
);
export type ModelTarget = (typeof modelTargets)[number];
export type Generator = (input: CodegenInput) => GeneratedExport;

const comes = (target: ModelTarget): Generator => {
  return () => {
    throw new StudioError('target-unavailable', `This version has no export to ${target}.`);
  };
};

export const generators: Readonly<Record<ModelTarget, Generator>> = {
  pytorch: generatePyTorch,
  keras: generateKeras,
  tfjs: comes('tfjs'),
  typescript: generateTypeScript,
  onnx: generateOnnx,
};
