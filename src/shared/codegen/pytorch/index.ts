/** The PyTorch export: a network that a person would write, its training, and its proof. */
import { classWeightsOf } from '../../training/class-weights.js';
import { generatePreprocessing } from '../python/preprocessing.js';
import type { CodegenInput, GeneratedExport } from '../types.js';
import { generateData } from './data.js';
import { generateDistributed } from './distributed.js';
import type { ProgramFacts } from './facts.js';
import { generateLayers } from './layers.js';
import { generateModel } from './model.js';
import { generatePredict } from './predict.js';
import { generateReadme, generateRequirements } from './readme.js';
import { generateTrain } from './train.js';
import { generateVerify } from './verify.js';

export function generatePyTorch({ document, program, facts }: CodegenInput): GeneratedExport {
  const model = generateModel(document, program);
  const about: ProgramFacts = {
    recipe: document.data,
    training: document.training,
    classWeights: classWeightsOf(document.training, facts),
    head: program.head,
    examples: facts.examples,
    className: model.className,
    padded: model.padded,
    perStep: program.head.perStep,
    hasPenalty: model.hasPenalty,
  };
  const lstm = program.ops.some((op) => op.op === 'recurrent' && op.cell === 'lstm');
  const layers = generateLayers(model.helpers, { padded: model.padded, lstm });
  return {
    files: [
      model.file,
      ...(layers === null ? [] : [layers]),
      generatePreprocessing(document.data),
      generateData(about),
      generateTrain(about),
      generateDistributed(about),
      generatePredict(about),
      generateVerify(about),
      generateReadme(about, document, layers !== null),
      generateRequirements(about),
    ],
    weights: [{ path: 'model.safetensors', format: 'safetensors', tensors: model.tensors }],
  };
}
