import { expectation, OptionError, type Random, requireObject } from "@uphill/core-math";
import { isKindOfSpace } from "../internal/is-kind-of-space.js";
import { readFields } from "../internal/saved.js";
import type { JsonValue } from "../json.js";
import type { KindOfSpace, Mask } from "./kind-of-space.js";

/** The spaces whose points make a dictionary's. */
export type NamedSpacesOf<P extends object> = { readonly [K in keyof P]: KindOfSpace<P[K]> };

/**
 * The space of one point from each of several named spaces. A point of it is an object of their points.
 *
 * The spaces are in the order of their sorted names, whatever order they were given in: that is the order in which
 * samples draw from the stream and in which `flattenPoint` writes.
 *
 * @typeParam P - The points, by name.
 */
export class Dictionary<P extends object = Readonly<Record<string, unknown>>> {
  readonly kind = "dictionary";
  /** The spaces by name, in the order of their names. */
  readonly spaces: NamedSpacesOf<P>;

  /**
   * @param spaces - At least one space of any kind, by name.
   * @throws OptionError where it is no object, is empty, or holds what is no space.
   */
  constructor(spaces: NamedSpacesOf<P>) {
    const entries = Object.entries(requireObject("spaces", spaces)).toSorted(([a], [b]) => (a < b ? -1 : 1));
    if (entries.length === 0) throw new OptionError("spaces: expected at least one space, got none");
    for (const [name, space] of entries) {
      if (!isKindOfSpace(space)) throw new OptionError(expectation(`spaces.${name}`, "a space", space));
    }
    this.spaces = Object.freeze(Object.fromEntries(entries)) as NamedSpacesOf<P>;
  }

  /** The names and their spaces, in order. */
  entries(): readonly (readonly [string, KindOfSpace<unknown>])[] {
    return Object.entries(this.spaces);
  }

  /** Whether a value is an object of one point from each space, and of nothing else. */
  contains(value: unknown): value is P {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const entries = this.entries();
    return (
      Object.keys(value).length === entries.length &&
      entries.every(([name, space]) => Object.hasOwn(value, name) && space.contains(Reflect.get(value, name)))
    );
  }

  /**
   * A point from each space, in the order of the names, drawn from one stream.
   *
   * @param random - The stream.
   * @param mask - A mask for each space, by name; left out, or left out for a space, it allows all.
   * @throws OptionError where a mask is of no space; OptionError or ShapeError where one does not fit its space.
   */
  sample(random: Random, mask?: Mask): P {
    const masks = mask === undefined ? {} : requireObject("mask", mask);
    const stray = Object.keys(masks).find((name) => !Object.hasOwn(this.spaces, name));
    if (stray !== undefined) throw new OptionError(`mask: expected masks of the spaces, got ${stray}`);
    const point = this.entries().map(([name, space]) => [name, space.sample(random, masks[name] as Mask)]);
    return Object.fromEntries(point) as P;
  }

  /** Whether the other value is a dictionary of the same spaces under the same names. */
  equals(other: unknown): boolean {
    if (!(other instanceof Dictionary)) return false;
    const [mine, theirs] = [this.entries(), other.entries()];
    return (
      mine.length === theirs.length &&
      mine.every(([name, space], i) => name === theirs[i][0] && space.equals(theirs[i][1]))
    );
  }

  /** The space as JSON; `spaceFromJSON` reads it. */
  toJSON(): JsonValue {
    const spaces = Object.fromEntries(this.entries().map(([name, space]) => [name, space.toJSON()]));
    return { kind: "dictionary", spaces };
  }
}

/**
 * The space of one point from each of several named spaces.
 *
 * @example dictionary({ position: box({ low: -1, high: 1 }), gear: discrete(5) })
 * @param spaces - At least one space of any kind, by name.
 * @throws OptionError where it is no object, is empty, or holds what is no space.
 */
export function dictionary<P extends object>(spaces: NamedSpacesOf<P>): Dictionary<P> {
  return new Dictionary<P>(spaces);
}

/** The space that {@link Dictionary.toJSON} wrote; `read` reads the spaces in it. */
export function dictionaryFromJSON(json: unknown, read: (json: unknown) => KindOfSpace<unknown>): Dictionary {
  const saved = readFields("space.spaces", readFields("space", json)["spaces"]);
  return new Dictionary(Object.fromEntries(Object.entries(saved).map(([name, space]) => [name, read(space)])));
}
