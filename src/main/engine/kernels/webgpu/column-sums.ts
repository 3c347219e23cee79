/** Sums over rows in one dispatch; TF.js' own would transpose the matrix first. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { CommandStream, Program } from './commands.js';

const columnsPerTile = 32;
const rowThreads = 8;

const program: Program = {
  name: 'column sums',
  bindings: [
    { name: 'matrix', access: 'read', type: 'Matrix' },
    { name: 'values', access: 'read' },
    { name: 'sums', access: 'read_write' },
  ],
  code: `
struct Matrix { rows : u32, columns : u32 }
var<workgroup> partial : array<f32, ${columnsPerTile * rowThreads}>;

@compute @workgroup_size(${columnsPerTile}, ${rowThreads})
fn main(
  @builtin(global_invocation_id) thread : vec3u,
  @builtin(local_invocation_index) lane : u32,
) {
  var sum = 0.0;
  if (thread.x < matrix.columns) {
    for (var row = thread.y; row < matrix.rows; row += ${rowThreads}u) {
      sum += values[row * matrix.columns + thread.x];
    }
  }
  partial[lane] = sum;
  workgroupBarrier();
  if (thread.y == 0u && thread.x < matrix.columns) {
    for (var i = 1u; i < ${rowThreads}u; i++) { sum += partial[i * ${columnsPerTile}u + lane]; }
    sums[u32(current.index) * matrix.columns + thread.x] = sum;
  }
}`,
};

/** Column sums of each [rows, columns] matrix, one after the other in a tensor of `shape`. */
export function columnSums(
  commands: CommandStream,
  matrices: readonly Tensor[],
  shape: number[],
): Tensor {
  const sums = commands.tensor(shape);
  const dispatches = matrices.map((values, step) => {
    const [rows = 0, columns = 0] = values.shape;
    const matrix = commands.constants(Uint32Array.of(rows, columns));
    const workgroups: [number, number] = [Math.ceil(columns / columnsPerTile), 1];
    return { bound: commands.bind(program, { matrix, values, sums }), step, workgroups };
  });
  commands.encode(dispatches);
  return sums;
}
