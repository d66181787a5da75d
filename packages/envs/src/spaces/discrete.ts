import { type Random, requireInteger } from "@uphill/core-math";
import { readFields, readInteger } from "../internal/saved.js";
import type { JsonValue } from "../json.js";

/** The largest `n`: actions travel as int32. */
const MOST = 2 ** 31 - 1;

/** The space {0, 1, …, n − 1} of a choice among n actions. A point of it is a number. */
export class Discrete {
  readonly kind = "discrete";
  /** Number of choices. */
  readonly n: number;

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

  /** A choice drawn uniformly from the stream. */
  sample(random: Random): number {
    return random.integer(this.n);
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
