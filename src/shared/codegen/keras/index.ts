/** IR → Keras 3: a functional model, its weights, and the programs that train, use and verify it. */
import type { CodegenInput, GeneratedExport } from '../types.js';
import { generateModel } from './model.js';

export function generateKeras(input: CodegenInput): GeneratedExport {
  const model = generateModel(input);
  return { files: [model.file], weights: [model.weights] };
}
