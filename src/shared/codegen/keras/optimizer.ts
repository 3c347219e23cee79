/** `optimizer.py`: the run's optimizer with the studio's formulas, which are PyTorch's. */
import type { OptimizerRecipe, TrainingRecipe } from '../../training/recipe.js';
import { pythonFloat } from '../python/format.js';
import type { CodeFile } from '../types.js';
import { layOut, keyword } from './calls.js';
import { pythonFile } from './facts.js';
import type { KerasFacts } from './facts.js';

export function generateOptimizer({ training }: KerasFacts): CodeFile {
  const { optimizer, clip } = training;
  const clips = clip.norm !== null || clip.value !== null;
  const { name, code, options } = optimizerOf(optimizer, applyMethod(clips));
  const build = layOut(
    'return ',
    {
      callee: name,
      arguments: Object.entries(options).map(([key, value]) =>
        keyword(key, typeof value === 'number' ? pythonFloat(value) : value),
      ),
    },
    '',
    1,
  );
  const source = [
    ...(clips ? [clipFunction(clip)] : []),
    ...(code.includes('one_minus_power') ? [oneMinusPower] : []),
    code,
    `def build_optimizer() -> ${name}:\n    """As the run was trained."""\n${build.join('\n')}`,
  ];
  return pythonFile({
    path: 'optimizer.py',
    docstring: 'The optimizer.',
    imports: [
      ...(source.some((text) => text.includes('math.')) ? [['import math']] : []),
      ['import keras', 'from keras import ops'],
    ],
    definitions: source,
  });
}

function clipFunction({ norm, value }: TrainingRecipe['clip']): string {
  const lines: string[] = [];
  if (value !== null) {
    const limit = pythonFloat(value);
    lines.push(
      `    gradients = [ops.clip(gradient, -${limit}, ${limit}) for gradient in gradients]`,
    );
  }
  if (norm === null) lines.push('    return gradients');
  else
    lines.push(
      '    squares = sum(ops.sum(ops.square(gradient)) for gradient in gradients)',
      `    factor = ops.minimum(1.0, ${pythonFloat(norm)} / (ops.sqrt(squares) + 1e-6))`,
      '    return [gradient * factor for gradient in gradients]',
    );
  const what =
    norm === null
      ? 'Each element to its limits.'
      : value === null
        ? 'All gradients together to a global norm (Pascanu et al. 2013).'
        : 'Each element to its limits, then all together to a global norm.';
  return ['def clip(gradients: list) -> list:', `    """${what}"""`, ...lines].join('\n');
}

const applyMethod = (clips: boolean): string => `

    def apply(self, grads, trainable_variables=None):
        # TensorFlow gives the gradient of an embedding as slices, some of one row.
        # A sum is a dense tensor, and adds up the slices of each row.
        variables = trainable_variables or self._trainable_variables
        grads = [ops.add(g, ops.zeros(v.shape)) for g, v in zip(grads, variables)]
        super().apply(${clips ? 'clip(grads)' : 'grads'}, trainable_variables)`;

interface Optimizer {
  /** Of the class. */
  name: string;
  code: string;
  /** Arguments of its constructor. */
  options: Record<string, number | string>;
}

/** @param apply the method that makes gradients dense and clips them. */
function optimizerOf(recipe: OptimizerRecipe, apply: string): Optimizer {
  switch (recipe.kind) {
    case 'adam':
    case 'adamw': {
      const { learningRate, beta1, beta2, epsilon } = recipe;
      const options = { learning_rate: learningRate, beta_1: beta1, beta_2: beta2, epsilon };
      return recipe.kind === 'adam'
        ? { name: 'Adam', code: adam(apply, false), options }
        : {
            name: 'AdamW',
            code: adam(apply, true),
            options: { ...options, decay: recipe.weightDecay },
          };
    }
    case 'sgd': {
      const { learningRate, momentum, nesterov } = recipe;
      if (momentum === 0)
        return { name: 'SGD', code: plainSgd(apply), options: { learning_rate: learningRate } };
      const options = {
        learning_rate: learningRate,
        momentum,
        nesterov: nesterov ? 'True' : 'False',
      };
      return { name: 'SGD', code: momentumSgd(apply), options };
    }
    case 'rmsprop': {
      const { learningRate, decay, epsilon, momentum } = recipe;
      const options = { learning_rate: learningRate, rho: decay, epsilon, momentum };
      return { name: 'RMSprop', code: rmsprop(apply), options };
    }
  }
}

/** State variables of each weight: name and plural. */
const build = (...slots: [string, string][]): string => `\
    def build(self, variables):
        if self.built:
            return
        super().build(variables)
${slots.map(([, list]) => `        self.${list} = []`).join('\n')}
        for v in variables:
${slots
  .map(
    ([name, list]) =>
      `            self.${list}.append(self.add_variable_from_reference(v, "${name}"))`,
  )
  .join('\n')}`;

const index = '        index = self._get_variable_index(variable)';

const oneMinusPower = `\
def one_minus_power(beta: float, step):
    """1 - beta ** step, without the rounding of a power near 1."""
    return -ops.expm1(step * math.log(max(beta, 1e-30)))`;

const adam = (apply: string, decays: boolean): string => `\
class ${decays ? 'AdamW' : 'Adam'}(keras.optimizers.Optimizer):
    """${decays ? 'AdamW (Loshchilov & Hutter 2019)' : 'Adam (Kingma & Ba 2015)'} as PyTorch computes it.

    Epsilon is added to the root of the bias-corrected variance; Keras' own adds it
    before the correction.
    """

    def __init__(self, learning_rate, beta_1, beta_2, epsilon${decays ? ', decay' : ''}):
        super().__init__(learning_rate)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon${decays ? '\n        self.decay = decay' : ''}

${build(['mean', 'means'], ['variance', 'variances'])}

    def update_step(self, gradient, variable, learning_rate):
${index}
        mean, variance = self.means[index], self.variances[index]
        learning_rate = ops.cast(learning_rate, variable.dtype)
        step = ops.cast(self.iterations + 1, variable.dtype)
        self.assign(mean, self.beta_1 * mean + (1 - self.beta_1) * gradient)
        self.assign(
            variance,
            self.beta_2 * variance + (1 - self.beta_2) * ops.square(gradient),
        )
        mean_share = one_minus_power(self.beta_1, step)
        variance_share = one_minus_power(self.beta_2, step)
        root = ops.sqrt(variance) / ops.sqrt(variance_share)
${
  decays
    ? `\
        self.assign(variable, variable * (1 - learning_rate * self.decay))
`
    : ''
}\
        self.assign_sub(
            variable, learning_rate / mean_share * mean / (root + self.epsilon)
        )${apply}`;

const plainSgd = (apply: string): string => `\
class SGD(keras.optimizers.Optimizer):
    """Gradient descent."""

    def update_step(self, gradient, variable, learning_rate):
        learning_rate = ops.cast(learning_rate, variable.dtype)
        self.assign_sub(variable, learning_rate * gradient)${apply}`;

const momentumSgd = (apply: string): string => `\
class SGD(keras.optimizers.Optimizer):
    """Gradient descent with momentum (Sutskever et al. 2013) as PyTorch computes it.

    The learning rate is not part of the momentum, so that a schedule acts at once.
    """

    def __init__(self, learning_rate, momentum, nesterov):
        super().__init__(learning_rate)
        self.momentum = momentum
        self.nesterov = nesterov

${build(['velocity', 'velocities'])}

    def update_step(self, gradient, variable, learning_rate):
        velocity = self.velocities[self._get_variable_index(variable)]
        learning_rate = ops.cast(learning_rate, variable.dtype)
        self.assign(velocity, self.momentum * velocity + gradient)
        direction = velocity
        if self.nesterov:
            direction = gradient + self.momentum * velocity
        self.assign_sub(variable, learning_rate * direction)${apply}`;

const rmsprop = (apply: string): string => `\
class RMSprop(keras.optimizers.Optimizer):
    """RMSprop (Hinton 2012, lecture 6e) as PyTorch computes it.

    Epsilon is added to the root; Keras' own adds it below the root.
    """

    def __init__(self, learning_rate, rho, epsilon, momentum):
        super().__init__(learning_rate)
        self.rho = rho
        self.epsilon = epsilon
        self.momentum = momentum

${build(['variance', 'variances'], ['velocity', 'velocities'])}

    def update_step(self, gradient, variable, learning_rate):
${index}
        variance, velocity = self.variances[index], self.velocities[index]
        learning_rate = ops.cast(learning_rate, variable.dtype)
        self.assign(
            variance, self.rho * variance + (1 - self.rho) * ops.square(gradient)
        )
        scaled = gradient / (ops.sqrt(variance) + self.epsilon)
        self.assign(velocity, self.momentum * velocity + scaled)
        self.assign_sub(variable, learning_rate * velocity)${apply}`;
