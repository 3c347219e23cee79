/** One block of the kernels' memory, cut into arrays. */
import type { Arena, Block } from './arena.js';

const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;

export class Workspace {
  /** Address of each array, a multiple of 64. */
  readonly at: readonly number[];
  private readonly arena: Arena;
  private readonly block: Block;

  /**
   * @param lengths of the arrays, in values of four bytes.
   * @throws OutOfWasmMemory
   */
  constructor(arena: Arena, lengths: readonly number[]) {
    this.arena = arena;
    this.block = arena.allocate(lengths.reduce((sum, length) => sum + align(4 * length), 0));
    let end = this.block.at;
    this.at = lengths.map((length) => {
      const at = end;
      end += align(4 * length);
      return at;
    });
  }

  release(): void {
    this.arena.release(this.block);
  }
}
