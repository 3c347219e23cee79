/** `recipe.ts` of the exported program: how the network was trained, as constants that can be changed. */
import type { OptimizerRecipe, ScheduleRecipe, TrainingRecipe } from '../../training/recipe.js';
import { number } from '../names.js';
import type { CodeFile } from '../types.js';
import { CodeWriter } from '../writer.js';
import { numbers } from './layout.js';

const optimizers = {
  adam: ['Adam', './training/optimizers/adam.ts'],
  adamw: ['Adam', './training/optimizers/adam.ts'],
  sgd: ['SGD', './training/optimizers/sgd.ts'],
  rmsprop: ['RMSProp', './training/optimizers/rmsprop.ts'],
} as const;

const schedules = {
  constant: ['constant', './training/schedules/constant.ts'],
  cosine: ['cosine', './training/schedules/cosine.ts'],
  step: ['stepwise', './training/schedules/step.ts'],
  plateau: ['plateau', './training/schedules/plateau.ts'],
} as const;

/** @param classWeights by class id; null where all count the same. */
export function generateRecipe(
  recipe: TrainingRecipe,
  classWeights: readonly number[] | null,
): CodeFile {
  const [optimizer, optimizerFile] = optimizers[recipe.optimizer.kind];
  const [schedule, scheduleFile] = schedules[recipe.schedule.kind];
  const { clip, earlyStopping } = recipe;
  const writer = new CodeWriter('  ');
  writer.line(
    '/** How the network is trained. */',
    "import type * as tf from '@tensorflow/tfjs';",
    "import type { Recipe } from './training/fit.ts';",
    ...(classWeights === null ? [] : ["import { weightedLoss } from './training/objective.ts';"]),
    `import { ${optimizer} } from '${optimizerFile}';`,
    "import type { Optimizer } from './training/optimizers/optimizer.ts';",
    `import { ${schedule} } from '${scheduleFile}';`,
  );
  writer.blank().line('export const recipe: Recipe = {');
  writer.indent(() => {
    writer.line(`epochs: ${recipe.epochs},`, `batchSize: ${recipe.batchSize},`);
    writer.line(`clip: { norm: ${optional(clip.norm)}, value: ${optional(clip.value)} },`);
    if (classWeights !== null) {
      writer.line('// By class id: training labels / (classes · those of the class).');
      const weights = classWeights.map(number);
      writer.line(numbers('trainLoss: weightedLoss(', weights, '),', writer.column));
    }
    if (earlyStopping === null) writer.line('earlyStopping: null,');
    else
      writer
        .line('earlyStopping: {')
        .indent(() =>
          writer.line(
            `monitor: '${earlyStopping.monitor}',`,
            `patience: ${earlyStopping.patience},`,
            `minimumChange: ${number(earlyStopping.minimumChange)},`,
            `restoreBest: ${earlyStopping.restoreBest},`,
          ),
        )
        .line('},');
    writer.line(`bucketing: ${recipe.bucketing},`, `shuffle: ${recipe.shuffle},`);
    writer.line(`seed: ${recipe.seed},`);
  });
  writer.line('};');
  const given = [number(recipe.optimizer.learningRate), ...scheduleOptions(recipe.schedule)];
  writer.blank().line(`export const schedule = ${schedule}(${given.join(', ')});`);
  writer.blank().line('export const createOptimizer = (variables: tf.Variable[]): Optimizer =>');
  writer.indent(() =>
    writer.line(`new ${optimizer}(variables, ${optimizerOptions(recipe.optimizer)});`),
  );
  return writer.file('recipe.ts', 'typescript');
}

const optional = (value: number | null): string => (value === null ? 'null' : number(value));

function scheduleOptions(schedule: ScheduleRecipe): string[] {
  switch (schedule.kind) {
    case 'constant':
      return [];
    case 'cosine':
      return [fields({ warmUpSteps: schedule.warmUpSteps, finalFactor: schedule.finalFactor })];
    case 'step':
      return [fields({ everyEpochs: schedule.everyEpochs, factor: schedule.factor })];
    case 'plateau': {
      const { patience, factor, minimumLearningRate } = schedule;
      return [fields({ patience, factor, minimumLearningRate })];
    }
  }
}

function optimizerOptions(optimizer: OptimizerRecipe): string {
  switch (optimizer.kind) {
    case 'adam':
    case 'adamw': {
      const { beta1, beta2, epsilon } = optimizer;
      const decay = optimizer.kind === 'adamw' ? { weightDecay: optimizer.weightDecay } : {};
      return fields({ beta1, beta2, epsilon, ...decay });
    }
    case 'sgd':
      return `{ momentum: ${number(optimizer.momentum)}, nesterov: ${optimizer.nesterov} }`;
    case 'rmsprop': {
      const { decay, epsilon, momentum } = optimizer;
      return fields({ decay, epsilon, momentum });
    }
  }
}

const fields = (values: Record<string, number>): string =>
  `{ ${Object.entries(values)
    .map(([name, value]) => `${name}: ${number(value)}`)
    .join(', ')} }`;
