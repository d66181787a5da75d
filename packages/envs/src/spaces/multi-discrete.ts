import { expectation, OptionError, type Random, requireArray, requireInteger } from "@uphill/core-math";
import { allowedChoices } from "../internal/require-mask.js";
import { readFields, readInteger, readList } from "../internal/saved.js";
import type { JsonValue } from "../json.js";

/** The largest number of choices: points are int32. */
const MOST = 2 ** 31 - 1;

/** The space {0, …, n₀ − 1} × {0, …, n₁ − 1} × …, of several choices at once. A point of it is an `Int32Array`. */
export class MultiDiscrete {
  readonly kind = "multi-discrete";
  /** Number of choices along each axis. */
  readonly counts: readonly number[];
  /** Number of axes. */
  readonly size: number;

  /**
   * @param counts - Number of choices along each axis, integers in [1, 2³¹ − 1]; at least one of them.
   * @throws OptionError for anything else.
   */
  constructor(counts: ArrayLike<number>) {
    requireArray("counts", counts);
    if (counts.length === 0) throw new OptionError(expectation("counts", "at least one number", counts));
    this.counts = Object.freeze(
      Array.from(counts, (count, axis) => requireInteger(`counts[${axis}]`, count, { least: 1, most: MOST })),
    );
    this.size = this.counts.length;
  }

  /** Whether a value is an `Int32Array` of a choice along each axis. */
  contains(value: unknown): value is Int32Array {
    if (!(value instanceof Int32Array) || value.length !== this.counts.length) return false;
    return value.every((choice, axis) => choice >= 0 && choice < this.counts[axis]);
  }

  /**
   * Choices drawn uniformly from the stream.
   *
   * @param random - The stream.
   * @param mask - For each axis, 1 for each choice that is allowed and 0 for the others, `[counts[axis]]`; all are
   *   allowed where it is left out, or left out for the axis.
   * @returns Int32 `[counts.length]`.
   * @throws OptionError or ShapeError where the mask does not fit, or allows no choice along an axis.
   */
  sample(random: Random, mask?: readonly (ArrayLike<number> | undefined)[]): Int32Array {
    if (mask !== undefined) requireArray("mask", mask as readonly never[], this.counts.length);
    return Int32Array.from(this.counts, (count, axis) => {
      const part = mask?.[axis];
      if (part === undefined) return random.integer(count);
      const allowed = allowedChoices(`mask[${axis}]`, part, count);
      return allowed[random.integer(allowed.length)];
    });
  }

  /** Whether the other value is a space of the same choices. */
  equals(other: unknown): boolean {
    if (!(other instanceof MultiDiscrete) || other.counts.length !== this.counts.length) return false;
    return this.counts.every((count, axis) => count === other.counts[axis]);
  }

  /** The space as JSON; `spaceFromJSON` reads it. */
  toJSON(): JsonValue {
    return { kind: "multi-discrete", counts: this.counts };
  }
}

/**
 * The space of several choices at once.
 *
 * @example multiDiscrete([3, 2]) // one of three, and one of two
 * @param counts - Number of choices along each axis, integers in [1, 2³¹ − 1]; at least one of them.
 * @throws OptionError for anything else.
 */
export function multiDiscrete(counts: ArrayLike<number>): MultiDiscrete {
  return new MultiDiscrete(counts);
}

/** The space that {@link MultiDiscrete.toJSON} wrote. */
export function multiDiscreteFromJSON(json: unknown): MultiDiscrete {
  const counts = readList("space.counts", readFields("space", json)["counts"]);
  return new MultiDiscrete(counts.map((count, axis) => readInteger(`space.counts[${axis}]`, count, 1, MOST)));
}
