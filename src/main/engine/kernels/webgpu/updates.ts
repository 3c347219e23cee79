/**
 * Optimizer updates in place: a dispatch a variable for the gradient's norm, one for the clipping
 * factor, and a dispatch a variable for the update. In TF.js ops Adam alone takes over ten, each with a
 * tensor of its own. Formulas: train/optimizers.ts, which has them for host memory and as TF.js ops.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { OptimizerRecipe, TrainingRecipe } from '#shared/training/recipe';
import { adamConstants } from '../adam-constants.js';
import type { Binding, CommandStream, Program } from './commands.js';

export interface UpdatedParameter {
  variable: Tensor;
  gradient: Tensor;
  /** Where its values lie in the slot vectors. */
  offset: number;
  /** 2·l2, the weight penalty's derivative per weight. */
  penalty: number;
}

export interface UpdateRequest {
  optimizer: OptimizerRecipe;
  clip: TrainingRecipe['clip'];
  parameters: readonly UpdatedParameter[];
  /** As many as the rule has, each as long as all weights together. */
  slots: readonly Tensor[];
  learningRate: number;
  /** 1-based. */
  t: number;
}

const threads = 256;
/** More would only make the second sum longer. */
const largestGroupCount = 64;
const noLimit = 3e38;

const structs = `
struct Parameter { offset : u32, size : u32, firstGroup : u32, groups : u32, penalty : f32 }
struct Settings {
  /** Sums of squares that the norm's first dispatches leave. */
  partials : u32,
  clipValue : f32,
  clipNorm : f32,
  /** The rule's own. */
  a : f32, b : f32, c : f32, d : f32, e : f32, f : f32, g : f32,
  parameters : array<Parameter>,
}`;

const penalized = `
fn gradientAt(p : Parameter, i : u32) -> f32 { return gradient[i] + p.penalty * weights[i]; }`;

const settings: Binding = { name: 'settings', access: 'read', type: 'Settings' };

/** Sum of squares before and after clipping by value, one pair a workgroup. */
const squares: Program = {
  name: 'squares of a gradient',
  bindings: [
    settings,
    { name: 'gradient', access: 'read' },
    { name: 'weights', access: 'read' },
    { name: 'partials', access: 'read_write', type: 'array<vec2f>' },
  ],
  code: `${structs}${penalized}
var<workgroup> sums : array<vec2f, ${threads}>;
@compute @workgroup_size(${threads})
fn main(
  @builtin(workgroup_id) group : vec3u,
  @builtin(local_invocation_index) lane : u32,
) {
  let p = settings.parameters[current.index];
  var sum = vec2f(0.0);
  for (var i = group.x * ${threads}u + lane; i < p.size; i += p.groups * ${threads}u) {
    let raw = gradientAt(p, i);
    let clipped = clamp(raw, -settings.clipValue, settings.clipValue);
    sum += vec2f(raw * raw, clipped * clipped);
  }
  sums[lane] = sum;
  workgroupBarrier();
  for (var half = ${threads / 2}u; half > 0u; half /= 2u) {
    if (lane < half) { sums[lane] += sums[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0u) { partials[p.firstGroup + group.x] = sums[0]; }
}`,
};

/** The global norm before clipping, and the factor that clips what clipping by value left. */
const finishNorm: Program = {
  name: 'norm of the gradients',
  bindings: [
    settings,
    { name: 'partials', access: 'read', type: 'array<vec2f>' },
    { name: 'norm', access: 'read_write' },
    { name: 'factor', access: 'read_write' },
  ],
  code: `${structs}
var<workgroup> sums : array<vec2f, ${threads}>;
@compute @workgroup_size(${threads})
fn main(@builtin(local_invocation_index) lane : u32) {
  var sum = vec2f(0.0);
  for (var i = lane; i < settings.partials; i += ${threads}u) { sum += partials[i]; }
  sums[lane] = sum;
  workgroupBarrier();
  for (var half = ${threads / 2}u; half > 0u; half /= 2u) {
    if (lane < half) { sums[lane] += sums[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0u) {
    norm[0] = sqrt(sums[0].x);
    // As PyTorch's clip_grad_norm_: the 1e-6 keeps a zero gradient from dividing by zero.
    factor[0] = min(1.0, settings.clipNorm / (sqrt(sums[0].y) + 1e-6));
  }
}`,
};

/** A rule's constants a…g, and its WGSL: `w` is the weight, `g` its gradient, `at` its place in the slots. */
interface Rule {
  name: string;
  constants: number[];
  update: string;
}

function ruleOf(recipe: OptimizerRecipe, learningRate: number, t: number): Rule {
  switch (recipe.kind) {
    case 'adam':
    case 'adamw': {
      const decay = recipe.kind === 'adamw' ? recipe.weightDecay : 0;
      return {
        name: 'adam',
        constants: adamConstants(recipe, decay, learningRate, t),
        update: `
  let m = settings.a * slot0[at] + settings.b * g;
  let v = settings.c * slot1[at] + settings.d * g * g;
  slot0[at] = m;
  slot1[at] = v;
  weights[i] = settings.g * w - settings.e * m / (sqrt(v) + settings.f);`,
      };
    }
    case 'sgd':
      return recipe.momentum === 0
        ? { name: 'sgd', constants: [learningRate], update: 'weights[i] = w - settings.a * g;' }
        : {
            name: recipe.nesterov ? 'nesterov' : 'momentum',
            constants: [learningRate, recipe.momentum],
            update: `
  let b = settings.b * slot0[at] + g;
  slot0[at] = b;
  weights[i] = w - settings.a * ${recipe.nesterov ? '(g + settings.b * b)' : 'b'};`,
          };
    case 'rmsprop':
      return {
        name: 'rmsprop',
        constants: [learningRate, recipe.momentum, recipe.decay, 1 - recipe.decay, recipe.epsilon],
        update: `
  let v = settings.c * slot0[at] + settings.d * g * g;
  let b = settings.b * slot1[at] + g / (sqrt(v) + settings.e);
  slot0[at] = v;
  slot1[at] = b;
  weights[i] = w - settings.a * b;`,
      };
  }
}

const updateProgram = (rule: Rule, slots: number): Program => ({
  name: `update by ${rule.name}`,
  bindings: [
    settings,
    { name: 'gradient', access: 'read' },
    { name: 'factor', access: 'read' },
    { name: 'weights', access: 'read_write' },
    ...Array.from({ length: slots }, (_, i): Binding => ({
      name: `slot${i}`,
      access: 'read_write',
    })),
  ],
  code: `${structs}${penalized}
@compute @workgroup_size(${threads})
fn main(
  @builtin(workgroup_id) group : vec3u,
  @builtin(num_workgroups) groups : vec3u,
  @builtin(local_invocation_index) lane : u32,
) {
  let p = settings.parameters[current.index];
  for (var i = group.x * ${threads}u + lane; i < p.size; i += groups.x * ${threads}u) {
    let at = p.offset + i;
    let w = weights[i];
    let g = factor[0] * clamp(gradientAt(p, i), -settings.clipValue, settings.clipValue);
    ${rule.update}
  }
}`,
});

/** Updates variables and slots. @returns the global norm before clipping, a scalar. */
export function updateInPlace(commands: CommandStream, request: UpdateRequest): Tensor {
  const { clip, parameters, slots } = request;
  const rule = ruleOf(request.optimizer, request.learningRate, request.t);
  let partialCount = 0;
  const sums = parameters.map(({ variable: { size } }) => {
    const firstGroup = partialCount;
    const groups = Math.min(largestGroupCount, Math.ceil(size / threads));
    partialCount += groups;
    return { firstGroup, groups };
  });

  const headerWords = 10;
  const parameterWords = 5;
  const words = new Uint32Array(headerWords + parameterWords * parameters.length);
  const floats = new Float32Array(words.buffer);
  words[0] = partialCount;
  floats.set([clip.value ?? noLimit, clip.norm ?? noLimit, ...rule.constants], 1);
  parameters.forEach(({ offset, variable, penalty }, i) => {
    const at = headerWords + parameterWords * i;
    words.set([offset, variable.size, sums[i]!.firstGroup, sums[i]!.groups], at);
    floats[at + 4] = penalty;
  });

  const norm = commands.tensor([]);
  const factor = commands.tensor([1]);
  const partials = commands.tensor([partialCount, 2]);
  const shared = { settings: commands.constants(words), norm, factor, partials };
  commands.reserveSteps(parameters.length);
  const program = updateProgram(rule, slots.length);
  const slotResources = Object.fromEntries(slots.map((slot, i) => [`slot${i}`, slot]));
  const bound = parameters.map(({ variable, gradient }) => {
    const resources = { ...shared, ...slotResources, gradient, weights: variable };
    return [commands.bind(squares, resources), commands.bind(program, resources)] as const;
  });
  const finish = commands.bind(finishNorm, shared);
  commands.encode([
    ...bound.map(([one], step) => ({
      bound: one,
      step,
      workgroups: [sums[step]!.groups, 1] satisfies [number, number],
    })),
    { bound: finish, step: 0, workgroups: [1, 1] },
    ...bound.map(([, one], step) => ({
      bound: one,
      step,
      workgroups: [updateGroups(parameters[step]!.variable.size), 1] satisfies [number, number],
    })),
  ]);
  factor.dispose();
  partials.dispose();
  return norm;
}

const updateGroups = (size: number): number => Math.min(4096, Math.ceil(size / threads));
