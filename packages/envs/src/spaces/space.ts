import { describe, FormatError, UphillError } from "@uphill/core-math";
import { readFields } from "../internal/saved.js";
import { type Box, boxFromJSON } from "./box.js";
import { type Dictionary, dictionaryFromJSON } from "./dictionary.js";
import { type Discrete, discreteFromJSON } from "./discrete.js";
import { type MultiBinary, multiBinaryFromJSON } from "./multi-binary.js";
import { type MultiDiscrete, multiDiscreteFromJSON } from "./multi-discrete.js";
import { type Tuple, tupleFromJSON } from "./tuple.js";

/** What an observation or an action of an environment may be. `kind` tells the spaces apart. */
export type Space = Box | Discrete;

/** Every space of this package. Those beyond {@link Space} become observations by `flatBox` and `flattenPoint`. */
export type AnySpace = Space | MultiDiscrete | MultiBinary | Tuple | Dictionary;

/** One action of a space: a number for {@link Discrete}, a `Float32Array` `[size]` for {@link Box}. */
export type ActionOf<A extends Space> = A extends Discrete ? number : Float32Array;

/** The actions of N environments: `Int32Array` `[N]` for {@link Discrete}, `Float32Array` `[N, size]` for {@link Box}. */
export type ActionsOf<A extends Space> = A extends Discrete ? Int32Array : Float32Array;

const readers: Readonly<Record<AnySpace["kind"], (json: unknown) => AnySpace>> = {
  box: boxFromJSON,
  discrete: discreteFromJSON,
  "multi-discrete": multiDiscreteFromJSON,
  "multi-binary": multiBinaryFromJSON,
  tuple: (json) => tupleFromJSON(json, readSpace),
  dictionary: (json) => dictionaryFromJSON(json, readSpace),
};

/**
 * The space that a space's `toJSON` wrote: `spaceFromJSON(JSON.parse(JSON.stringify(space))).equals(space)`.
 *
 * @param json - The parsed JSON.
 * @throws FormatError where it is not a space of this version's kinds, or has parts that no space has.
 */
export function spaceFromJSON(json: unknown): AnySpace {
  try {
    return readSpace(json);
  } catch (cause) {
    if (cause instanceof FormatError || !(cause instanceof UphillError)) throw cause;
    throw new FormatError(`space.${cause.message}`, { cause });
  }
}

function readSpace(json: unknown): AnySpace {
  const { kind } = readFields("space", json);
  if (typeof kind === "string" && Object.hasOwn(readers, kind)) return readers[kind as AnySpace["kind"]](json);
  const kinds = Object.keys(readers).map((one) => JSON.stringify(one));
  throw new FormatError(`space.kind: expected one of ${kinds.join(", ")}, got ${describe(kind)}`);
}
