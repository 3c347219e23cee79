/**
 * Compute programs of our own in TF.js' WebGPU command stream. They are encoded into the backend's own
 * pass, so that they keep their order with stock ops, without what a stock op costs for each dispatch: a
 * uniform buffer and a bind group. One bind group serves a program for all time steps of a sequence; the
 * step's number is read through a dynamic offset.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

export interface Binding {
  name: string;
  access: 'read' | 'read_write';
  /** WGSL type; a float array unless told. */
  type?: string;
}

/** A compute shader. Its text may use the bindings by name, and `current.index`, the dispatch's step. */
export interface Program {
  /** Names the text: the same name always goes with the same text. */
  name: string;
  bindings: readonly Binding[];
  /** WGSL with the entry point `main`. */
  code: string;
}

/** A program with its buffers, ready to be dispatched. */
export interface BoundProgram {
  pipeline: GPUComputePipeline;
  group: GPUBindGroup;
}

export interface Dispatch {
  bound: BoundProgram;
  /** −1 or more. */
  step: number;
  workgroups: [x: number, y: number];
}

const stepBytes = 16;

const streams = new WeakMap<KernelBackend, CommandStream>();

/** The backend's command stream, made when the device is opened. */
export function openCommandStream(backend: WebGPUBackend): CommandStream {
  const stream = streams.get(backend) ?? new CommandStream(backend);
  streams.set(backend, stream);
  return stream;
}

/** That of TF.js' current backend. */
export function currentCommandStream(): CommandStream {
  const stream = streams.get(tf.engine().backend);
  if (stream === undefined) throw new Error('the current backend is not an opened WebGPU device');
  return stream;
}

export class CommandStream {
  private readonly device: GPUDevice;
  private readonly compiled = new Map<string, GPUComputePipeline>();
  private readonly slotBytes: number;
  private steps: GPUBuffer;

  constructor(private readonly backend: WebGPUBackend) {
    this.device = backend.device;
    this.slotBytes = Math.max(stepBytes, this.device.limits.minUniformBufferOffsetAlignment);
    this.steps = this.makeSteps(256);
  }

  /** A float32 tensor whose values are whatever its buffer held before. */
  tensor(shape: number[]): Tensor {
    const info = this.backend.makeTensorInfo(shape, 'float32');
    return tf.engine().makeTensorFromTensorInfo(info, this.backend);
  }

  /** A buffer with these words until the next submit, when it goes back to TF.js' pool. */
  constants(words: Uint32Array<ArrayBuffer>): GPUBuffer {
    const buffer = this.backend.bufferManager.acquireBuffer(
      words.byteLength,
      GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    );
    // Takes effect before the next submit; what the buffer served before has been submitted.
    this.device.queue.writeBuffer(buffer, 0, words);
    const pending: unknown = Reflect.get(this.backend, 'uniformPendingDisposal');
    if (!Array.isArray(pending)) throw unexpectedBackend();
    pending.push(buffer);
    return buffer;
  }

  /** Uploads may end TF.js' pass: bind all programs of a sequence before the first is encoded. */
  bind(program: Program, resources: Record<string, TensorInfo | GPUBuffer>): BoundProgram {
    const pipeline = this.pipeline(program);
    const entries = program.bindings.map(({ name, access }, i) => {
      const resource = resources[name];
      if (resource === undefined) throw new Error(`${program.name}: no buffer for "${name}"`);
      const buffer = resource instanceof GPUBuffer ? resource : this.bufferOf(resource, access);
      return { binding: i + 1, resource: { buffer } };
    });
    const group = this.device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: this.steps, size: stepBytes } }, ...entries],
    });
    return { pipeline, group };
  }

  /** Makes room for steps below `count`; to be called before `bind`. */
  reserveSteps(count: number): void {
    // A buffer that was outgrown may still be in recorded commands: it is left to the garbage collector.
    const room = this.steps.size / this.slotBytes;
    if (count + 1 > room) this.steps = this.makeSteps(2 ** Math.ceil(Math.log2(count + 1)));
  }

  encode(dispatches: readonly Dispatch[]): void {
    const pass = this.openPass();
    let last: BoundProgram | null = null;
    for (const { bound, step, workgroups } of dispatches) {
      if (last?.pipeline !== bound.pipeline) pass.setPipeline(bound.pipeline);
      pass.setBindGroup(0, bound.group, [(step + 1) * this.slotBytes]);
      pass.dispatchWorkgroups(...workgroups);
      last = bound;
    }
    const before: unknown = Reflect.get(this.backend, 'dispatchCountInPass');
    if (typeof before !== 'number') throw unexpectedBackend();
    Reflect.set(this.backend, 'dispatchCountInPass', before + dispatches.length);
  }

  private pipeline({ name, bindings, code }: Program): GPUComputePipeline {
    const known = this.compiled.get(name);
    if (known) return known;
    const layout = this.device.createBindGroupLayout({
      entries: [
        {
          binding: 0,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: 'uniform', hasDynamicOffset: true, minBindingSize: stepBytes },
        },
        ...bindings.map(({ access }, i): GPUBindGroupLayoutEntry => ({
          binding: i + 1,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
        })),
      ],
    });
    const declarations = bindings.map(
      ({ name: variable, access, type = 'array<f32>' }, i) =>
        `@group(0) @binding(${i + 1}) var<storage, ${access}> ${variable} : ${type};`,
    );
    const module = this.device.createShaderModule({
      label: name,
      code: `
        struct Step { index : i32 }
        @group(0) @binding(0) var<uniform> current : Step;
        ${declarations.join('\n')}
        ${code}`,
    });
    const pipeline = this.device.createComputePipeline({
      label: name,
      layout: this.device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: 'main' },
    });
    this.compiled.set(name, pipeline);
    return pipeline;
  }

  /** Step −1 in slot 0, step s in slot s + 1. */
  private makeSteps(slots: number): GPUBuffer {
    const words = new Int32Array((slots * this.slotBytes) / 4);
    for (let slot = 0; slot < slots; slot++) words[(slot * this.slotBytes) / 4] = slot - 1;
    const buffer = this.device.createBuffer({
      label: 'time steps',
      size: words.byteLength,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    this.device.queue.writeBuffer(buffer, 0, words);
    return buffer;
  }

  /** The tensor's buffer, which TF.js then leaves alone until the commands are submitted. */
  private bufferOf({ dataId }: TensorInfo, access: Binding['access']): GPUBuffer {
    this.backend.uploadToGPU(dataId);
    const data = this.backend.tensorMap.get(dataId);
    // What was read back once is kept on the host, and outdated by a write.
    if (access === 'read_write') Reflect.set(data, 'values', null);
    const { dtype, resource } = data;
    // The type of what lies in the buffer, which a stock cast may have left behind (webgpu-cast.ts).
    if (dtype !== 'float32') throw new Error(`a WebGPU program expects float32, not ${dtype}`);
    const owned: unknown = Reflect.get(this.backend, 'commandQueueOwnedIds');
    if (!(resource instanceof GPUBuffer) || !(owned instanceof WeakSet)) throw unexpectedBackend();
    owned.add(dataId);
    return resource;
  }

  private openPass(): GPUComputePassEncoder {
    const open: unknown = Reflect.get(this.backend, 'computePassEncoder');
    if (open instanceof GPUComputePassEncoder) return open;
    this.backend.ensureCommandEncoderReady();
    const encoder: unknown = Reflect.get(this.backend, 'commandEncoder');
    if (!(encoder instanceof GPUCommandEncoder)) throw unexpectedBackend();
    const pass = encoder.beginComputePass();
    Reflect.set(this.backend, 'computePassEncoder', pass);
    return pass;
  }
}

/** Its queue is private, so nothing but the exact version in package.json keeps it as it is. */
const unexpectedBackend = (): Error =>
  new Error("TF.js' WebGPU backend is not the version that our kernels were written for");
