/**
 * TF.js' `BatchMatMul` on all threads (assembly/matmul.ts). The stock kernel of the wasm backend runs on
 * one, and takes a plain loop, some twelve times as long, for whatever is transposed or has a batch: both
 * products of every backward pass.
 */
import { BatchMatMul, util } from '@tensorflow/tfjs-core';
import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { tensorInput } from '../host-tensors.js';
import { OutOfWasmMemory } from './arena.js';
import type { KernelRuntime } from './runtime.js';
import { makeTensor, valuesOf, wasmBackend } from './tensors.js';
import { Workspace } from './workspace.js';

/** Below so many floating-point operations a product is done before a second thread has woken up. */
const threadedFlops = 2e6;
/** The stock kernel's fast path, for one plain product, is as fast below these: panels have eight rows. */
const stockFlops = 1e6;
const stockRows = 4;

const fieldCount = 16;

interface Operand {
  tensor: TensorInfo;
  batches: number;
  rows: number;
  columns: number;
  /** Strides in bytes. */
  rowStride: number;
  columnStride: number;
  size: number;
}

function operand(tensor: TensorInfo, transposed: boolean): Operand {
  const [first = 0, second = 0] = tensor.shape.slice(-2);
  return {
    tensor,
    batches: util.sizeFromShape(tensor.shape.slice(0, -2)),
    rows: transposed ? second : first,
    columns: transposed ? first : second,
    rowStride: transposed ? 4 : 4 * second,
    columnStride: transposed ? 4 * second : 4,
    size: first * second,
  };
}

/** The bytes from one batch to the next; a single matrix serves all batches. */
const batchStride = ({ batches, size }: Operand): number => (batches === 1 ? 0 : 4 * size);

/** @param stock takes what this kernel has no advantage in. */
export function wasmMatMul(runtime: KernelRuntime, stock: KernelFunc): KernelConfig {
  const { arena, memory, team } = runtime;
  const kernelFunc: KernelFunc = (call) => {
    const { inputs, attrs } = call;
    const transposeA = attrs?.['transposeA'] === true;
    const transposeB = attrs?.['transposeB'] === true;
    const a = operand(tensorInput(inputs, 'a'), transposeA);
    const b = operand(tensorInput(inputs, 'b'), transposeB);
    const batches = Math.max(a.batches, b.batches);
    const { rows, columns: depth } = a;
    const { columns } = b;
    const size = batches * rows * columns;
    const flops = 2 * size * depth;
    const plain = batches === 1 && !transposeA && !transposeB;
    const covered =
      a.tensor.dtype === 'float32' &&
      b.tensor.dtype === 'float32' &&
      depth === b.rows &&
      flops > 0 &&
      (a.batches === b.batches || a.batches === 1 || b.batches === 1);
    if (!covered || (plain && (rows < stockRows || flops < stockFlops))) return stock(call);
    const shares = flops >= threadedFlops ? team.size : 1;
    // Every share packs the other operand.
    const byColumns = batches === 1 && columns > rows;
    const outputShape = [
      ...(a.batches >= b.batches ? a : b).tensor.shape.slice(0, -2),
      rows,
      columns,
    ];
    let space: Workspace;
    try {
      space = new Workspace(arena, [
        fieldCount,
        a.batches * a.size,
        b.batches * b.size,
        size,
        (shares * runtime.matMulScratch()) / 4,
      ]);
    } catch (error) {
      if (error instanceof OutOfWasmMemory) return stock(call);
      throw error;
    }
    try {
      const backend = wasmBackend(call.backend);
      const [job = 0, aAt = 0, bAt = 0, cAt = 0, scratch = 0] = space.at;
      const floats = (at: number, length: number) => new Float32Array(memory.buffer, at, length);
      floats(aAt, a.batches * a.size).set(valuesOf(backend, a.tensor));
      floats(bAt, b.batches * b.size).set(valuesOf(backend, b.tensor));
      // In the order in which assembly/matmul.ts reads them.
      new Int32Array(memory.buffer, job, fieldCount).set([
        batches,
        rows,
        columns,
        depth,
        ...[aAt, batchStride(a), a.rowStride, a.columnStride],
        ...[bAt, batchStride(b), b.rowStride, b.columnStride],
        cAt,
        runtime.tileRows,
        byColumns ? 1 : 0,
        scratch,
      ]);
      team.run('matMul', job, shares);
      return makeTensor(backend, outputShape, floats(cAt, size));
    } finally {
      space.release();
    }
  };
  return { kernelName: BatchMatMul, backendName: 'wasm', kernelFunc };
}
