/** A device that was opened: TF.js runs on it until it is disposed. One is open at a time in a process. */
import type { DeviceId } from '#shared/ipc/devices';
import type { RecurrentLayer } from '#shared/run/fallbacks';
import type { CrossEntropyKernel } from '../kernels/cross-entropy.js';
import type { LayerNormKernel } from '../kernels/layer-norm.js';
import type { RecurrentKernel } from '../kernels/recurrent.js';

export interface Device {
  id: DeviceId;
  /** e.g. `WebAssembly · SIMD`. */
  name: string;
  /** Why it runs: `chosen by you`, `the best of the available devices`. */
  reason: string;
  recurrent: RecurrentKernel;
  /** Why the layer doesn't run on a fused kernel here, as a sentence; null where it does. */
  fallback: (layer: RecurrentLayer) => string | null;
  crossEntropy: CrossEntropyKernel;
  layerNorm: LayerNormKernel;
  /**
   * What is held now. `held`: what the device has beside TF.js' tensors, such as buffers of a GPU, by
   * names of its own. It grows while work of a new shape is done, and stays where it is repeated.
   */
  memory(): { tensors: number; tensorBytes: number; held: Record<string, number> };
  /**
   * Waits until queued work is done, then throws a `StudioError` (`device-error`) with whatever the
   * device reported asynchronously since the last call (WebGPU's `uncapturederror`, a lost device).
   */
  check(): Promise<void>;
  dispose(): Promise<void>;
}

// devices/index.ts exports:
//   listDevices(): Promise<DeviceReport[]>           best first, each with its reason
//   openDevice(choice: DeviceChoice): Promise<Device> registers missing kernels, sets the TF.js backend
