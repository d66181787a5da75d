import type { Random } from "@uphill/core-math";
import type { JsonValue } from "../json.js";

/**
 * What a sample may be: a list of numbers for a space of choices, and for a space of spaces a mask for each part, which
 * may be left out.
 */
export type Mask =
  ArrayLike<number> | readonly (Mask | undefined)[] | { readonly [name: string]: Mask | undefined } | undefined;

/** What every space can do, whatever its points are: what {@link Tuple} and {@link Dictionary} are made of. */
export interface KindOfSpace<P> {
  /** Tells the spaces apart. */
  readonly kind: string;
  /** A random point, drawn from the stream alone; within what the mask allows where one is given. */
  sample(random: Random, mask?: Mask): P;
  /** Whether a value is a point of the space. */
  contains(value: unknown): value is P;
  /** Whether the other value is the same space. */
  equals(other: unknown): boolean;
  /** The space as JSON; `spaceFromJSON` reads it. */
  toJSON(): JsonValue;
}
