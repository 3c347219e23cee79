/** The training recipe in PyTorch's terms: optimizer, schedule, clipping, loss. */
import type { IrHead } from '../../ir/types.js';
import type { OptimizerRecipe, ScheduleRecipe, TrainingRecipe } from '../../training/recipe.js';
import { number } from '../names.js';
import { bracketed, pythonFloat } from '../python/format.js';
import { CodeWriter } from '../writer.js';
import type { ProgramFacts } from './facts.js';

const names = { adam: 'Adam', adamw: 'AdamW', sgd: 'SGD', rmsprop: 'RMSprop' } as const;

function optimizerArguments(recipe: OptimizerRecipe): string[] {
  switch (recipe.kind) {
    case 'adam':
    case 'adamw':
      return [
        `betas=(${number(recipe.beta1)}, ${number(recipe.beta2)})`,
        `eps=${number(recipe.epsilon)}`,
        // AdamW's own default is not zero.
        ...(recipe.kind === 'adamw' ? [`weight_decay=${number(recipe.weightDecay)}`] : []),
      ];
    case 'sgd':
      return [
        ...(recipe.momentum > 0 ? [`momentum=${number(recipe.momentum)}`] : []),
        ...(recipe.nesterov && recipe.momentum > 0 ? ['nesterov=True'] : []),
      ];
    case 'rmsprop':
      return [
        `alpha=${number(recipe.decay)}`,
        `eps=${number(recipe.epsilon)}`,
        ...(recipe.momentum > 0 ? [`momentum=${number(recipe.momentum)}`] : []),
      ];
  }
}

export function optimizerCode({ optimizer }: TrainingRecipe): string {
  const w = new CodeWriter('    ');
  w.line('def build_optimizer(model: nn.Module) -> torch.optim.Optimizer:').indent(() => {
    w.line('parameters = [p for p in model.parameters() if p.requires_grad]');
    const items = ['parameters', 'lr=LEARNING_RATE', ...optimizerArguments(optimizer)];
    bracketed(w, `return torch.optim.${names[optimizer.kind]}(`, items, ')');
  });
  return w.file('', 'python').text.trimEnd();
}

/** @returns null for a constant rate. */
export function scheduleCode(schedule: ScheduleRecipe): string | null {
  const head = 'def build_scheduler(optimizer: torch.optim.Optimizer, total_steps: int):';
  switch (schedule.kind) {
    case 'constant':
      return null;
    case 'cosine': {
      const { warmUpSteps, finalFactor } = schedule;
      return `\
${head}
    """${warmUpSteps > 0 ? 'Linear warm-up, then half a cosine' : 'Half a cosine'} over all steps (Loshchilov & Hutter 2017)."""

    def factor(step: int) -> float:
${
  warmUpSteps > 0
    ? `\
        if step < ${warmUpSteps}:
            return (step + 1) / ${warmUpSteps}
        progress = min(1, (step - ${warmUpSteps}) / max(1, total_steps - ${warmUpSteps + 1}))
`
    : `\
        progress = min(1, step / max(1, total_steps - 1))
`
}        cosine = (1 + math.cos(math.pi * progress)) / 2
        return ${finalFactor > 0 ? `${pythonFloat(finalFactor)} + ${pythonFloat(1 - finalFactor)} * cosine` : 'cosine'}

    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)`;
    }
    case 'step': {
      const w = new CodeWriter('    ');
      w.line('def build_scheduler(optimizer: torch.optim.Optimizer):').indent(() => {
        const factor = pythonFloat(schedule.factor);
        w.line(`"""Times ${factor} every ${schedule.everyEpochs} epochs."""`);
        bracketed(
          w,
          'return torch.optim.lr_scheduler.StepLR(',
          ['optimizer', `step_size=${schedule.everyEpochs}`, `gamma=${factor}`],
          ')',
        );
      });
      return w.file('', 'python').text.trimEnd();
    }
    case 'plateau': {
      const patience = Math.max(1, schedule.patience);
      return `\
def build_scheduler(optimizer: torch.optim.Optimizer):
    """Times ${pythonFloat(schedule.factor)} after ${patience} ${patience === 1 ? 'epoch' : 'epochs'} without a lower loss."""
    return torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer,
        factor=${pythonFloat(schedule.factor)},
        patience=${patience - 1},
        threshold=0.0,
        min_lr=min(LEARNING_RATE, ${pythonFloat(schedule.minimumLearningRate)}),
        eps=0.0,
    )`;
    }
  }
}

/** Lines that bring a schedule on, after an update and after an epoch. */
export function scheduleSteps({ kind }: ScheduleRecipe): { update: boolean; epoch: string | null } {
  if (kind === 'cosine') return { update: true, epoch: null };
  if (kind === 'step') return { update: false, epoch: 'scheduler.step()' };
  if (kind === 'plateau') return { update: false, epoch: 'scheduler.step(scores["loss"])' };
  return { update: false, epoch: null };
}

/** @returns null where nothing is clipped. */
export function clipCode({ clip }: TrainingRecipe): string | null {
  if (clip.norm === null && clip.value === null) return null;
  const lines = [
    'def clip_gradients(model: nn.Module) -> None:',
    clip.norm !== null && clip.value !== null
      ? '    """Each element first, then the norm over all parameters."""'
      : clip.norm !== null
        ? '    """Limits the norm over all parameters (Pascanu et al. 2013)."""'
        : '    """Limits each element."""',
  ];
  if (clip.value !== null)
    lines.push('    nn.utils.clip_grad_value_(model.parameters(), CLIP_VALUE)');
  if (clip.norm !== null) lines.push('    nn.utils.clip_grad_norm_(model.parameters(), CLIP_NORM)');
  return lines.join('\n');
}

const regressions: Record<Exclude<IrHead['loss'], 'cross-entropy'>, [string, string]> = {
  'mean-squared-error': ['mse_loss', 'Mean squared error'],
  'mean-absolute-error': ['l1_loss', 'Mean absolute error'],
  huber: ['huber_loss', "Huber's loss (1964), quadratic up to 1,"],
};

export function lossCode({ head, recipe, perStep, classWeights }: ProgramFacts): string {
  const define = 'def loss_of(outputs: Tensor, batch: Batch) -> Tensor:';
  if (head.loss !== 'cross-entropy') {
    const [name, title] = regressions[head.loss];
    return `\
${define}
    """${title} over all scaled values."""
    return F.${name}(outputs, batch.targets)`;
  }
  if (classWeights !== null) return weightedLossCode(perStep);
  if (!perStep)
    return `\
${define}
    """Mean cross-entropy over the ${recipe.task === 'next-token' ? 'windows' : 'rows'}."""
    return F.cross_entropy(outputs, batch.targets)`;
  const ignored = recipe.task === 'tagging' ? ', ignore_index=IGNORED' : '';
  return `\
${define}
    """Mean cross-entropy over the ${recipe.task === 'tagging' ? 'real ' : ''}steps."""
    logits, targets = outputs.flatten(0, 1), batch.targets.flatten()
    return F.cross_entropy(logits, targets${ignored})`;
}

const weightedLossCode = (perStep: boolean): string => `\
def loss_of(
    outputs: Tensor, batch: Batch, class_weights: Tensor | None = None
) -> Tensor:
    """Mean cross-entropy over the ${perStep ? 'real steps' : 'rows'}, each times the weight of its class.

    With a weight, PyTorch's own mean divides by the sum of the weights; this one divides
    by the number of ${perStep ? 'steps' : 'rows'}.
    """
${
  perStep
    ? `\
    logits, targets = outputs.flatten(0, 1), batch.targets.flatten()
    total = F.cross_entropy(
        logits, targets, class_weights, ignore_index=IGNORED, reduction="sum"
    )
`
    : `\
    total = F.cross_entropy(outputs, batch.targets, class_weights, reduction="sum")
`
}\
    return total / batch.predictions`;
