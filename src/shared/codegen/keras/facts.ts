/** What the programs around the network need to know of it. */
import { isPadded } from '../modules.js';
import type { DataRecipe } from '../../data/recipe.js';
import type { IrHead } from '../../ir/types.js';
import { classWeightsOf } from '../../training/class-weights.js';
import type { TrainingRecipe } from '../../training/recipe.js';
import type { CodeFile, CodegenInput } from '../types.js';
import { CodeWriter } from '../writer.js';
import type { KerasModel, ModelInputs } from './model.js';

export interface KerasFacts {
  name: string;
  recipe: DataRecipe;
  training: TrainingRecipe;
  /** By class id; null where all count the same. */
  classWeights: readonly number[] | null;
  head: IrHead;
  /** Rows of one batch have different lengths. */
  padded: boolean;
  inputs: ModelInputs;
  /** Some weights have an L2 penalty. */
  hasPenalty: boolean;
  hasRecurrence: boolean;
  hasValidation: boolean;
  hasCustomLayers: boolean;
  sharedMaskCells: boolean;
}

export function factsOf({ document, program, facts }: CodegenInput, model: KerasModel): KerasFacts {
  return {
    name: document.name,
    recipe: document.data,
    training: document.training,
    classWeights: classWeightsOf(document.training, facts),
    head: program.head,
    padded: isPadded(program),
    inputs: model.inputs,
    hasPenalty: program.parameters.some(({ l2 }) => l2 > 0),
    hasRecurrence: program.ops.some(({ op }) => op === 'recurrent'),
    hasValidation: facts.examples.validation > 0,
    hasCustomLayers: model.customLayers.length > 0,
    sharedMaskCells: model.customLayers.some((name) => name.startsWith('SharedMask')),
  };
}

export interface PythonFile {
  path: string;
  docstring: string;
  /** Groups of imports: standard library, packages, own files. */
  imports: string[][];
  /** Constants after the imports. */
  constants?: string[];
  /** Functions and classes. */
  definitions: string[];
  /** The last lines, e.g. the call of `main`. */
  end?: string;
}

/** A module with Black's blank lines. */
export function pythonFile(given: PythonFile): CodeFile {
  const { path, docstring, imports, constants = [], definitions, end } = given;
  const writer = new CodeWriter('    ');
  writer.line(`"""${docstring}"""`).blank();
  writer.line('from __future__ import annotations');
  for (const group of imports) if (group.length > 0) writer.blank().line(...group);
  if (constants.length > 0) writer.blank().line(...constants);
  for (const definition of definitions) writer.blank(2).line(definition);
  if (end !== undefined) writer.blank(2).line(end);
  return writer.file(path, 'python');
}
