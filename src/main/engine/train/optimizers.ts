/**
 * Optimizers over all parameters as one flat vector, with PyTorch's formulas. Where tensors live in host
 * memory (cpu, wasm) an update is one fused loop over typed arrays, Adam's on wasm a kernel of our own; on
 * webgpu it is fused programs of our own; elsewhere it is a few TF.js ops on the concatenated gradient, so that their number does not grow
 * with the number of parameters.
 *
 * A step: gradient + 2·l2·w, its global norm (reported), clip by value, clip by global norm, update.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerRecipe, TrainingRecipe } from '#shared/training/recipe';
import type { Model } from '../compile/model.js';
import type { DeviceId } from '#shared/ipc/devices';
import type { AdamVectors } from '../kernels/adam-vectors.js';
import { wasmAdam } from '../kernels/wasm/adam.js';
import { OutOfWasmMemory } from '../kernels/wasm/arena.js';
import { currentKernelRuntime } from '../kernels/wasm/operations.js';
import { currentCommandStream } from '../kernels/webgpu/commands.js';
import { updateInPlace } from '../kernels/webgpu/updates.js';

/** One optimizer's formula, for both kinds of memory. `t` is the 1-based step, `lr` its learning rate. */
interface Rule {
  /** Slot vectors, each as long as the weights, zeros at first. */
  slots: number;
  host(w: Float32Array, g: Float32Array, slots: Float32Array[], lr: number, t: number): void;
  /** New slots and the new weights; called inside a tidy. */
  device(
    w: tf.Tensor,
    g: tf.Tensor,
    slots: tf.Tensor[],
    lr: number,
    t: number,
  ): { w: tf.Tensor; slots: tf.Tensor[] };
}

const slot = <T>(slots: readonly T[], index: number): T => {
  const value = slots[index];
  if (value === undefined) throw new Error(`optimizer slot ${index} is missing`);
  return value;
};

/** Kingma & Ba 2015; with a weight decay, AdamW (Loshchilov & Hutter 2019). */
function adam(
  { beta1, beta2, epsilon }: { beta1: number; beta2: number; epsilon: number },
  weightDecay: number,
): Rule {
  return {
    slots: 2,
    host(w, g, slots, lr, t) {
      const m = slot(slots, 0);
      const v = slot(slots, 1);
      const stepSize = lr / (1 - beta1 ** t);
      const correction = Math.sqrt(1 - beta2 ** t);
      const decay = 1 - lr * weightDecay;
      for (let i = 0; i < w.length; i++) {
        const gi = g[i]!;
        const mi = beta1 * m[i]! + (1 - beta1) * gi;
        const vi = beta2 * v[i]! + (1 - beta2) * gi * gi;
        m[i] = mi;
        v[i] = vi;
        w[i] = decay * w[i]! - (stepSize * mi) / (Math.sqrt(vi) / correction + epsilon);
      }
    },
    device(w, g, slots, lr, t) {
      const m = tf.add(tf.mul(slot(slots, 0), beta1), tf.mul(g, 1 - beta1));
      const v = tf.add(tf.mul(slot(slots, 1), beta2), tf.mul(tf.square(g), 1 - beta2));
      const denominator = tf.add(tf.div(tf.sqrt(v), Math.sqrt(1 - beta2 ** t)), epsilon);
      const update = tf.mul(tf.div(m, denominator), lr / (1 - beta1 ** t));
      const decayed = weightDecay === 0 ? w : tf.mul(w, 1 - lr * weightDecay);
      return { w: tf.sub(decayed, update), slots: [m, v] };
    },
  };
}

/** With momentum μ: b = μ b + g, step along b, or along g + μ b (Nesterov; Sutskever et al. 2013). */
function sgd({ momentum, nesterov }: { momentum: number; nesterov: boolean }): Rule {
  if (momentum === 0)
    return {
      slots: 0,
      host(w, g, _slots, lr) {
        for (let i = 0; i < w.length; i++) w[i]! -= lr * g[i]!;
      },
      device: (w, g, _slots, lr) => ({ w: tf.sub(w, tf.mul(g, lr)), slots: [] }),
    };
  return {
    slots: 1,
    host(w, g, slots, lr) {
      const b = slot(slots, 0);
      for (let i = 0; i < w.length; i++) {
        const bi = momentum * b[i]! + g[i]!;
        b[i] = bi;
        w[i]! -= lr * (nesterov ? g[i]! + momentum * bi : bi);
      }
    },
    device(w, g, slots, lr) {
      const b = tf.add(tf.mul(slot(slots, 0), momentum), g);
      const direction = nesterov ? tf.add(g, tf.mul(b, momentum)) : b;
      return { w: tf.sub(w, tf.mul(direction, lr)), slots: [b] };
    },
  };
}

/** Hinton 2012 (lecture 6e), with PyTorch's momentum: b = μ b + g/(√v + ε). */
function rmsprop(recipe: { decay: number; epsilon: number; momentum: number }): Rule {
  const { decay, epsilon, momentum } = recipe;
  return {
    slots: 2,
    host(w, g, slots, lr) {
      const v = slot(slots, 0);
      const b = slot(slots, 1);
      for (let i = 0; i < w.length; i++) {
        const gi = g[i]!;
        const vi = decay * v[i]! + (1 - decay) * gi * gi;
        const bi = momentum * b[i]! + gi / (Math.sqrt(vi) + epsilon);
        v[i] = vi;
        b[i] = bi;
        w[i]! -= lr * bi;
      }
    },
    device(w, g, slots, lr) {
      const v = tf.add(tf.mul(slot(slots, 0), decay), tf.mul(tf.square(g), 1 - decay));
      const scaled = tf.div(g, tf.add(tf.sqrt(v), epsilon));
      const b = tf.add(tf.mul(slot(slots, 1), momentum), scaled);
      return { w: tf.sub(w, tf.mul(b, lr)), slots: [v, b] };
    },
  };
}

function ruleOf(recipe: OptimizerRecipe): Rule {
  switch (recipe.kind) {
    case 'adam':
      return adam(recipe, 0);
    case 'adamw':
      return adam(recipe, recipe.weightDecay);
    case 'sgd':
      return sgd(recipe);
    case 'rmsprop':
      return rmsprop(recipe);
  }
}

/** Gradients by the model's parameters; null where the loss does not depend on one. */
export type Gradients = readonly (tf.Tensor | null)[];

export interface Optimizer {
  /**
   * One update of the model's variables. The gradients stay the caller's.
   * @param t 1-based number of this step.
   * @returns the gradient's global norm before clipping, weight penalties included.
   */
  step(gradients: Gradients, learningRate: number, t: number): Promise<number>;
  weights(): Promise<Float32Array>;
  /** The slot vectors, one after the other. */
  slots(): Promise<Float32Array>;
  /** Puts a checkpoint's weights and slots back. */
  load(weights: Float32Array, slots: Float32Array): void;
  dispose(): void;
}

export type OptimizerOptions = Pick<TrainingRecipe, 'optimizer' | 'clip'>;

export function createOptimizer(
  options: OptimizerOptions,
  model: Model,
  device: DeviceId,
): Promise<Optimizer> {
  if (device === 'wasm') return wasmOptimizer(options, model);
  if (device === 'cpu') return hostOptimizer(options, model);
  return device === 'webgpu' ? webgpuOptimizer(options, model) : opsOptimizer(options, model);
}

/** 2·l2, the penalty's derivative per weight, for the parameters that have one. */
const penalties = (model: Model) =>
  model.parameters
    .filter((p) => p.spec.l2 > 0)
    .map((p) => ({ offset: p.offset, size: p.size, factor: 2 * p.spec.l2 }));

function addPenalties(gradient: Float32Array, weights: Float32Array, model: Model): void {
  for (const { offset, size, factor } of penalties(model))
    for (let i = offset; i < offset + size; i++) gradient[i]! += factor * weights[i]!;
}

function oneAfterTheOther(vectors: readonly ArrayLike<number>[]): Float32Array {
  const all = new Float32Array(vectors.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const values of vectors) {
    all.set(values, offset);
    offset += values.length;
  }
  return all;
}

/** As PyTorch's clip_grad_norm_: the 1e-6 keeps a zero gradient from dividing by zero. */
const clipFactor = (norm: number, limit: number): number => Math.min(1, limit / (norm + 1e-6));

function normOf(vector: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i]! * vector[i]!;
  return Math.sqrt(sum);
}

/** Keeps the weights in a flat host vector too, and copies it to the variables after each update. */
export async function hostOptimizer(
  { optimizer, clip }: OptimizerOptions,
  model: Model,
): Promise<Optimizer> {
  const rule = ruleOf(optimizer);
  const weights = await model.read();
  const size = weights.length;
  const gradient = new Float32Array(size);
  const slots = Array.from({ length: rule.slots }, () => new Float32Array(size));

  return {
    async step(gradients, learningRate, t) {
      model.parameters.forEach(({ offset, size: length }, i) => {
        const values = gradients[i]?.dataSync();
        if (values === undefined) gradient.fill(0, offset, offset + length);
        else gradient.set(values, offset);
      });
      addPenalties(gradient, weights, model);
      const norm = normOf(gradient);
      if (clip.value !== null) {
        const limit = clip.value;
        for (let i = 0; i < size; i++)
          gradient[i] = Math.max(-limit, Math.min(limit, gradient[i]!));
      }
      if (clip.norm !== null) {
        const factor = clipFactor(clip.value === null ? norm : normOf(gradient), clip.norm);
        if (factor < 1) for (let i = 0; i < size; i++) gradient[i]! *= factor;
      }
      rule.host(weights, gradient, slots, learningRate, t);
      model.write(weights);
      return norm;
    },
    weights: async () => weights.slice(),
    slots: async () => oneAfterTheOther(slots),
    load(savedWeights, savedSlots) {
      weights.set(savedWeights);
      slots.forEach((values, i) => values.set(savedSlots.subarray(i * size, (i + 1) * size)));
      model.write(weights);
    },
    dispose() {},
  };
}

/** Adam by our own kernels on all threads; other rules, which are rarer, as on the cpu. */
export function wasmOptimizer(options: OptimizerOptions, model: Model): Promise<Optimizer> {
  const { optimizer } = options;
  const runtime = currentKernelRuntime();
  if (runtime === null || (optimizer.kind !== 'adam' && optimizer.kind !== 'adamw'))
    return hostOptimizer(options, model);
  try {
    const vectors = wasmAdam(runtime, model.parameterCount);
    return fusedAdam(optimizer, options.clip, model, vectors);
  } catch (error) {
    if (error instanceof OutOfWasmMemory) return hostOptimizer(options, model);
    throw error;
  }
}

async function fusedAdam(
  recipe: Extract<OptimizerRecipe, { kind: 'adam' | 'adamw' }>,
  clip: TrainingRecipe['clip'],
  model: Model,
  vectors: AdamVectors,
): Promise<Optimizer> {
  const weightDecay = recipe.kind === 'adamw' ? recipe.weightDecay : 0;
  vectors.weights().set(await model.read());

  return {
    async step(gradients, learningRate, t) {
      model.parameters.forEach(({ offset, size }, i) => {
        const gradient = gradients[i];
        if (gradient) vectors.take(gradient, offset);
        else vectors.gradient().fill(0, offset, offset + size);
      });
      addPenalties(vectors.gradient(), vectors.weights(), model);
      const { raw, clipped } = vectors.norms(clip.value);
      const factor = clip.norm === null ? 1 : clipFactor(clipped, clip.norm);
      vectors.update(recipe, weightDecay, factor, learningRate, t);
      for (const { variable, offset } of model.parameters) vectors.give(variable, offset);
      return raw;
    },
    weights: async () => vectors.weights().slice(),
    slots: async () => oneAfterTheOther(vectors.slots()),
    load(savedWeights, savedSlots) {
      vectors.weights().set(savedWeights);
      const size = savedWeights.length;
      vectors.slots().forEach((values, i) => {
        values.set(savedSlots.subarray(i * size, (i + 1) * size));
      });
      model.write(savedWeights);
    },
    dispose: () => vectors.dispose(),
  };
}

/** One update of variables and slots on the device. @returns the norm before clipping, a scalar. */
type DeviceUpdate = (
  gradients: Gradients,
  slots: tf.Variable[],
  learningRate: number,
  t: number,
) => tf.Tensor;

/** Everything stays on the device; only the norm is read back. */
async function deviceOptimizer(
  { optimizer }: OptimizerOptions,
  model: Model,
  update: DeviceUpdate,
  disposeUpdate: () => void,
): Promise<Optimizer> {
  const size = model.parameterCount;
  const slots: tf.Variable[] = Array.from({ length: ruleOf(optimizer).slots }, () =>
    tf.tidy(() => tf.variable(tf.zeros([size]))),
  );

  return {
    async step(gradients, learningRate, t) {
      const norm = tf.tidy(() => update(gradients, slots, learningRate, t));
      const [value = NaN] = await norm.data();
      norm.dispose();
      return value;
    },
    weights: () => model.read(),
    slots: async () => {
      return oneAfterTheOther(await Promise.all(slots.map((variable) => variable.data())));
    },
    load(savedWeights, savedSlots) {
      model.write(savedWeights);
      slots.forEach((variable, i) =>
        tf.tidy(() => variable.assign(tf.tensor1d(savedSlots.slice(i * size, (i + 1) * size)))),
      );
    },
    dispose() {
      disposeUpdate();
      for (const variable of slots) variable.dispose();
    },
  };
}

/** In TF.js ops, on any backend. */
export function opsOptimizer(options: OptimizerOptions, model: Model): Promise<Optimizer> {
  const rule = ruleOf(options.optimizer);
  const { clip } = options;
  const penalty = penaltyVector(model);
  const flat = (tensors: readonly tf.Tensor[]): tf.Tensor =>
    tf.concat(tensors.map((x) => tf.reshape<tf.Rank.R1>(x, [x.size])));

  const update: DeviceUpdate = (gradients, slots, learningRate, t) => {
    const w = flat(model.parameters.map((p) => p.variable));
    let g = flat(model.parameters.map((p, i) => gradients[i] ?? tf.zeros([p.size])));
    if (penalty !== null) g = tf.add(g, tf.mul(w, penalty));
    const before = tf.norm(g);
    if (clip.value !== null) g = tf.clipByValue(g, -clip.value, clip.value);
    if (clip.norm !== null) {
      const now = clip.value === null ? before : tf.norm(g);
      g = tf.mul(g, tf.minimum(1, tf.div(clip.norm, tf.add(now, 1e-6))));
    }
    const next = rule.device(w, g, slots, learningRate, t);
    slots.forEach((variable, i) => variable.assign(slot(next.slots, i)));
    for (const p of model.parameters)
      p.variable.assign(tf.reshape(tf.slice(next.w, [p.offset], [p.size]), p.spec.shape));
    return before;
  };
  return deviceOptimizer(options, model, update, () => penalty?.dispose());
}

/** By our own WebGPU programs, in place. */
export function webgpuOptimizer(options: OptimizerOptions, model: Model): Promise<Optimizer> {
  const commands = currentCommandStream();
  const update: DeviceUpdate = (gradients, slots, learningRate, t) =>
    updateInPlace(commands, {
      ...options,
      slots,
      learningRate,
      t,
      parameters: model.parameters.map(({ variable, offset, spec }, i) => ({
        variable,
        gradient: gradients[i] ?? tf.zeros(spec.shape),
        offset,
        penalty: 2 * spec.l2,
      })),
    });
  return deviceOptimizer(options, model, update, () => {});
}

function penaltyVector(model: Model): tf.Tensor | null {
  const parts = penalties(model);
  if (parts.length === 0) return null;
  const factors = new Float32Array(model.parameterCount);
  for (const { offset, size, factor } of parts) factors.fill(factor, offset, offset + size);
  return tf.tensor1d(factors);
}
