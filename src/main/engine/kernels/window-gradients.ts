/**
 * Gradients of sliding windows (convolution, max pooling) for the wasm backend, which has none for a
 * convolution's filter nor for a depthwise convolution, and whose own max pooling gradient is wrong
 * wherever all values of a window are negative (its search starts at the smallest positive float).
 * NHWC; written as direct loops over every (output position, filter tap) pair.
 */
import {
  backend_util,
  Conv2DBackpropFilter,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  MaxPoolGrad,
  util,
} from '@tensorflow/tfjs-core';
import type { KernelConfig, KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { readHost, tensorInput, writeHost } from './host-tensors.js';

type Shape4D = [number, number, number, number];
type WindowInfo = backend_util.Conv2DInfo;

const pair = z.union([z.number(), z.tuple([z.number(), z.number()])]);
const shape4 = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const edge = z.tuple([z.number(), z.number()]);
const attributesSchema = z.object({
  strides: pair,
  dilations: pair.nullish().transform((dilations) => dilations ?? 1),
  pad: z.union([z.enum(['same', 'valid']), z.number(), z.tuple([edge, edge, edge, edge])]),
  dimRoundingMode: z
    .enum(['floor', 'round', 'ceil'])
    .nullish()
    .transform((mode) => mode ?? undefined),
  dataFormat: z.literal('NHWC').nullish(),
});

function shapeAttribute(attrs: NamedAttrMap | undefined, name: string): Shape4D {
  return shape4.parse(attrs?.[name]);
}

function convolution(
  attrs: NamedAttrMap | undefined,
  inputShape: Shape4D,
  filterShape: Shape4D,
  depthwise: boolean,
): WindowInfo {
  const { strides, dilations, pad, dimRoundingMode } = attributesSchema.parse(attrs);
  return backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    depthwise,
  );
}

/**
 * Calls `visit` for every filter tap that lies on the input, with the flat positions, channels left
 * out: input [B, H, W], output [B, H', W'] and filter [h, w].
 */
function forEachTap(
  info: WindowInfo,
  visit: (input: number, output: number, tap: number) => void,
): void {
  const { inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, padInfo } = info;
  for (let b = 0, output = 0; b < info.batchSize; b++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++, output++) {
        for (let fy = 0; fy < filterHeight; fy++) {
          const y = oy * info.strideHeight + fy * info.dilationHeight - padInfo.top;
          if (y < 0 || y >= inHeight) continue;
          for (let fx = 0; fx < filterWidth; fx++) {
            const x = ox * info.strideWidth + fx * info.dilationWidth - padInfo.left;
            if (x < 0 || x >= inWidth) continue;
            visit((b * inHeight + y) * inWidth + x, output, fy * filterWidth + fx);
          }
        }
      }
    }
  }
}

/** dW[tap, i, o] = Σ x[i] dy[o]. */
const convFilter: KernelFunc = ({ inputs, attrs, backend }) => {
  const x = tensorInput(inputs, 'x');
  const filterShape = shapeAttribute(attrs, 'filterShape');
  const info = convolution(attrs, shape4.parse(x.shape), filterShape, false);
  const { inChannels, outChannels } = info;
  const xs = readHost(backend, x);
  const dys = readHost(backend, tensorInput(inputs, 'dy'));
  const sums = new Float32Array(util.sizeFromShape(filterShape));
  forEachTap(info, (input, output, tap) => {
    for (let i = 0; i < inChannels; i++) {
      const value = xs[input * inChannels + i]!;
      const to = (tap * inChannels + i) * outChannels;
      for (let o = 0; o < outChannels; o++) sums[to + o]! += value * dys[output * outChannels + o]!;
    }
  });
  return writeHost(backend, sums, filterShape, 'float32');
};

/** Channel i of the input feeds the outputs i·M … i·M + M − 1: dW[tap, i, m] = Σ x[i] dy[i·M + m]. */
const depthwiseFilter: KernelFunc = ({ inputs, attrs, backend }) => {
  const x = tensorInput(inputs, 'x');
  const filterShape = shapeAttribute(attrs, 'filterShape');
  const info = convolution(attrs, shape4.parse(x.shape), filterShape, true);
  const { inChannels, outChannels } = info;
  const multiplier = outChannels / inChannels;
  const xs = readHost(backend, x);
  const dys = readHost(backend, tensorInput(inputs, 'dy'));
  const sums = new Float32Array(util.sizeFromShape(filterShape));
  forEachTap(info, (input, output, tap) => {
    for (let o = 0; o < outChannels; o++) {
      const value = xs[input * inChannels + Math.floor(o / multiplier)]!;
      sums[tap * outChannels + o]! += value * dys[output * outChannels + o]!;
    }
  });
  return writeHost(backend, sums, filterShape, 'float32');
};

/** dx[i] = Σ W[tap, i, m] dy[i·M + m]. */
const depthwiseInput: KernelFunc = ({ inputs, attrs, backend }) => {
  const filter = tensorInput(inputs, 'filter');
  const inputShape = shapeAttribute(attrs, 'inputShape');
  const info = convolution(attrs, inputShape, shape4.parse(filter.shape), true);
  const { inChannels, outChannels } = info;
  const multiplier = outChannels / inChannels;
  const weights = readHost(backend, filter);
  const dys = readHost(backend, tensorInput(inputs, 'dy'));
  const sums = new Float32Array(util.sizeFromShape(inputShape));
  forEachTap(info, (input, output, tap) => {
    for (let o = 0; o < outChannels; o++) {
      const at = input * inChannels + Math.floor(o / multiplier);
      sums[at]! += weights[tap * outChannels + o]! * dys[output * outChannels + o]!;
    }
  });
  return writeHost(backend, sums, inputShape, 'float32');
};

/** dy goes to the first largest value of its window. */
const maxPool: KernelFunc = ({ inputs, attrs, backend }) => {
  const x: TensorInfo = tensorInput(inputs, 'input');
  const { strides, pad, dimRoundingMode } = attributesSchema.parse(attrs);
  const filterSize = pair.parse(attrs?.['filterSize']);
  const shape = shape4.parse(x.shape);
  const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const { inChannels: channels } = info;
  const xs = readHost(backend, x);
  const dys = readHost(backend, tensorInput(inputs, 'dy'));
  const largest = new Float32Array(dys.length).fill(-Infinity);
  const position = new Int32Array(dys.length).fill(-1);
  forEachTap(info, (input, output) => {
    for (let i = 0; i < channels; i++) {
      const value = xs[input * channels + i]!;
      if (value <= largest[output * channels + i]!) continue;
      largest[output * channels + i] = value;
      position[output * channels + i] = input * channels + i;
    }
  });
  const sums = new Float32Array(xs.length);
  for (let o = 0; o < dys.length; o++) if (position[o]! >= 0) sums[position[o]!]! += dys[o]!;
  return writeHost(backend, sums, shape, 'float32');
};

export const windowGradientConfigs: KernelConfig[] = [
  { kernelName: Conv2DBackpropFilter, backendName: 'wasm', kernelFunc: convFilter },
  {
    kernelName: DepthwiseConv2dNativeBackpropFilter,
    backendName: 'wasm',
    kernelFunc: depthwiseFilter,
  },
  {
    kernelName: DepthwiseConv2dNativeBackpropInput,
    backendName: 'wasm',
    kernelFunc: depthwiseInput,
  },
  { kernelName: MaxPoolGrad, backendName: 'wasm', kernelFunc: maxPool },
];
