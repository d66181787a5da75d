import { expectation, OptionError, type Random, ShapeError } from "@uphill/core-math";
import { isKindOfSpace } from "../internal/is-kind-of-space.js";
import { readFields, readList } from "../internal/saved.js";
import type { JsonValue } from "../json.js";
import type { KindOfSpace, Mask } from "./kind-of-space.js";

/** The spaces whose points make a tuple's. */
export type SpacesOf<P extends readonly unknown[]> = { readonly [I in keyof P]: KindOfSpace<P[I]> };

/**
 * The space of one point from each of several spaces, in order. A point of it is an array of their points.
 *
 * @typeParam P - The points.
 */
export class Tuple<P extends readonly unknown[] = readonly unknown[]> {
  readonly kind = "tuple";
  /** The spaces, in order. */
  readonly spaces: SpacesOf<P>;

  /**
   * @param spaces - At least one space of any kind.
   * @throws OptionError where it is no list, is empty, or holds what is no space.
   */
  constructor(spaces: SpacesOf<P>) {
    if (!Array.isArray(spaces) || spaces.length === 0) {
      throw new OptionError(expectation("spaces", "a list of at least one space", spaces));
    }
    (spaces as readonly unknown[]).forEach((space, i) => {
      if (!isKindOfSpace(space)) throw new OptionError(expectation(`spaces[${i}]`, "a space", space));
    });
    this.spaces = Object.freeze([...spaces]) as unknown as SpacesOf<P>;
  }

  /** Whether a value is an array of one point from each space. */
  contains(value: unknown): value is P {
    if (!Array.isArray(value) || value.length !== this.spaces.length) return false;
    return this.spaces.every((space, i) => space.contains(value[i]));
  }

  /**
   * A point from each space, in order, drawn from one stream.
   *
   * @param random - The stream.
   * @param mask - A mask for each space; left out, or left out for a space, it allows all.
   * @throws OptionError or ShapeError where a mask does not fit its space.
   */
  sample(random: Random, mask?: Mask): P {
    if (mask !== undefined && !Array.isArray(mask)) {
      throw new OptionError(expectation("mask", `a list of ${this.spaces.length} masks`, mask));
    }
    if (mask !== undefined && mask.length !== this.spaces.length) {
      throw new ShapeError(expectation("mask", `${this.spaces.length} masks`, mask));
    }
    const masks = mask as readonly Mask[] | undefined;
    return this.spaces.map((space, i) => space.sample(random, masks?.[i])) as unknown as P;
  }

  /** Whether the other value is a tuple of the same spaces. */
  equals(other: unknown): boolean {
    if (!(other instanceof Tuple) || other.spaces.length !== this.spaces.length) return false;
    return this.spaces.every((space, i) => space.equals((other.spaces as readonly unknown[])[i]));
  }

  /** The space as JSON; `spaceFromJSON` reads it. */
  toJSON(): JsonValue {
    return { kind: "tuple", spaces: this.spaces.map((space) => space.toJSON()) };
  }
}

/**
 * The space of one point from each of several spaces.
 *
 * @example tuple([discrete(32), discrete(11), discrete(2)]) // a hand of Blackjack
 * @param spaces - At least one space of any kind.
 * @throws OptionError where it is no list, is empty, or holds what is no space.
 */
export function tuple<P extends readonly unknown[]>(spaces: SpacesOf<P>): Tuple<P> {
  return new Tuple<P>(spaces);
}

/** The space that {@link Tuple.toJSON} wrote; `read` reads the spaces in it. */
export function tupleFromJSON(json: unknown, read: (json: unknown) => KindOfSpace<unknown>): Tuple {
  return new Tuple(readList("space.spaces", readFields("space", json)["spaces"]).map(read));
}
