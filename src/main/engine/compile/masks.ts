/** Masks from row lengths, made on the host: [B,T] is small beside the activations. */

/** 1 at real steps, 0 beyond a row's length; [B·T]. */
export function stepMask(lengths: Int32Array, timeSteps: number): Float32Array {
  return stepWeights(lengths, timeSteps, (step, length) => (step < length ? 1 : 0));
}

/** A weight for each step of each row, [B·T]. */
export function stepWeights(
  lengths: Int32Array,
  timeSteps: number,
  weight: (step: number, length: number) => number,
): Float32Array {
  const weights = new Float32Array(lengths.length * timeSteps);
  lengths.forEach((length, row) => {
    for (let step = 0; step < timeSteps; step++)
      weights[row * timeSteps + step] = weight(step, length);
  });
  return weights;
}
