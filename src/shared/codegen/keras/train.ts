/** `train.py`: the run's training recipe over data/. */
import type { ScheduleRecipe } from '../../training/recipe.js';
import { importLines, listLines, pythonFloat } from '../python/format.js';
import type { CodeFile } from '../types.js';
import { pythonFile } from './facts.js';
import type { KerasFacts } from './facts.js';

export function generateTrain(facts: KerasFacts): CodeFile {
  const { training, hasRecurrence, classWeights } = facts;
  const { schedule } = training;
  return pythonFile({
    path: 'train.py',
    docstring: `\
Trains the network on data/ with the run's recipe.

Usage: python train.py [--epochs N] [--output trained.weights.h5]
`,
    imports: [
      ['import argparse', 'import math', 'from pathlib import Path'],
      ['import keras', 'import numpy as np', ...(hasRecurrence ? ['from keras import ops'] : [])],
      [
        'from data import Batch, make_batch, read_examples',
        'from model import build_model',
        'from optimizer import build_optimizer',
        ...(forecasts(facts) ? importLines('preprocessing', ['HORIZON', 'TARGET_SCALES']) : []),
      ],
    ],
    constants: [
      `EPOCHS = ${training.epochs}`,
      `BATCH_SIZE = ${training.batchSize}`,
      ...(schedule.kind === 'constant'
        ? []
        : [`LEARNING_RATE = ${pythonFloat(training.optimizer.learningRate)}`]),
      `SEED = ${training.seed}`,
      ...lossLines(facts),
      ...(classWeights === null
        ? []
        : [
            '# By class id: training labels / (classes * those of the class).',
            ...listLines('CLASS_WEIGHTS', classWeights.map(pythonFloat)),
          ]),
    ],
    definitions: [
      ...(classWeights === null ? [] : [sampleWeights]),
      computeLoss(facts),
      trainStep(facts),
      evaluate(facts),
      epochBatches(facts),
      ...(schedule.kind === 'constant' ? [] : [learningRateAt(schedule)]),
      ...(hasRecurrence ? [initialize] : []),
      train(facts),
      describe(facts),
      main,
    ],
    end: 'if __name__ == "__main__":\n    main()',
  });
}

const forecasts = ({ recipe }: KerasFacts): boolean => recipe.task === 'forecast';

function lossLines({ head }: KerasFacts): string[] {
  // The batch's weights make the sum a mean.
  switch (head.loss) {
    case 'cross-entropy':
      return [
        'LOSS = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="sum")',
      ];
    case 'mean-squared-error':
      return ['LOSS = keras.losses.MeanSquaredError(reduction="sum")'];
    case 'mean-absolute-error':
      return ['LOSS = keras.losses.MeanAbsoluteError(reduction="sum")'];
    case 'huber':
      return ['LOSS = keras.losses.Huber(delta=1.0, reduction="sum")'];
  }
}

const sampleWeights = `\
def sample_weights(batch: Batch) -> np.ndarray:
    """Share of each prediction in the training loss: its class counts by its weight."""
    return batch.weights * np.array(CLASS_WEIGHTS, "float32")[batch.targets]`;

const computeLoss = ({ classWeights }: KerasFacts): string => `\
def compute_loss(model: keras.Model, batch: Batch) -> float:
    """Mean loss of the batch's predictions, without dropout and penalties."""
    logits = model.predict_on_batch(batch.inputs)
    return float(LOSS(batch.targets, logits, sample_weight=${classWeights === null ? 'batch.weights' : 'sample_weights(batch)'}))`;

function trainStep(facts: KerasFacts): string {
  const weights = facts.classWeights === null ? 'batch.weights' : 'weights';
  return `\
def train_step(
    model: keras.Model, optimizer: keras.optimizers.Optimizer, batch: Batch
) -> float:
    """One update of the weights. Returns the loss before it${facts.hasPenalty ? ', without penalties' : ''}."""
    if getattr(model, "optimizer", None) is not optimizer:
        # Only JAX compiles: XLA would do it again for every length.
        jit = keras.backend.backend() == "jax"
        model.compile(optimizer, LOSS, jit_compile=jit)
    model.reset_metrics()
${facts.classWeights === null ? '' : '    weights = sample_weights(batch)\n'}\
${
  facts.hasPenalty
    ? `\
    penalty = float(sum(model.losses))
    total = model.train_on_batch(batch.inputs, batch.targets, ${weights})
    return float(total) - penalty`
    : `\
    return float(model.train_on_batch(batch.inputs, batch.targets, ${weights}))`
}`;
}

function evaluate(facts: KerasFacts): string {
  const { recipe } = facts;
  const forecast = forecasts(facts);
  const metric = forecast ? 'error' : 'accuracy';
  const what = forecast ? "mean absolute error in the targets' own units" : 'accuracy';
  const right =
    recipe.task === 'tagging'
      ? '(logits.argmax(-1) == batch.targets) & (batch.weights > 0)'
      : 'logits.argmax(-1) == batch.targets';
  const sum = forecast
    ? `\
        errors = np.abs(logits - batch.targets) * scales
        total += float(errors.mean(-1).sum())`
    : `\
        right = ${right}
        total += int(right.sum())`;
  return `\
def evaluate(model: keras.Model, examples: list) -> dict[str, float]:
    """Mean loss and ${what}, without dropout."""
    examples = sorted(examples, key=lambda example: len(example[0]))
    loss, total, count = 0.0, 0.0, 0
${forecast ? '    scales = np.tile(TARGET_SCALES, HORIZON)\n' : ''}\
    for start in range(0, len(examples), BATCH_SIZE):
        batch = make_batch(examples[start : start + BATCH_SIZE])
        logits = model.predict_on_batch(batch.inputs)
        batch_loss = LOSS(batch.targets, logits, sample_weight=batch.weights)
        loss += float(batch_loss) * batch.count
${sum}
        count += batch.count
    return {"loss": loss / count, "${metric}": total / count}`;
}

function epochBatches({ training, padded }: KerasFacts): string {
  const { shuffle, bucketing } = training;
  const buckets = bucketing && padded;
  const order = shuffle ? 'random.permutation(len(examples))' : 'np.arange(len(examples))';
  const summary = buckets
    ? 'All examples once, rows of similar length in one batch.'
    : 'All examples once.';
  const lines = [
    'def epoch_batches(examples: list, random: np.random.Generator) -> list[list]:',
    `    """${summary}"""`,
    `    order = ${order}`,
  ];
  if (buckets) {
    lines.push(
      '    # Enough rows are sorted together that little is padded, few enough to stay random.',
      '    bucket = 50 * BATCH_SIZE',
      '    batches = []',
      '    for start in range(0, len(order), bucket):',
      '        rows = sorted(order[start : start + bucket], key=lambda i: len(examples[i][0]))',
      '        for first in range(0, len(rows), BATCH_SIZE):',
      '            batches.append([examples[i] for i in rows[first : first + BATCH_SIZE]])',
    );
    if (shuffle) lines.push('    random.shuffle(batches)');
    lines.push('    return batches');
  } else
    lines.push(
      '    return [',
      '        [examples[i] for i in order[start : start + BATCH_SIZE]]',
      '        for start in range(0, len(order), BATCH_SIZE)',
      '    ]',
    );
  return lines.join('\n');
}

function learningRateAt(schedule: Exclude<ScheduleRecipe, { kind: 'constant' }>): string {
  switch (schedule.kind) {
    case 'cosine': {
      const { warmUpSteps, finalFactor } = schedule;
      const factor = pythonFloat(finalFactor);
      const warmUp =
        warmUpSteps === 0
          ? ''
          : `\
    if step < ${warmUpSteps}:
        return LEARNING_RATE * (step + 1) / ${warmUpSteps}
`;
      const passed = warmUpSteps === 0 ? 'step' : `(step - ${warmUpSteps})`;
      const left = warmUpSteps === 0 ? 'steps - 1' : `steps - 1 - ${warmUpSteps}`;
      return `\
def learning_rate_at(step: int, steps: int) -> float:
    """${warmUpSteps === 0 ? 'Half' : 'Warm-up, then half'} a cosine (Loshchilov & Hutter 2017) to ${factor} of the rate."""
${warmUp}\
    progress = min(1.0, ${passed} / max(1, ${left}))
    cosine = (1 + math.cos(math.pi * progress)) / 2
    return LEARNING_RATE * (${factor} + (1 - ${factor}) * cosine)`;
    }
    case 'step':
      return `\
def learning_rate_at(epoch: int) -> float:
    """${pythonFloat(schedule.factor)} of the rate after every ${schedule.everyEpochs} epochs."""
    return LEARNING_RATE * ${pythonFloat(schedule.factor)} ** (epoch // ${schedule.everyEpochs})`;
    case 'plateau': {
      const least = pythonFloat(schedule.minimumLearningRate);
      return `\
def learning_rate_at(reductions: int) -> float:
    """${pythonFloat(schedule.factor)} of the rate each time that the loss has stopped to fall."""
    least = min(LEARNING_RATE, ${least})
    return max(least, LEARNING_RATE * ${pythonFloat(schedule.factor)}**reductions)`;
    }
  }
}

const initialize = `\
def initialize_recurrence(model: keras.Model) -> None:
    """Makes the recurrent kernel of each gate orthogonal (Saxe et al. 2014).

    Keras' own initializer makes the kernel of all gates together orthogonal.
    """
    orthogonal = keras.initializers.Orthogonal
    for variable in model.trainable_variables:
        if variable.name == "recurrent_kernel":
            units, width = variable.shape
            gates = [orthogonal()((units, units)) for _ in range(width // units)]
            variable.assign(ops.concatenate(gates, axis=1))`;

function train(facts: KerasFacts): string {
  const { training, hasRecurrence, hasValidation } = facts;
  const { schedule, earlyStopping } = training;
  const metric = forecasts(facts) ? 'error' : 'accuracy';
  const plateau = schedule.kind === 'plateau';
  const restores = earlyStopping?.restoreBest === true;
  const rate = {
    constant: null,
    cosine: 'learning_rate_at(step, steps)',
    step: 'learning_rate_at(epoch)',
    plateau: 'learning_rate_at(reductions)',
  }[schedule.kind];

  const lines = [
    'def train(epochs: int = EPOCHS) -> keras.Model:',
    '    """A network trained from new weights; prints what it scores."""',
    '    keras.utils.set_random_seed(SEED)',
    '    random = np.random.default_rng(SEED)',
    '    examples = read_examples("train")',
    ...(hasValidation ? ['    validation = read_examples("validation")'] : []),
    '    model = build_model()',
    ...(hasRecurrence ? ['    initialize_recurrence(model)'] : []),
    '    optimizer = build_optimizer()',
    ...(schedule.kind === 'cosine'
      ? ['    step, steps = 0, epochs * math.ceil(len(examples) / BATCH_SIZE)']
      : []),
    ...(earlyStopping === null
      ? []
      : [
          `    best, ${restores ? 'best_weights, ' : ''}epochs_without_gain = math.inf, ${restores ? 'None, ' : ''}0`,
        ]),
    ...(plateau ? ['    lowest, epochs_on_plateau, reductions = math.inf, 0, 0'] : []),
    '    for epoch in range(epochs):',
    '        loss, count = 0.0, 0',
    '        for rows in epoch_batches(examples, random):',
    '            batch = make_batch(rows)',
    ...(rate === null ? [] : [`            optimizer.learning_rate = ${rate}`]),
    '            loss += train_step(model, optimizer, batch) * batch.count',
    '            count += batch.count',
    ...(schedule.kind === 'cosine' ? ['            step += 1'] : []),
    `        scores = evaluate(model, ${hasValidation ? 'validation' : 'examples'})`,
    '        print(',
    '            f"epoch {epoch + 1}: loss {loss / count:.4f}, "',
    `            f"${hasValidation ? 'validation' : 'then'} {describe(scores)}",`,
    '            flush=True,',
    '        )',
  ];
  if (plateau)
    lines.push(
      '        if scores["loss"] < lowest:',
      '            lowest, epochs_on_plateau = scores["loss"], 0',
      '        else:',
      '            epochs_on_plateau += 1',
      `            if epochs_on_plateau >= ${Math.max(1, schedule.patience)}:`,
      '                epochs_on_plateau, reductions = 0, reductions + 1',
    );
  if (earlyStopping !== null) {
    const monitored =
      earlyStopping.monitor === 'loss'
        ? 'scores["loss"]'
        : metric === 'error'
          ? 'scores["error"]'
          : '-scores["accuracy"]';
    const margin =
      earlyStopping.minimumChange === 0 ? '' : ` - ${pythonFloat(earlyStopping.minimumChange)}`;
    lines.push(
      `        if ${monitored} < best${margin}:`,
      `            best, epochs_without_gain = ${monitored}, 0`,
      ...(restores ? ['            best_weights = model.get_weights()'] : []),
      '        else:',
      '            epochs_without_gain += 1',
      `            if epochs_without_gain >= ${Math.max(1, earlyStopping.patience)}:`,
      '                break',
    );
    if (restores)
      lines.push('    if best_weights is not None:', '        model.set_weights(best_weights)');
  }
  lines.push('    return model');
  return lines.join('\n');
}

const describe = ({ recipe }: KerasFacts): string => {
  const loss = `f"loss {scores['loss']:.4f}`;
  const lines =
    recipe.task === 'forecast'
      ? [`${loss}, mean absolute error {scores['error']:.4f}"`]
      : recipe.task === 'next-token'
        ? [
            `${loss}, perplexity {math.exp(scores['loss']):.3f}, "`,
            `f"accuracy {scores['accuracy']:.4f}"`,
          ]
        : [`${loss}, accuracy {scores['accuracy']:.4f}"`];
  return [
    'def describe(scores: dict[str, float]) -> str:',
    '    """In words."""',
    ...(lines.length === 1
      ? lines.map((line) => `    return ${line}`)
      : ['    return (', ...lines.map((line) => `        ${line}`), '    )']),
  ].join('\n');
};

const main = `\
def main() -> None:
    parser = argparse.ArgumentParser(description="Trains the network on data/.")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--output", type=Path, default=Path("trained.weights.h5"))
    args = parser.parse_args()
    model = train(args.epochs)
    test = read_examples("test")
    if test:
        print(f"test {describe(evaluate(model, test))}")
    model.save_weights(str(args.output))
    print(f"The weights are in {args.output}.")`;
