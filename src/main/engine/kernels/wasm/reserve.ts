/** Memory for one backward at a time, set aside by the forwards that wait for theirs. */
import type { Arena, Block } from './arena.js';

export class Reserve {
  /** Forwards whose backward may come. */
  users = 0;
  private readonly arena: Arena;
  private held: Block | null = null;

  constructor(arena: Arena) {
    this.arena = arena;
  }

  /** @throws OutOfWasmMemory; what was held stays. */
  atLeast(bytes: number): void {
    if (this.held !== null && this.held.bytes >= bytes) return;
    const larger = this.arena.allocate(bytes);
    if (this.held !== null) this.arena.release(this.held);
    this.held = larger;
  }

  block(): Block {
    if (this.held === null) throw new Error('nothing was set aside for this backward');
    return this.held;
  }

  releaseUnused(): void {
    if (this.users > 0 || this.held === null) return;
    this.arena.release(this.held);
    this.held = null;
  }
}
