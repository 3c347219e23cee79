/** `train.py`: the recipe of the run as a program. */
import { importLines, listLines, pythonFloat } from '../python/format.js';
import type { CodeFile } from '../types.js';
import { CodeWriter } from '../writer.js';
import type { ProgramFacts } from './facts.js';
import { clipCode, lossCode, optimizerCode, scheduleCode, scheduleSteps } from './recipe.js';

export function generateTrain(facts: ProgramFacts): CodeFile {
  const { training, recipe, classWeights } = facts;
  const { clip, earlyStopping, schedule } = training;
  const tags = recipe.task === 'tagging';
  const fit = fitCode(facts);
  const scores = scoreCode(facts);
  const usesMath = [fit, scores, scheduleCode(schedule) ?? ''].some((text) =>
    text.includes('math.'),
  );
  const writer = new CodeWriter('    ');
  writer.line(
    '"""Trains the network as the studio trained it.',
    '',
    'python train.py begins with new weights, python train.py --from-exported with those of',
    'model.safetensors. The trained weights go to trained.safetensors.',
    '"""',
    '',
    'from __future__ import annotations',
    '',
    'import argparse',
    ...(usesMath ? ['import math'] : []),
    'from pathlib import Path',
    '',
    'import torch',
    'import torch.nn.functional as F',
    'from safetensors.torch import save_file',
    'from torch import Tensor, nn',
    '',
    ...importLines('data', [
      ...(tags ? ['IGNORED'] : []),
      'Batch',
      'Examples',
      'epoch_batches',
      'evaluation_batches',
    ]),
    ...importLines('model', [facts.className, 'load_model']),
    ...(recipe.task === 'forecast' ? ['from preprocessing import HORIZON, TARGET_SCALES'] : []),
    '',
    `EPOCHS = ${training.epochs}`,
    `BATCH_SIZE = ${training.batchSize}`,
    `LEARNING_RATE = ${pythonFloat(training.optimizer.learningRate)}`,
    ...(clip.value === null ? [] : [`CLIP_VALUE = ${pythonFloat(clip.value)}`]),
    ...(clip.norm === null ? [] : [`CLIP_NORM = ${pythonFloat(clip.norm)}`]),
    ...(classWeights === null
      ? []
      : [
          '# By class id: training labels / (classes * those of the class).',
          ...listLines('CLASS_WEIGHTS', classWeights.map(pythonFloat)),
        ]),
    ...(earlyStopping === null
      ? []
      : [
          '# Epochs without a gain, after which training ends.',
          `PATIENCE = ${Math.max(1, earlyStopping.patience)}`,
          ...(earlyStopping.minimumChange > 0
            ? [`MINIMUM_CHANGE = ${pythonFloat(earlyStopping.minimumChange)}`]
            : []),
        ]),
    `SEED = ${training.seed}`,
  );
  for (const part of [
    device,
    buildModel(facts),
    optimizerCode(training),
    scheduleCode(schedule),
    lossCode(facts),
    computeLoss(facts),
    clipCode(training),
    stepCode(facts),
    scores,
    fit,
    save,
    mainCode(facts),
  ])
    if (part !== null) writer.blank(2).line(part);
  return writer.file('train.py', 'python');
}

const device = `\
def choose_device() -> torch.device:
    """The fastest one that there is."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")`;

const buildModel = ({ className }: ProgramFacts): string => `\
def build_model(from_exported: bool) -> nn.Module:
    """The exported network, or one with new weights."""
    if from_exported:
        return load_model()
    return ${className}()`;

/** What the network is called with. */
const inputsOf = ({ recipe, padded }: ProgramFacts): string => {
  const first = recipe.task === 'forecast' ? 'batch.features' : 'batch.tokens';
  return padded ? `${first}, batch.lengths` : first;
};

const computeLoss = (facts: ProgramFacts): string => `\
def compute_loss(model: nn.Module, batch: Batch) -> Tensor:
    """The batch's mean loss, a scalar${facts.hasPenalty ? ', without the weight penalty' : ''}."""
${
  facts.classWeights === null
    ? `    return loss_of(model(${inputsOf(facts)}), batch)`
    : `\
    outputs = model(${inputsOf(facts)})
    return loss_of(outputs, batch, outputs.new_tensor(CLASS_WEIGHTS))`
}`;

const stepCode = (facts: ProgramFacts): string => `\
def train_step(
    model: nn.Module, optimizer: torch.optim.Optimizer, batch: Batch
) -> float:
    """One update. Returns the batch's mean loss before it."""
    optimizer.zero_grad()
    loss = compute_loss(model, batch)
    ${facts.hasPenalty ? '(loss + model.weight_penalty()).backward()' : 'loss.backward()'}
${hasClip(facts) ? '    clip_gradients(model)\n' : ''}    optimizer.step()
    return loss.item()`;

export const hasClip = ({ training: { clip } }: ProgramFacts): boolean =>
  clip.norm !== null || clip.value !== null;

/** Sums over batches, and the scores that they give. */
function scoreCode(facts: ProgramFacts): string {
  const { recipe, perStep } = facts;
  const forecast = recipe.task === 'forecast';
  const sums = forecast
    ? 'Loss, windows, values; absolute and squared errors, absolute ones of persistence.'
    : 'Loss, predictions, right predictions.';
  return `\
@torch.no_grad()
def add_up(
    model: nn.Module, examples: Examples, batches: list[list[int]], device: torch.device
) -> Tensor:
    """Sums over batches, without dropout.

    ${sums}
    """
    model.eval()
${forecast ? '    scales = torch.tensor(TARGET_SCALES * HORIZON, device=device)\n' : ''}    sums = torch.zeros(${forecast ? 6 : 3}, dtype=torch.float64)
    for numbers in batches:
        batch = examples.batch(numbers).to(device)
        outputs = model(${inputsOf(facts)})
        count = batch.predictions
        loss = loss_of(outputs, batch).item() * count
${
  forecast
    ? `\
        errors = (outputs - batch.targets) * scales
        persistence = (batch.persistence - batch.targets) * scales
        values = [errors.abs(), errors.square(), persistence.abs()]
        counts = [loss, count, errors.numel(), *(value.sum() for value in values)]
        sums += torch.tensor(counts, dtype=torch.float64)
    return sums`
    : `\
        correct = (outputs.argmax(dim=-1) == batch.targets).sum().item()
        sums += torch.tensor([loss, count, correct], dtype=torch.float64)
    return sums`
}


def scores_of(sums: Tensor) -> dict[str, float]:
${
  forecast
    ? `\
    """Loss in scaled units, errors in the targets' own."""
    loss, count, values, absolute, squared, persistence = sums.tolist()
    return {
        "loss": loss / count,
        "mean absolute error": absolute / values,
        "root mean squared error": math.sqrt(squared / values),
        "mean absolute error of persistence": persistence / values,
    }`
    : recipe.task === 'next-token'
      ? `\
    """Mean loss, share of right predictions, and perplexity."""
    loss, count, correct = sums.tolist()
    return {
        "loss": loss / count,
        "accuracy": correct / count,
        "perplexity": math.exp(loss / count),
    }`
      : `\
    """Mean loss and share of right ${perStep ? 'tags' : 'answers'}."""
    loss, count, correct = sums.tolist()
    return {"loss": loss / count, "accuracy": correct / count}`
}


def evaluate(
    model: nn.Module, examples: Examples, device: torch.device
) -> dict[str, float]:
    """Scores on all ${recipe.task === 'next-token' || forecast ? 'windows' : 'rows'}, without dropout."""
    batches = evaluation_batches(examples, BATCH_SIZE)
    return scores_of(add_up(model, examples, batches, device))


def describe(scores: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.4f}" for name, value in scores.items())`;
}

function fitCode(facts: ProgramFacts): string {
  const { training, examples, recipe } = facts;
  const { earlyStopping, schedule, shuffle } = training;
  const validates = examples.validation > 0;
  const steps = scheduleSteps(schedule);
  const restores = earlyStopping?.restoreBest === true;
  const metric =
    recipe.task === 'forecast' ? 'scores["mean absolute error"]' : '-scores["accuracy"]';
  const byMetric = earlyStopping?.monitor === 'metric';
  const monitored = byMetric ? metric : 'scores["loss"]';
  const needsScores =
    validates || earlyStopping !== null || steps.epoch?.includes('scores') === true;
  const lines: (string | false)[] = [
    'def fit(',
    '    model: nn.Module,',
    '    optimizer: torch.optim.Optimizer,',
    '    device: torch.device,',
    '    epochs: int = EPOCHS,',
    '    step=train_step,',
    '    score=evaluate,',
    '    report=print,',
    ') -> None:',
    `    """${
      earlyStopping === null
        ? 'Trains for a number of epochs.'
        : restores
          ? "Trains until patience ends, and puts the best epoch's weights back."
          : 'Trains until patience ends.'
    }`,
    '',
    '    step and score are others where several processes train together.',
    '    """',
    '    train = Examples("train")',
    validates && '    validation = Examples("validation")',
    schedule.kind === 'cosine' &&
      '    total_steps = epochs * math.ceil(len(train) / BATCH_SIZE)\n' +
        '    scheduler = build_scheduler(optimizer, total_steps)',
    (schedule.kind === 'step' || schedule.kind === 'plateau') &&
      '    scheduler = build_scheduler(optimizer)',
    earlyStopping !== null &&
      (restores
        ? '    best, best_weights, waited = math.inf, None, 0'
        : '    best, waited = math.inf, 0'),
    '    for epoch in range(1, epochs + 1):',
    '        model.train()',
    '        total, count = 0.0, 0',
    shuffle
      ? '        for numbers in epoch_batches(train, BATCH_SIZE, SEED, epoch):'
      : '        for numbers in epoch_batches(train, BATCH_SIZE):',
    '            batch = train.batch(numbers).to(device)',
    '            loss = step(model, optimizer, batch)',
    '            if not math.isfinite(loss):',
    '                raise RuntimeError("The loss is not finite: lower the learning rate.")',
    steps.update && '            scheduler.step()',
    '            total += loss * batch.predictions',
    '            count += batch.predictions',
    ...(validates
      ? [
          '        scores = score(model, validation, device)',
          '        report(',
          '            f"epoch {epoch}: training loss {total / count:.4f};"',
          '            f" validation {describe(scores)}"',
          '        )',
        ]
      : [
          needsScores &&
            (byMetric
              ? '        scores = score(model, train, device)'
              : '        scores = {"loss": total / count}'),
          '        report(f"epoch {epoch}: training loss {total / count:.4f}")',
        ]),
    steps.epoch !== null && `        ${steps.epoch}`,
  ];
  if (earlyStopping !== null) {
    const change = earlyStopping.minimumChange > 0 ? ' - MINIMUM_CHANGE' : '';
    lines.push(
      `        if ${monitored} < best${change}:`,
      `            best, waited = ${monitored}, 0`,
      restores &&
        '            weights = model.state_dict()\n' +
          '            best_weights = {name: value.clone() for name, value in weights.items()}',
      '        else:',
      '            waited += 1',
      '            if waited >= PATIENCE:',
      '                break',
    );
    if (restores)
      lines.push('    if best_weights is not None:', '        model.load_state_dict(best_weights)');
  }
  return lines.filter((line) => line !== false).join('\n');
}

const save = `\
def save_weights(model: nn.Module, path: Path) -> None:
    """Writes a file that load_model reads."""
    save_file({name: value.cpu() for name, value in model.state_dict().items()}, path)`;

/** Options of the command line, which train_ddp.py has too. */
const mainCode = ({ examples }: ProgramFacts): string => `\
def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from-exported", action="store_true")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--out", type=Path, default=Path("trained.safetensors"))
    return parser.parse_args()


def main() -> None:
    args = parse_arguments()
    device = choose_device()
    torch.manual_seed(SEED)
    model = build_model(args.from_exported).to(device)
    fit(model, build_optimizer(model), device, args.epochs)
${examples.test > 0 ? '    print(f"test {describe(evaluate(model, Examples(\'test\'), device))}")\n' : ''}    save_weights(model, args.out)


if __name__ == "__main__":
    main()`;
