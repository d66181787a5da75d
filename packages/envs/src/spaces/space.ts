import { describe, FormatError, UphillError } from "@uphill/core-math";
import { readFields } from "../internal/saved.js";
import { type Box, boxFromJSON } from "./box.js";
import { type Discrete, discreteFromJSON } from "./discrete.js";

/** What an observation or an action may be. `kind` tells the spaces apart. */
export type Space = Box | Discrete;

/** One action of a space: a number for {@link Discrete}, a `Float32Array` `[size]` for {@link Box}. */
export type ActionOf<A extends Space> = A extends Discrete ? number : Float32Array;

/** The actions of N environments: `Int32Array` `[N]` for {@link Discrete}, `Float32Array` `[N, size]` for {@link Box}. */
export type ActionsOf<A extends Space> = A extends Discrete ? Int32Array : Float32Array;

const readers: Readonly<Record<Space["kind"], (json: unknown) => Space>> = {
  box: boxFromJSON,
  discrete: discreteFromJSON,
};

/**
 * The space that a space's `toJSON` wrote: `spaceFromJSON(JSON.parse(JSON.stringify(space))).equals(space)`.
 *
 * @param json - The parsed JSON.
 * @throws FormatError where it is not a space of this version's kinds, or has parts that no space has.
 */
export function spaceFromJSON(json: unknown): Space {
  const { kind } = readFields("space", json);
  if (kind !== "box" && kind !== "discrete") {
    throw new FormatError(`space.kind: expected "box" or "discrete", got ${describe(kind)}`);
  }
  try {
    return readers[kind](json);
  } catch (cause) {
    if (cause instanceof FormatError || !(cause instanceof UphillError)) throw cause;
    throw new FormatError(`space.${cause.message}`, { cause });
  }
}
