/** Devices as everyone sees them: the engine finds them, the studio and the CLI show them. */
import { z } from 'zod';

/** Best first. `tensorflow-gpu` is CUDA through tfjs-node-gpu; `tensorflow` its CPU library. */
export const deviceIds = ['tensorflow-gpu', 'webgpu', 'wasm', 'tensorflow', 'cpu'] as const;
export const deviceIdSchema = z.enum(deviceIds);
export type DeviceId = z.infer<typeof deviceIdSchema>;
export const deviceChoiceSchema = z.enum(['auto', ...deviceIds]);
export type DeviceChoice = z.infer<typeof deviceChoiceSchema>;

export const deviceReportSchema = z.object({
  id: deviceIdSchema,
  /** e.g. `WebGPU · NVIDIA RTX 4070`, `WebAssembly · SIMD`. */
  name: z.string(),
  available: z.boolean(),
  /** The one that `auto` takes. */
  chosen: z.boolean(),
  /** Why it is chosen, or why it isn't available: a sentence that says what to do. */
  reason: z.string(),
  /** A GPU that only imitates one in software (SwiftShader, llvmpipe): never chosen by `auto`. */
  software: z.boolean(),
});
export type DeviceReport = z.infer<typeof deviceReportSchema>;
