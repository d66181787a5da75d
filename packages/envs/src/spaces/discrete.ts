import { type Random, requireInteger } from "@uphill/core-math";
import { allowedChoices } from "../internal/require-mask.js";
import { readFields, readInteger } from "../internal/saved.js";
import type { JsonValue } from "../json.js";

/** The largest `n`: actions travel as int32. */
const MOST = 2 ** 31 - 1;

/** The space {0, 1, …, n − 1} of a choice among n actions. A point of it is a number. */
export class Discrete {
  readonly kind = "discrete";
  /** Number of choices. */
  readonly n: number;
  /** How many numbers a point is: 1. */
  readonly size = 1;

  /**
   * @param n - Number of choices, an integer in [1, 2³¹ − 1].
   * @throws OptionError for anything else.
   */
  constructor(n: number) {
    this.n = requireInteger("n", n, { least: 1, most: MOST });
  }

  /** Whether a value is an integer in [0, n). */
  contains(value: unknown): value is number {
    return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < this.n;
  }

  /**
   * A choice drawn uniformly from the stream.
   *
   * @param random - The stream.
   * @param mask - 1 for each choice that is allowed and 0 for the others, `[n]`; all are allowed where left out.
   * @throws OptionError or ShapeError where the mask does not fit, or allows no choice.
   */
  sample(random: Random, mask?: ArrayLike<number>): number {
    if (mask === undefined) return random.integer(this.n);
    const allowed = allowedChoices("mask", mask, this.n);
    return allowed[random.integer(allowed.length)];
  }

  /** Whether the other value is a discrete space of as many choices. */
  equals(other: unknown): boolean {
    return other instanceof Discrete && other.n === this.n;
  }

  /** The space as JSON; `spaceFromJSON` reads it. */
  toJSON(): JsonValue {
    return { kind: "discrete", n: this.n };
  }
}

/**
 * The space of a choice among `n` actions, numbered from 0.
 *
 * @param n - Number of choices, an integer in [1, 2³¹ − 1].
 * @throws OptionError for anything else.
 */
export function discrete(n: number): Discrete {
  return new Discrete(n);
}

/** The space that {@link Discrete.toJSON} wrote. */
export function discreteFromJSON(json: unknown): Discrete {
  return new Discrete(readInteger("space.n", readFields("space", json)["n"], 1, MOST));
}
