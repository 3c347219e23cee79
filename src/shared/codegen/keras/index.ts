/** IR → Keras 3: a functional model, its weights, and the programs that train, use and verify it. */
import { generatePreprocessing } from '../python/preprocessing.js';
import type { CodegenInput, GeneratedExport } from '../types.js';
import { generateData } from './data.js';
import { factsOf } from './facts.js';
import { generateModel } from './model.js';
import { generateOptimizer } from './optimizer.js';
import { generatePredict } from './predict.js';
import { generateReadme, generateRequirements } from './readme.js';
import { generateTrain } from './train.js';
import { generateSave, generateVerify } from './verify.js';

export function generateKeras(input: CodegenInput): GeneratedExport {
  const model = generateModel(input);
  const facts = factsOf(input, model);
  return {
    files: [
      model.file,
      generatePreprocessing(input.document.data),
      generateData(facts),
      generateOptimizer(facts),
      generateTrain(facts),
      generatePredict(facts),
      generateSave(),
      generateVerify(facts),
      generateReadme(facts),
      generateRequirements(facts),
    ],
    weights: [model.weights],
  };
}
