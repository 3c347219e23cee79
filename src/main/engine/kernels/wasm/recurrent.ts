/**
 * The recurrent kernel in WebAssembly (assembly/), for TF.js' wasm backend: a TF.js kernel with its
 * gradient. Values are copied between TF.js' memory and the kernels' own, which threads share.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {
  KernelFunc,
  NamedAttrMap,
  NamedTensorInfoMap,
  NamedTensorMap,
  Tensor,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { tensorInput } from '../host-tensors.js';
import { packedRecurrent } from '../packed.js';
import type { RecurrentAttributes, RecurrentInputs, RecurrentKernel } from '../recurrent.js';
import { registerOver } from '../register.js';
import { OutOfWasmMemory } from './arena.js';
import type { Block } from './arena.js';
import {
  Part,
  backwardSizes,
  balance,
  fieldBytes,
  forwardSizes,
  givenWeightSizes,
  keptSizes,
  packedWeightSizes,
  panelsOf,
  partBytes,
  tableBytes,
  tileRowsFor,
  writeRun,
} from './run.js';
import type { RunField, RunOptions, RunShape } from './run.js';
import type { KernelRuntime } from './runtime.js';
import { Reserve } from './reserve.js';
import { copySteps, makeSequence, makeTensor, valuesOf, wasmBackend } from './tensors.js';
import { WeightCache } from './weight-cache.js';

const kernelName = 'UnrollRecurrent';

/** Below so many floating-point operations a pass is done before a second thread has woken up. */
const threadedFlops = 4e6;

/** One call of a layer. */
interface Call {
  layer: RecurrentLayer;
  attributes: RecurrentAttributes;
  lengths: Int32Array | null;
  inputMask: Tensor | null;
  recurrentMask: Tensor | null;
  sequence: boolean;
  /** A tape is being written: keep what a backward needs. */
  differentiable: boolean;
  run: Run | null;
}

/** What is kept from the forward for the backward, which runs once: it overwrites the gates. */
interface Run {
  attributes: RecurrentAttributes;
  shape: RunShape;
  options: RunOptions;
  hasBias: boolean;
  kept: Part;
  fields: Block;
}

/**
 * Takes the runtime over for the wasm backend. Runs too large for its memory go to the packed kernel.
 */
export function wasmRecurrent(runtime: KernelRuntime): RecurrentKernel {
  registerOver({ kernelName, backendName: 'wasm', kernelFunc });
  tf.registerGradient({
    kernelName,
    gradFunc: (dy, _, attrs) => {
      const call = callOf(attrs);
      return call.layer.backward(call, Array.isArray(dy) ? dy : [dy]);
    },
  });
  const layer = new RecurrentLayer(runtime);
  return (attributes, inputs, needs) => {
    try {
      return layer.call(attributes, inputs, needs.sequence);
    } catch (error) {
      if (!(error instanceof OutOfWasmMemory)) throw error;
      layer.reserve.releaseUnused();
      return packedRecurrent(attributes, inputs, needs);
    }
  };
}

/** TF.js passes a call's attribute map to the kernel and to the gradient: the call is found by it. */
const calls = new WeakMap<NamedAttrMap, Call>();

function callOf(attrs: NamedAttrMap | undefined): Call {
  const call = attrs && calls.get(attrs);
  if (call === undefined) throw new Error('a recurrent layer without its call');
  return call;
}

const kernelFunc: KernelFunc = ({ inputs, backend, attrs }) => {
  const call = callOf(attrs);
  return call.layer.forward(call, wasmBackend(backend), inputs);
};

class RecurrentLayer {
  private readonly runtime: KernelRuntime;
  private readonly packedWeights = new WeightCache();
  /** A gradient may never be asked for: the memory goes back when the tape is gone. */
  private readonly abandoned: FinalizationRegistry<Run>;
  /** What a backward needs: by then it would be too late for another kernel to take over. */
  readonly reserve: Reserve;

  constructor(runtime: KernelRuntime) {
    this.runtime = runtime;
    this.abandoned = new FinalizationRegistry((run) => this.forget(run));
    this.reserve = new Reserve(runtime.arena);
  }

  call(attributes: RecurrentAttributes, inputs: RecurrentInputs, sequence: boolean) {
    const { input, kernel, recurrentKernel, bias, initialState } = inputs;
    const [batch, timeSteps] = input.shape;
    const attrs: NamedAttrMap = {};
    calls.set(attrs, {
      layer: this,
      attributes,
      lengths: inputs.lengths,
      inputMask: inputs.inputMask,
      recurrentMask: inputs.recurrentMask,
      sequence,
      differentiable: tf.engine().state.gradientDepth > 0,
      run: null,
    });
    const named: NamedTensorMap = { input, kernel, recurrentKernel };
    if (bias !== null) named['bias'] = bias;
    initialState?.forEach((state, i) => {
      named[i === 0 ? 'h' : 'c'] = state;
    });
    const results = tf.engine().runKernel<Tensor[]>(kernelName, named, attrs);
    const finalState = results
      .slice(sequence ? 1 : 0)
      .map((state) => tf.reshape<tf.Rank.R2>(state, [batch, attributes.units]));
    return {
      sequence: sequence
        ? tf.reshape<tf.Rank.R3>(results[0]!, [batch, timeSteps, attributes.units])
        : tf.zeros<tf.Rank.R3>([batch, timeSteps, attributes.units]),
      last: finalState[0]!,
      finalState,
    };
  }

  forward(call: Call, backend: BackendWasm, inputs: NamedTensorInfoMap): TensorInfo[] {
    const { runtime } = this;
    const { attributes } = call;
    // An optimizer may write in place.
    if (call.differentiable) this.packedWeights.drop(tensorInput(inputs, 'kernel'));
    const [batch = 0, timeSteps = 0, features = 0] = tensorInput(inputs, 'input').shape;
    const { units } = attributes;
    const width = tensorInput(inputs, 'kernel').shape[1] ?? 0;
    const byLength = panelsOf(batch, timeSteps, call.lengths);
    const { slots } = byLength;
    const size = { batch, timeSteps, features, units, width, slots };
    const shares = this.panelShares({ ...size, panels: byLength.steps.length });
    const panels = shares > 1 && call.lengths !== null ? balance(byLength, shares) : byLength;
    const shape = { ...size, panels: panels.steps.length };
    const options: RunOptions = {
      states: attributes.cell === 'lstm' ? 2 : 1,
      initialState: inputs['h'] !== undefined,
      inputMask: call.inputMask !== null,
      recurrentMask: call.recurrentMask !== null,
      sequence: call.sequence,
      differentiable: call.differentiable,
    };

    if (call.differentiable) {
      const { sizes } = this.backwardPlan(attributes, shape, options);
      this.reserve.atLeast(partBytes(sizes));
    }
    const kept = Part.allocate(runtime, keptSizes(attributes, shape, options));
    const fields = runtime.arena.allocate(fieldBytes);
    const run: Run = { attributes, shape, options, kept, fields, hasBias: 'bias' in inputs };
    let temporary: Part | null = null;
    let weights: Part | null = null;
    try {
      temporary = Part.allocate(runtime, forwardSizes(shape, options, shares * tableBytes(shape)));
      kept.integers('lengths').set(panels.lengths);
      kept.integers('rows').set(panels.rows);
      kept.integers('panelSteps').set(panels.steps);
      kept.integers('panelSlot').set(panels.slot);
      kept.integers('wide').set(panels.wide);
      kept.floats('zeroRow').fill(0);
      const given: [RunField, TensorInfo | null | undefined][] = [
        ['initialH', inputs['h']],
        ['initialC', inputs['c']],
        ['inputMask', call.inputMask],
        ['recurrentMask', call.recurrentMask],
      ];
      for (const [field, tensor] of given) {
        if (tensor) temporary.floats(field).set(valuesOf(backend, tensor));
      }
      copySteps(
        temporary.floats('input'),
        valuesOf(backend, tensorInput(inputs, 'input')),
        [batch, timeSteps, features],
        call.lengths,
      );

      weights = this.packWeights(run, call, backend, inputs);
      const parts = [kept, temporary, weights];
      writeRun(runtime, fields.at, attributes, shape, parts, tableBytes(shape));
      runtime.team.run('forward', fields.at, shares);

      const state = [batch, units];
      const finals: RunField[] = options.states > 1 ? ['finalH', 'finalC'] : ['finalH'];
      const results = finals.map((field) => makeTensor(backend, state, temporary!.floats(field)));
      if (call.sequence) {
        const values = temporary.floats('sequence');
        results.unshift(makeSequence(backend, [batch, timeSteps, units], values, call.lengths));
      }
      if (call.differentiable) {
        call.run = run;
        this.reserve.users++;
        this.abandoned.register(call, run, run);
      }
      return results;
    } finally {
      temporary?.release();
      // Elsewhere they are kept for the next call.
      if (call.differentiable) weights?.release();
      if (call.run === null) this.release(run);
      this.reserve.releaseUnused();
    }
  }

  /** The weights as the forward (and, in `kept`, the backward) takes them. */
  private packWeights(
    { attributes, shape, fields, kept }: Run,
    call: Call,
    backend: BackendWasm,
    inputs: NamedTensorInfoMap,
  ): Part {
    const { runtime, packedWeights } = this;
    const kernel = tensorInput(inputs, 'kernel');
    const recurrentKernel = tensorInput(inputs, 'recurrentKernel');
    const others = [recurrentKernel, inputs['bias']];
    const { cell, resetAfter } = attributes;
    const layout = [cell, resetAfter, tileRowsFor(shape, runtime.tileRows)].join();
    const found = packedWeights.find(kernel, others, layout);
    if (found !== null) return found;

    const given = Part.allocate(runtime, givenWeightSizes(shape));
    try {
      const packed = Part.allocate(runtime, packedWeightSizes(shape));
      given.floats('kernel').set(valuesOf(backend, kernel));
      given.floats('recurrentKernel').set(valuesOf(backend, recurrentKernel));
      const biases = given.floats('bias').fill(0);
      const bias = inputs['bias'];
      if (bias) orderBias(attributes, valuesOf(backend, bias), biases);
      writeRun(runtime, fields.at, attributes, shape, [kept, given, packed], 0);
      runtime.team.run('prepare', fields.at, this.panelShares(shape));
      if (!call.differentiable) packedWeights.keep(kernel, others, layout, packed);
      return packed;
    } finally {
      given.release();
    }
  }

  backward(call: Call, dOutputs: Tensor[]): Record<string, () => Tensor> {
    const { run } = call;
    if (run === null) throw new Error('a recurrent layer’s gradient was asked for twice');
    const { runtime } = this;
    const { attributes, shape, options, kept, fields } = run;
    const { batch, timeSteps, features, units, width } = shape;
    const backend = wasmBackend(tf.engine().backend);
    const { panelShares, weightShares, scratchSize, sizes } = this.backwardPlan(
      attributes,
      shape,
      options,
    );
    const temporary = new Part(runtime, sizes, this.reserve.block());
    try {
      const upstream: RunField[] = ['dFinalH', 'dFinalC'];
      if (options.sequence) upstream.unshift('dSequence');
      dOutputs.forEach((dy, i) => {
        const [to, from] = [temporary.floats(upstream[i]!), valuesOf(backend, dy)];
        if (upstream[i] === 'dSequence')
          copySteps(to, from, [batch, timeSteps, units], call.lengths);
        else to.set(from);
      });
      if (shape.slots === 0) {
        temporary.floats('dWeights').fill(0);
        temporary.floats('dRecurrent').fill(0);
      }

      writeRun(runtime, fields.at, attributes, shape, [kept, temporary], scratchSize);
      runtime.team.run('backward', fields.at, panelShares);
      runtime.team.run('weights', fields.at, weightShares);

      const gradients: Record<string, Tensor> = {};
      const put = (name: string, info: TensorInfo): void => {
        gradients[name] = tf.engine().makeTensorFromTensorInfo(info);
      };
      const give = (name: string, size: number[], values: Float32Array): void =>
        put(name, makeTensor(backend, size, values));
      const dWeights = temporary.floats('dWeights');
      const dRecurrent = temporary.floats('dRecurrent');
      const [kernelSize, recurrentSize] = [features * width, units * width];
      const resetAfter = attributes.cell === 'gru' && attributes.resetAfter;
      const dInput = temporary.floats('dInput');
      put('input', makeSequence(backend, [batch, timeSteps, features], dInput, call.lengths));
      give('kernel', [features, width], dWeights.subarray(0, kernelSize));
      const dRecurrentKernel =
        attributes.cell !== 'gru'
          ? dWeights.subarray(kernelSize + width)
          : dRecurrent.subarray(resetAfter ? width : 0);
      give('recurrentKernel', [units, width], dRecurrentKernel.subarray(0, recurrentSize));
      if (run.hasBias) {
        const dBias = dWeights.subarray(kernelSize, kernelSize + width);
        if (resetAfter) {
          const both = new Float32Array(2 * width);
          both.set(dBias);
          both.set(dRecurrent.subarray(0, width), width);
          give('bias', [2, width], both);
        } else {
          give('bias', [width], dBias);
        }
      }
      if (options.initialState) {
        give('h', [batch, units], temporary.floats('dInitialH'));
        if (options.states > 1) give('c', [batch, units], temporary.floats('dInitialC'));
      }
      return Object.fromEntries(
        Object.entries(gradients).map(([name, gradient]) => [name, () => gradient]),
      );
    } finally {
      call.run = null;
      this.abandoned.unregister(run);
      this.forget(run);
    }
  }

  private backwardPlan(attributes: RecurrentAttributes, shape: RunShape, options: RunOptions) {
    const { features, units, width } = shape;
    const panelShares = this.panelShares(shape);
    const tiles = Math.ceil((attributes.cell === 'gru' ? 3 * units : width) / 3);
    const weightShares = this.weightShares(shape, tiles);
    const scratchSize = Math.max(
      tableBytes(shape),
      this.runtime.transposedScratch(features + 1 + units, 3 * Math.ceil(tiles / weightShares)),
    );
    const scratch = scratchSize * Math.max(panelShares, weightShares);
    const sizes = backwardSizes(attributes, shape, options, scratch);
    return { panelShares, weightShares, scratchSize, sizes };
  }

  /** A run that waited for its backward. */
  private forget(run: Run): void {
    this.release(run);
    this.reserve.users--;
    this.reserve.releaseUnused();
  }

  private release({ kept, fields }: Run): void {
    kept.release();
    this.runtime.arena.release(fields);
  }

  /** Into how many shares the panels are split. */
  private panelShares(shape: RunShape): number {
    return this.worthThreads(shape) ? Math.min(this.runtime.team.size, shape.panels) : 1;
  }

  /** Twice as many as threads, so that a late one delays less. */
  private weightShares(shape: RunShape, tiles: number): number {
    const { size } = this.runtime.team;
    return this.worthThreads(shape) && size > 1 ? Math.min(2 * size, tiles) : 1;
  }

  private worthThreads({ slots, features, units, width }: RunShape): boolean {
    return 2 * 8 * slots * (features + units) * width >= threadedFlops;
  }
}

/** Keras' bias → the gates' order in the kernels: for the GRUs candidate, z, r, state's candidate. */
function orderBias(attributes: RecurrentAttributes, bias: Float32Array, to: Float32Array): void {
  const { cell, units: H, resetAfter } = attributes;
  if (cell !== 'gru') {
    to.set(bias);
    return;
  }
  to.set(bias.subarray(2 * H, 3 * H));
  to.set(bias.subarray(0, 2 * H), H);
  if (!resetAfter) return;
  for (let j = 0; j < 2 * H; j++) to[H + j]! += bias[3 * H + j]!;
  to.set(bias.subarray(5 * H), 3 * H);
}
