/** 32-bit words that a generator keeps: a line of cache. */
export const PCG64_WORDS = 16;

// Where they are among these words: the state's four and the increment's four, lowest first, then the two of the latest
// output, then the spare half of one and whether there is such a half.
const INCREMENT = 4;
const OUTPUT = 8;
const SPARE = 10;
const HAS_SPARE = 11;

/**
 * PCG64 (PCG XSL RR 128/64, O'Neill 2014), the bit generator behind `numpy.random.default_rng`, on 32-bit limbs.
 *
 *   s ← a·s + c mod 2¹²⁸,   output = rotateRight₆₄(high(s) ⊕ low(s), s ≫ 122)
 *
 * A step allocates nothing. All that changes lies in one typed array, which generators can share.
 */
export class Pcg64 {
  #words: Uint32Array = new Uint32Array(PCG64_WORDS);
  #at = 0;

  /** @param words - Eight 32-bit words of a SeedSequence: NumPy reads them as two 128-bit numbers, high 64 bits first. */
  constructor(words: Uint32Array) {
    const state = this.#words;
    const [s2, s3, s0, s1, i2, i3, i0, i1] = words;
    state[INCREMENT] = (i0 << 1) | 1;
    state[INCREMENT + 1] = (i1 << 1) | (i0 >>> 31);
    state[INCREMENT + 2] = (i2 << 1) | (i1 >>> 31);
    state[INCREMENT + 3] = (i3 << 1) | (i2 >>> 31);
    this.#step();
    const sum0 = state[0] + s0;
    const sum1 = state[1] + s1 + carry(sum0);
    const sum2 = state[2] + s2 + carry(sum1);
    const sum3 = state[3] + s3 + carry(sum2);
    state.set([sum0, sum1, sum2, sum3]);
    this.#step();
  }

  /** The low 32 bits of the latest 64-bit output. */
  get low(): number {
    return this.#words[this.#at + OUTPUT];
  }

  /** The high 32 bits of the latest 64-bit output. */
  get high(): number {
    return this.#words[this.#at + OUTPUT + 1];
  }

  /** The 128-bit state, four words, lowest first; what is written to it is the state. */
  get state(): Uint32Array {
    return this.#words.subarray(this.#at, this.#at + INCREMENT);
  }

  /** The high half of a 64-bit output of which {@link next32} has handed out the low half, or null. */
  get spare(): number | null {
    return this.#words[this.#at + HAS_SPARE] === 0 ? null : this.#words[this.#at + SPARE];
  }

  set spare(half: number | null) {
    this.#words[this.#at + HAS_SPARE] = half === null ? 0 : 1;
    this.#words[this.#at + SPARE] = half ?? 0;
  }

  /** Keeps its words in {@link PCG64_WORDS} elements of another array from now on, so that many lie side by side. */
  moveTo(words: Uint32Array, at: number): void {
    words.set(this.#words.subarray(this.#at, this.#at + PCG64_WORDS), at);
    this.#words = words;
    this.#at = at;
  }

  /** Makes this generator stand where another one does. */
  copy(other: Pcg64): void {
    this.#words.set(other.#words.subarray(other.#at, other.#at + PCG64_WORDS), this.#at);
  }

  /** Draws 64 bits into {@link low} and {@link high}. */
  next64(): void {
    this.#step();
    const words = this.#words;
    const at = this.#at;
    const top = words[at + 3];
    const low = words[at + 2] ^ words[at];
    const high = top ^ words[at + 1];
    // A rotation by 32 or more swaps the words; which one is chance, so a branch would be guessed wrong half the time.
    const swap = (low ^ high) & (top >> 31);
    const a = low ^ swap;
    const b = high ^ swap;
    // Shift counts are taken mod 32; shifting in two goes keeps a rotation by 0 from shifting by 32.
    const right = (top >>> 26) & 31;
    const left = 31 - right;
    words[at + OUTPUT] = (a >>> right) | ((b << 1) << left);
    words[at + OUTPUT + 1] = (b >>> right) | ((a << 1) << left);
  }

  /** Draws 32 bits as NumPy does: a 64-bit output serves two draws, low half first, whatever is drawn in between. */
  next32(): number {
    const { spare } = this;
    if (spare !== null) {
      this.spare = null;
      return spare;
    }
    this.next64();
    this.spare = this.high;
    return this.low;
  }

  /** state ← a·state + increment, with a = 0x2360ed05_1fc65da4_4385df64_9fccf645. */
  #step(): void {
    const words = this.#words;
    const at = this.#at;
    const s0 = words[at];
    const s1 = words[at + 1];
    const s2 = words[at + 2];
    const s3 = words[at + 3];
    // Columns of the schoolbook product; each is below 2³⁶, so doubles hold it exactly.
    const c0 = (Math.imul(s0, 0x9fccf645) >>> 0) + words[at + INCREMENT];
    const c1 =
      highProduct(s0, 0x9fcc, 0xf645) +
      (Math.imul(s0, 0x4385df64) >>> 0) +
      (Math.imul(s1, 0x9fccf645) >>> 0) +
      words[at + INCREMENT + 1] +
      carry(c0);
    const c2 =
      highProduct(s0, 0x4385, 0xdf64) +
      highProduct(s1, 0x9fcc, 0xf645) +
      (Math.imul(s0, 0x1fc65da4) >>> 0) +
      (Math.imul(s1, 0x4385df64) >>> 0) +
      (Math.imul(s2, 0x9fccf645) >>> 0) +
      words[at + INCREMENT + 2] +
      carry(c1);
    const c3 =
      highProduct(s0, 0x1fc6, 0x5da4) +
      highProduct(s1, 0x4385, 0xdf64) +
      highProduct(s2, 0x9fcc, 0xf645) +
      Math.imul(s0, 0x2360ed05) +
      Math.imul(s1, 0x1fc65da4) +
      Math.imul(s2, 0x4385df64) +
      Math.imul(s3, 0x9fccf645) +
      words[at + INCREMENT + 3] +
      carry(c2);
    words[at] = c0;
    words[at + 1] = c1;
    words[at + 2] = c2;
    words[at + 3] = c3;
  }
}

const PER_WORD = 2 ** -32;
const PER_HALF_WORD = 2 ** -16;

function carry(sum: number): number {
  return Math.floor(sum * PER_WORD);
}

/** The high 32 bits of a 32 × 32-bit product whose second factor comes in halves: every product fits 53 bits. */
function highProduct(a: number, bHigh: number, bLow: number): number {
  return Math.floor((a * bHigh + Math.floor(a * bLow * PER_HALF_WORD)) * PER_HALF_WORD);
}
