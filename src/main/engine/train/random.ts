/**
 * Seeded pseudo-random numbers. xoshiro128** 1.1 (Blackman & Vigna 2021, "Scrambled linear pseudorandom
 * number generators"), period 2^128 − 1.
 *
 * A generator is opened by seed, stream name and index, so that every use has numbers of its own: the
 * order of epoch 7 is `new Random(seed, 'order', 7)`, the dropout of step 912 `new Random(seed, 'dropout',
 * 912)`. Nothing of a generator's state has to be saved to resume a run, and a new block in the graph
 * leaves the initial weights of the others as they were.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  /**
   * @param seed any integer; its low 32 bits count.
   * @param stream what the numbers are for.
   * @param index which one of that stream, 0 to 2^32 − 1.
   */
  constructor(seed: number, stream: string, index = 0) {
    const name = hash(stream);
    const word = (i: number): number =>
      mix(seed + Math.imul(i, 0x9e3779b9)) ^
      mix(name + Math.imul(i, 0x85ebca77)) ^
      mix(index + Math.imul(i, 0xc2b2ae3d));
    this.a = word(1);
    this.b = word(2);
    this.c = word(3);
    this.d = word(4) | 1; // The state must not be all zeros.
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** Uniform in 0 … 2^32 − 1. */
  uint32(): number {
    const x = Math.imul(this.b, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= t;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    return ((this.uint32() >>> 5) * 67108864 + (this.uint32() >>> 6)) / 9007199254740992;
  }

  /** Standard normal (Box & Muller 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Uniform in 0 … n − 1, without modulo bias. */
  integer(n: number): number {
    const limit = 4294967296 - (4294967296 % n);
    let draw = this.uint32();
    while (draw >= limit) draw = this.uint32();
    return draw % n;
  }

  /** Fisher–Yates, in place. */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const moved = items[i]!;
      items[i] = items[j]!;
      items[j] = moved;
    }
    return items;
  }

  /** Inverted dropout: each element 0 with probability `rate`, else 1 / (1 − rate). */
  dropoutMask(size: number, rate: number): Float32Array {
    const mask = new Float32Array(size);
    const threshold = rate * 4294967296;
    const kept = 1 / (1 - rate);
    for (let i = 0; i < size; i++) if (this.uint32() >= threshold) mask[i] = kept;
    return mask;
  }
}

/** murmur3's 32-bit finaliser: a bijection, so different indices give different states. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** FNV-1a over UTF-16 code units. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}
