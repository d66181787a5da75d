import { expectation, OptionError, type Random, requireArray, requireInteger } from "@uphill/core-math";
import { readFields, readInteger } from "../internal/saved.js";
import type { JsonValue } from "../json.js";

/** The most bits: more would be a mistake in the call. */
const MOST = 2 ** 20;

/** The space {0, 1}ⁿ. A point of it is an `Int32Array` of n bits, as of n choices between two. */
export class MultiBinary {
  readonly kind = "multi-binary";
  /** Number of bits. */
  readonly size: number;
  /** Number of choices for each bit: two. */
  readonly counts: readonly number[];

  /**
   * @param size - Number of bits, an integer in [1, 2²⁰].
   * @throws OptionError for anything else.
   */
  constructor(size: number) {
    this.size = requireInteger("size", size, { least: 1, most: MOST });
    this.counts = Object.freeze(new Array<number>(size).fill(2));
  }

  /** Whether a value is an `Int32Array` of `size` elements, each 0 or 1. */
  contains(value: unknown): value is Int32Array {
    return value instanceof Int32Array && value.length === this.size && value.every((bit) => bit === 0 || bit === 1);
  }

  /**
   * Bits drawn fairly from the stream.
   *
   * @param random - The stream.
   * @param mask - For each bit 0 or 1 where it must be so, and 2 where it is free, `[size]`; all are free where left
   *   out.
   * @returns Int32 `[size]`.
   * @throws OptionError or ShapeError where the mask does not fit.
   */
  sample(random: Random, mask?: ArrayLike<number>): Int32Array {
    if (mask !== undefined) requireArray("mask", mask, this.size);
    return Int32Array.from({ length: this.size }, (_, i) => {
      const allowed = mask?.[i] ?? 2;
      if (allowed === 0 || allowed === 1) return allowed;
      if (allowed === 2) return random.integer(2);
      throw new OptionError(expectation(`mask[${i}]`, "0, 1 or 2", allowed));
    });
  }

  /** Whether the other value is a space of as many bits. */
  equals(other: unknown): boolean {
    return other instanceof MultiBinary && other.size === this.size;
  }

  /** The space as JSON; `spaceFromJSON` reads it. */
  toJSON(): JsonValue {
    return { kind: "multi-binary", size: this.size };
  }
}

/**
 * The space of `size` bits.
 *
 * @param size - Number of bits, an integer in [1, 2²⁰].
 * @throws OptionError for anything else.
 */
export function multiBinary(size: number): MultiBinary {
  return new MultiBinary(size);
}

/** The space that {@link MultiBinary.toJSON} wrote. */
export function multiBinaryFromJSON(json: unknown): MultiBinary {
  return new MultiBinary(readInteger("space.size", readFields("space", json)["size"], 1, MOST));
}
