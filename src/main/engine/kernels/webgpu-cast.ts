/**
 * `Cast` of int32 and bool to float32 on WebGPU. TF.js 4.22's own kernel only renames the type and
 * shares the integers' buffer, so whoever reads it as floats sees integer bits: masked models train
 * silently wrong.
 */
import { Cast, getKernel, util } from '@tensorflow/tfjs-core';
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import { readHost, tensorInput } from './host-tensors.js';

const workgroupSize = 128;

/** `getAByOutputIndex` converts to f32 whatever the buffer's type is, and nothing else is needed. */
function convertProgram(shape: number[]): WebGPUProgram {
  const groups = Math.ceil(util.sizeFromShape(shape) / workgroupSize);
  return {
    variableNames: ['A'],
    outputShape: shape,
    shaderKey: 'unroll_cast_to_float',
    dispatchLayout: { x: shape.map((_, axis) => axis) },
    dispatch: [groups, 1, 1],
    workgroupSize: [workgroupSize, 1, 1],
    size: true,
    getUserCode: () => `
      fn main(index : i32) {
        if (index < uniforms.size) {
          setOutputAtIndex(index, getAByOutputIndex(index));
        }
      }`,
  };
}

/** @param Backend the backend's class, which is only loaded where WebGPU is opened. */
export function webgpuCastConfig(Backend: typeof WebGPUBackend): KernelConfig {
  const stock = getKernel(Cast, 'webgpu').kernelFunc;
  return {
    kernelName: Cast,
    backendName: 'webgpu',
    kernelFunc: (args) => {
      const { backend, inputs, attrs } = args;
      const x: TensorInfo = tensorInput(inputs, 'x');
      const widens = attrs?.['dtype'] === 'float32' && (x.dtype === 'int32' || x.dtype === 'bool');
      if (!widens || !(backend instanceof Backend)) return stock(args);
      if (backend.tensorMap.get(x.dataId).values) {
        const floats = Float32Array.from(readHost(backend, x));
        return backend.makeTensorInfo(x.shape, 'float32', floats);
      }
      return backend.runWebGPUProgram(convertProgram(x.shape), [x], 'float32');
    },
  };
}
