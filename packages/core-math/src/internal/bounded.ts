import type { Pcg64 } from "./pcg64.js";

const WORD = 2 ** 32;

/**
 * A uniform integer in [0, n), by Lemire's multiplication without division (2019), as NumPy's `integers` draws it.
 *
 * Up to 2³² a draw takes 32 bits, rarely more; above, 64. n = 1 takes none.
 *
 * @param bits - The generator.
 * @param n - An integer in [1, 2⁵³].
 */
export function boundedInteger(bits: Pcg64, n: number): number {
  if (n === 1) return 0;
  if (n < WORD) return boundedBy32Bits(bits, n);
  return n === WORD ? bits.next32() : boundedBy64Bits(bits, n);
}

/**
 * A uniform integer in [0, most], by drawing as many bits as `most` has until they are not above it. NumPy shuffles
 * with this one.
 *
 * @param most - An integer in [1, 2³² − 1].
 */
export function maskedInteger(bits: Pcg64, most: number): number {
  const mask = 0xffffffff >>> Math.clz32(most);
  for (;;) {
    const value = (bits.next32() & mask) >>> 0;
    if (value <= most) return value;
  }
}

/** m = u·n; its high word is the draw unless its low word falls among the 2³² mod n values that would be one too many. */
function boundedBy32Bits(bits: Pcg64, n: number): number {
  const nHigh = n >>> 16;
  const nLow = n & 0xffff;
  let u = bits.next32();
  let fraction = Math.imul(u, n) >>> 0;
  if (fraction < n) {
    const excess = (WORD - n) % n;
    while (fraction < excess) {
      u = bits.next32();
      fraction = Math.imul(u, n) >>> 0;
    }
  }
  return Math.floor((u * nHigh + Math.floor((u * nLow) / 65536)) / 65536);
}

/** The same on 64-bit words. BigInt keeps it short; ranges beyond 2³² are no hot path. */
function boundedBy64Bits(bits: Pcg64, n: number): number {
  const count = BigInt(n);
  const excess = (1n << 64n) % count;
  for (;;) {
    bits.next64();
    const product = ((BigInt(bits.high) << 32n) | BigInt(bits.low)) * count;
    if ((product & 0xffffffffffffffffn) >= excess) return Number(product >> 64n);
  }
}
