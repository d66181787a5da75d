import { describe, FormatError, UphillError } from "@uphill/core-math";
import { readFields } from "../internal/saved.js";
import { Box, boxFromJSON } from "./box.js";
import { type Dictionary, dictionaryFromJSON } from "./dictionary.js";
import { Discrete, discreteFromJSON } from "./discrete.js";
import { MultiBinary, multiBinaryFromJSON } from "./multi-binary.js";
import { MultiDiscrete, multiDiscreteFromJSON } from "./multi-discrete.js";
import { type Tuple, tupleFromJSON } from "./tuple.js";

/**
 * What an action of an environment may be: numbers, a choice, several choices, or bits. `kind` tells the spaces apart, and
 * an action is of `size` numbers.
 */
export type Space = Box | Discrete | MultiDiscrete | MultiBinary;

/** Every space of this package. Observations of all but a box are flattened, by `flatBox` and `flattenPoint`. */
export type AnySpace = Space | Tuple | Dictionary;

/**
 * One action of a space: a number for {@link Discrete}, a `Float32Array` `[size]` for {@link Box}, an `Int32Array` `[size]`
 * for {@link MultiDiscrete} and {@link MultiBinary}.
 */
export type ActionOf<A extends Space> = A extends Discrete ? number : ActionsOf<A>;

/** The actions of N environments: `Float32Array` `[N, size]` for {@link Box}, `Int32Array` `[N, size]` for choices. */
export type ActionsOf<A extends Space> = A extends Box ? Float32Array : Int32Array;

/** Whether a value is a space that actions may come from: one of {@link Space}. */
export function isActionSpace(value: unknown): value is Space {
  return [Box, Discrete, MultiDiscrete, MultiBinary].some((kind) => value instanceof kind);
}

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
