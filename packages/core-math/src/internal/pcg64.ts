/**
 * PCG64 (PCG XSL RR 128/64, O'Neill 2014), the bit generator behind `numpy.random.default_rng`, on 32-bit limbs.
 *
 *   s ← a·s + c mod 2¹²⁸,   output = rotateRight₆₄(high(s) ⊕ low(s), s ≫ 122)
 *
 * A step allocates nothing. Limbs and outputs lie in typed arrays, lowest word first.
 */
export class Pcg64 {
  /** Low and high 32 bits of the latest 64-bit output. */
  readonly output = new Uint32Array(2);
  /** The 128-bit state, four words. */
  readonly state = new Uint32Array(4);
  /** The high half of a 64-bit output of which {@link next32} has handed out the low half; -1 for none. */
  spare = -1;

  readonly #increment = new Uint32Array(4);

  /** @param words - Eight 32-bit words of a SeedSequence: NumPy reads them as two 128-bit numbers, high 64 bits first. */
  constructor(words: Uint32Array) {
    const { state } = this;
    const increment = this.#increment;
    const [s2, s3, s0, s1, i2, i3, i0, i1] = words;
    increment[0] = (i0 << 1) | 1;
    increment[1] = (i1 << 1) | (i0 >>> 31);
    increment[2] = (i2 << 1) | (i1 >>> 31);
    increment[3] = (i3 << 1) | (i2 >>> 31);
    this.#step();
    const sum0 = state[0] + s0;
    const sum1 = state[1] + s1 + carry(sum0);
    const sum2 = state[2] + s2 + carry(sum1);
    const sum3 = state[3] + s3 + carry(sum2);
    state.set([sum0, sum1, sum2, sum3]);
    this.#step();
  }

  /** Draws 64 bits into {@link output}. */
  next64(): void {
    this.#step();
    const { state, output } = this;
    const low = state[2] ^ state[0];
    const high = state[3] ^ state[1];
    // A rotation by 32 or more swaps the words; which one is chance, so a branch would be guessed wrong half the time.
    const swap = (low ^ high) & (state[3] >> 31);
    const a = low ^ swap;
    const b = high ^ swap;
    // Shift counts are taken mod 32; shifting in two goes keeps a rotation by 0 from shifting by 32.
    const right = (state[3] >>> 26) & 31;
    const left = 31 - right;
    output[0] = (a >>> right) | ((b << 1) << left);
    output[1] = (b >>> right) | ((a << 1) << left);
  }

  /** Draws 32 bits as NumPy does: a 64-bit output serves two draws, low half first, whatever is drawn in between. */
  next32(): number {
    if (this.spare >= 0) {
      const value = this.spare;
      this.spare = -1;
      return value;
    }
    this.next64();
    this.spare = this.output[1];
    return this.output[0];
  }

  /** state ← a·state + increment, with a = 0x2360ed05_1fc65da4_4385df64_9fccf645. */
  #step(): void {
    const { state } = this;
    const increment = this.#increment;
    const s0 = state[0];
    const s1 = state[1];
    const s2 = state[2];
    const s3 = state[3];
    // Columns of the schoolbook product; each is below 2³⁶, so doubles hold it exactly.
    const c0 = (Math.imul(s0, 0x9fccf645) >>> 0) + increment[0];
    const c1 =
      highProduct(s0, 0x9fcc, 0xf645) +
      (Math.imul(s0, 0x4385df64) >>> 0) +
      (Math.imul(s1, 0x9fccf645) >>> 0) +
      increment[1] +
      carry(c0);
    const c2 =
      highProduct(s0, 0x4385, 0xdf64) +
      highProduct(s1, 0x9fcc, 0xf645) +
      (Math.imul(s0, 0x1fc65da4) >>> 0) +
      (Math.imul(s1, 0x4385df64) >>> 0) +
      (Math.imul(s2, 0x9fccf645) >>> 0) +
      increment[2] +
      carry(c1);
    const c3 =
      highProduct(s0, 0x1fc6, 0x5da4) +
      highProduct(s1, 0x4385, 0xdf64) +
      highProduct(s2, 0x9fcc, 0xf645) +
      Math.imul(s0, 0x2360ed05) +
      Math.imul(s1, 0x1fc65da4) +
      Math.imul(s2, 0x4385df64) +
      Math.imul(s3, 0x9fccf645) +
      increment[3] +
      carry(c2);
    state[0] = c0;
    state[1] = c1;
    state[2] = c2;
    state[3] = c3;
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
