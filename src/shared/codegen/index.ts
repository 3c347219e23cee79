/** Every target that is a network in another framework. A new one is a folder of its own and a line here. */
import { StudioError } from '../errors.js';
import { generateOnnx } from './onnx/index.js';
import type { CodegenInput, ExportTarget, GeneratedExport } from './types.js';

export type ModelTarget = Exclude<ExportTarget, 'report' | 'zip'>;
export type Generator = (input: CodegenInput) => GeneratedExport;

const comes = (target: ModelTarget): Generator => {
  return () => {
    throw new StudioError('target-unavailable', `This version has no export to ${target}.`);
  };
};

export const generators: Readonly<Record<ModelTarget, Generator>> = {
  pytorch: comes('pytorch'),
  keras: comes('keras'),
  tfjs: comes('tfjs'),
  typescript: comes('typescript'),
  onnx: generateOnnx,
};
