/** Blocks of the kernels' memory, first fit, growing it when nothing fits. Addresses are bytes. */

const pageBytes = 65536;
const alignment = 64;

export interface Block {
  at: number;
  bytes: number;
}

export class OutOfWasmMemory extends Error {}

export class Arena {
  private readonly memory: WebAssembly.Memory;
  /** By address; neighbours are merged. */
  private free: Block[] = [];
  private end: number;

  /** The first page holds the kernels' constants. */
  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
    this.end = pageBytes;
    this.release({ at: this.end, bytes: memory.buffer.byteLength - this.end });
    this.end = memory.buffer.byteLength;
  }

  /** Bytes in use. */
  get used(): number {
    return this.end - pageBytes - this.free.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** @throws OutOfWasmMemory when the memory cannot grow that far. */
  allocate(size: number): Block {
    const bytes = Math.max(alignment, Math.ceil(size / alignment) * alignment);
    let index = this.free.findIndex((block) => block.bytes >= bytes);
    if (index < 0) {
      this.grow(bytes);
      index = this.free.length - 1;
    }
    const found = this.free[index]!;
    if (found.bytes === bytes) this.free.splice(index, 1);
    else this.free[index] = { at: found.at + bytes, bytes: found.bytes - bytes };
    return { at: found.at, bytes };
  }

  release({ at, bytes }: Block): void {
    if (bytes === 0) return;
    let index = this.free.findIndex((block) => block.at > at);
    if (index < 0) index = this.free.length;
    const before = this.free[index - 1];
    const after = this.free[index];
    const merged = { at, bytes };
    let from = index;
    let removed = 0;
    if (before && before.at + before.bytes === at) {
      merged.at = before.at;
      merged.bytes += before.bytes;
      from--;
      removed++;
    }
    if (after && at + bytes === after.at) {
      merged.bytes += after.bytes;
      removed++;
    }
    this.free.splice(from, removed, merged);
  }

  private grow(bytes: number): void {
    const last = this.free.at(-1);
    const reusable = last && last.at + last.bytes === this.end ? last.bytes : 0;
    const pages = Math.ceil((bytes - reusable) / pageBytes);
    try {
      this.memory.grow(pages);
    } catch {
      throw new OutOfWasmMemory(`the kernels' memory cannot grow by ${pages} pages`);
    }
    const from = this.end;
    this.end += pages * pageBytes;
    this.release({ at: from, bytes: pages * pageBytes });
  }
}
