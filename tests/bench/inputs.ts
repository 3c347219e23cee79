/** Seeded inputs of a case, the same for every subject. */
import { readFile } from 'node:fs/promises';
import { parseDocument } from '#shared/graph/parse';
import { lower } from '#shared/ir/lower';
import { initialWeights } from '../../src/main/engine/compile/model.js';
import { prepareData } from '../../src/main/engine/data/index.js';
import { gateCount, randomArray } from '../../src/main/engine/kernels/recurrent-cases.js';
import { epochBatches } from '../../src/main/engine/train/order.js';
import type { Arrays } from './arrays.js';
import type { OperationSpec, RecurrentSpec, TrainingSpec } from './cases.js';

/** Batches that a training case goes through in turn. */
const batchCount = 8;

/**
 * @param rows only these rows of the output get a gradient, so that a check needs to compute no others;
 * null is all.
 */
export function recurrentInputs(spec: RecurrentSpec, rows: readonly number[] | null): Arrays {
  const { batch, timeSteps, features, units, variant, pass, cell } = spec;
  const width = gateCount[cell] * units;
  // PyTorch's own initial range, so that states neither vanish nor saturate.
  const scale = 1 / Math.sqrt(units);
  const draw = randomArray(batch * 7919 + timeSteps * 104729 + units);
  const random = (size: number, by: number): Float32Array => Float32Array.from(draw(size, by));
  const arrays: Arrays = {
    input: random(batch * timeSteps * features, 1),
    kernel: random(features * width, scale),
    recurrentKernel: random(units * width, scale),
    bias: random(width * (variant === 'gru-after' ? 2 : 1), scale),
  };
  if (pass === 'train') {
    const upstream = random(batch * timeSteps * units, 1);
    const size = timeSteps * units;
    for (let b = 0; b < batch; b++) {
      if (rows !== null && !rows.includes(b)) upstream.fill(0, b * size, (b + 1) * size);
    }
    arrays['upstream'] = upstream;
  }
  if (pass === 'step') {
    arrays['initial h'] = random(batch * units, 1);
    if (cell === 'lstm') arrays['initial c'] = random(batch * units, 1);
  }
  return arrays;
}

export function operationInputs(spec: OperationSpec): Arrays {
  const { batch, timeSteps, features } = spec;
  const draw = randomArray(batch * 7919 + features);
  const random = (size: number): Float32Array => Float32Array.from(draw(size, 1));
  const size = batch * timeSteps * features;
  const names =
    spec.operation === 'attention' ? ['query', 'keys', 'values'] : ['input', 'gamma', 'beta'];
  const [first, ...others] = names.map((name) => [
    name,
    random(name === 'gamma' || name === 'beta' ? features : size),
  ]);
  return { ...Object.fromEntries([first!, ...others]), upstream: random(size) };
}

/** An example project's program, initial weights and first batches of its first epoch. */
export async function trainingCase(
  example: string,
  file: string | URL,
): Promise<{ spec: TrainingSpec; inputs: Arrays }> {
  const { data: recipe, training, ...rest } = parseDocument(await readFile(file, 'utf8'));
  const data = await prepareData(recipe, null);
  const program = lower({ data: recipe, training, ...rest }, data.facts);
  const order = epochBatches({ ...training, lengths: data.train.lengths, epoch: 1 });
  const inputs: Arrays = { weights: initialWeights(program, training.seed) };
  const batches = order.slice(0, batchCount).map((indices, i): TrainingSpec['batches'][number] => {
    const { size, timeSteps, input, lengths, targets } = data.train.batch(indices);
    if (input.kind !== 'tokens' || targets.kind === 'values')
      throw new Error(`${example}: the benchmark trains on tokens`);
    inputs[`ids ${i}`] = input.ids;
    inputs[`targets ${i}`] = targets.ids;
    if (lengths) inputs[`lengths ${i}`] = lengths;
    return { size, timeSteps, masked: lengths !== null, targets: targets.kind };
  });
  const { optimizer, clip } = training;
  const spec: TrainingSpec = {
    kind: 'training',
    id: `model-${example}`,
    example,
    program,
    recipe: { optimizer, clip },
    batches,
  };
  return { spec, inputs };
}
