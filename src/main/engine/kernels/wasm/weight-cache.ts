/**
 * Packed weights of layers that predict: they are the same from call to call, and packing them costs more
 * than a time step of one row. TF.js' variables get new data when they are assigned; a layer that trains
 * is forgotten all the same, so that an optimizer may write in place.
 */
import type { DataId, TensorInfo } from '@tensorflow/tfjs-core';
import type { Part } from './run.js';

interface Entry {
  /** The data of the recurrent kernel and the bias that were packed with it. */
  others: (DataId | undefined)[];
  /** What else decides how weights are packed. */
  layout: string;
  part: Part;
}

/** Layers that predict at a time; the longest kept goes first. */
const capacity = 16;

export class WeightCache {
  /** By the data of the input kernel. */
  private readonly entries = new Map<DataId, Entry>();

  find(kernel: TensorInfo, others: (TensorInfo | undefined)[], layout: string): Part | null {
    const entry = this.entries.get(kernel.dataId);
    const same =
      entry?.layout === layout && others.every((one, i) => one?.dataId === entry.others[i]);
    return same ? entry.part : null;
  }

  /** Takes the part over. */
  keep(kernel: TensorInfo, others: (TensorInfo | undefined)[], layout: string, part: Part): void {
    this.drop(kernel);
    if (this.entries.size === capacity) {
      const [[oldest, entry] = []] = this.entries;
      entry?.part.release();
      if (oldest) this.entries.delete(oldest);
    }
    this.entries.set(kernel.dataId, { others: others.map((one) => one?.dataId), layout, part });
  }

  drop(kernel: TensorInfo): void {
    const entry = this.entries.get(kernel.dataId);
    if (entry === undefined) return;
    this.entries.delete(kernel.dataId);
    entry.part.release();
  }
}
