/** What some work asks of the GPU through WebGPU's own interface, whoever encoded it. */
export interface GpuCounts {
  dispatches: number;
  passes: number;
  submits: number;
  bindGroups: number;
  buffersCreated: number;
}

type Counted = keyof GpuCounts;

/** Where each is counted; a function, since the classes are global only once a device was opened. */
const methods = (): [Counted, object, string][] => [
  ['dispatches', GPUComputePassEncoder.prototype, 'dispatchWorkgroups'],
  ['passes', GPUCommandEncoder.prototype, 'beginComputePass'],
  ['submits', GPUQueue.prototype, 'submit'],
  ['bindGroups', GPUDevice.prototype, 'createBindGroup'],
  ['buffersCreated', GPUDevice.prototype, 'createBuffer'],
];

export async function countGpuWork(work: () => Promise<void>): Promise<GpuCounts> {
  const counts = { dispatches: 0, passes: 0, submits: 0, bindGroups: 0, buffersCreated: 0 };
  const restore = methods().map(([name, prototype, method]) => {
    const original: unknown = Reflect.get(prototype, method);
    if (typeof original !== 'function') throw new Error(`WebGPU has no ${method}`);
    Reflect.set(prototype, method, function (this: unknown, ...args: unknown[]): unknown {
      counts[name]++;
      return Reflect.apply(original, this, args);
    });
    return () => Reflect.set(prototype, method, original);
  });
  try {
    await work();
  } finally {
    for (const undo of restore) undo();
  }
  return counts;
}
