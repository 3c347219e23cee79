/** Does the network here give what it gave in the studio? Recorded inputs with recorded outputs tell. */
import type { Network } from './load.ts';
import { logitsOf } from './logits.ts';
import { recordedInput, rowOf } from './preprocessing.ts';
import type { Input } from './preprocessing.ts';
import type { Tensor } from './safetensors.ts';

/** recorded.json. */
export interface Recording {
  rows: number;
  tolerance: number;
  /** What a person would give: preprocessed, it must be the recorded rows. */
  inputs: Input[];
  /** Of a next-token network: the tokens that follow a prompt. */
  generated: { prompt_ids: number[]; ids: number[] } | null;
}

export interface Verification {
  passed: boolean;
  rows: number;
  /** Over the largest magnitude, at real steps. */
  largest_difference: number;
  tolerance: number;
  preprocessing: boolean;
  generated: boolean | null;
}

export type Generate = (network: Network, prompt: number[], count: number) => Promise<number[]>;

/** @param tensors of recorded.safetensors. */
export async function verify(
  network: Network,
  recording: Recording,
  tensors: ReadonlyMap<string, Tensor>,
  generate: Generate | null,
): Promise<Verification> {
  const tensor = (name: string): Tensor => {
    const found = tensors.get(name);
    if (found === undefined) throw new Error(`recorded.safetensors has no "${name}".`);
    return found;
  };
  const input = recordedInput(tensor);
  const actual = await logitsOf(network, input);
  const largestDifference = difference(actual, tensor('outputs'), tensor('lengths').values);
  const preprocessing = recording.inputs.every(
    (given, row) => network.preprocessor.encode(given).join() === rowOf(input, row).join(),
  );
  let generated: boolean | null = null;
  if (recording.generated !== null && generate !== null) {
    const { prompt_ids: prompt, ids } = recording.generated;
    generated = (await generate(network, prompt, ids.length)).join() === ids.join();
  }
  const { rows, tolerance } = recording;
  return {
    passed: largestDifference <= tolerance && preprocessing && generated !== false,
    rows,
    largest_difference: largestDifference,
    tolerance,
    preprocessing,
    generated,
  };
}

/** Largest difference over largest magnitude, over the real steps. NaN counts as infinitely far off. */
function difference(
  actual: Float32Array,
  { shape, values }: Tensor,
  lengths: ArrayLike<number>,
): number {
  const classes = shape[shape.length - 1];
  const steps = shape.length === 3 ? shape[1] : 1;
  let largest = 0;
  let magnitude = 0;
  values.forEach((value, i) => {
    const position = Math.floor(i / classes);
    const isReal = steps === 1 || position % steps < lengths[Math.floor(position / steps)];
    if (!isReal) return;
    const distance = Math.abs(actual[i] - value);
    largest = Number.isNaN(distance) ? Infinity : Math.max(largest, distance);
    magnitude = Math.max(magnitude, Math.abs(value));
  });
  return magnitude === 0 ? largest : largest / magnitude;
}
