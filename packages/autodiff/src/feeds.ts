import { OptionError, ShapeError } from "@uphill/core-math";
import { elementCount, formatShape } from "./shape.js";
import type { Bindings } from "./shape.js";
import type { Tensor } from "./tensor.js";

/** Numbers with a shape of their own: needed only where an input has several dimensions that nothing else fixes. */
export interface ShapedValues {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** What an input is fed: a number for a scalar, or its elements in row-major order. */
export type Feed = number | ArrayLike<number> | ShapedValues;

/**
 * Checks what is fed to a program and finds the lengths of its named dimensions.
 *
 * Runs whose feeds have the lengths of the run before cost one comparison an input.
 */
export class FeedReader {
  readonly #inputs: ReadonlyMap<string, Tensor>;
  readonly #values = new Map<Tensor, number | ArrayLike<number>>();
  readonly #lengths = new Map<Tensor, number>();
  #bindings: Bindings = new Map();
  #bound = false;

  constructor(inputs: ReadonlyMap<string, Tensor>) {
    this.#inputs = inputs;
  }

  /** The lengths of the named dimensions in the last feeds read. The object changes when they do. */
  get bindings(): Bindings {
    return this.#bindings;
  }

  /**
   * @returns The elements of each input, valid until the next call.
   * @throws OptionError for a missing or unknown input or a value that is not numbers; ShapeError for a wrong length.
   */
  read(feeds: Readonly<Record<string, Feed>>): ReadonlyMap<Tensor, number | ArrayLike<number>> {
    rejectUnknown(this.#inputs, feeds);
    let changed = !this.#bound;
    for (const [name, tensor] of this.#inputs) {
      const feed = feeds[name];
      const value = elementsOf(name, feed);
      if (tensor.dtype === "int32") requireIntegers(name, value);
      const length = typeof value === "number" ? 1 : value.length;
      if (isShaped(feed) || this.#lengths.get(tensor) !== length) changed = true;
      this.#values.set(tensor, value);
      this.#lengths.set(tensor, length);
    }
    if (changed) {
      this.#bound = false;
      this.#bindings = resolveBindings(this.#inputs, this.#lengths, feeds);
      this.#bound = true;
    }
    return this.#values;
  }
}

function isShaped(feed: Feed | undefined): feed is ShapedValues {
  return typeof feed === "object" && feed !== null && "data" in feed && "shape" in feed;
}

function elementsOf(name: string, feed: Feed | undefined): number | ArrayLike<number> {
  if (typeof feed === "number") return feed;
  const elements = isShaped(feed) ? feed.data : feed;
  if (typeof elements !== "object" || elements === null || typeof elements.length !== "number") {
    throw new OptionError(`input "${name}": expected a number or an array of numbers, got ${describeFeed(feed)}`);
  }
  if (Array.isArray(elements)) {
    const wrong = elements.findIndex((element) => typeof element !== "number");
    if (wrong >= 0) {
      throw new OptionError(
        `input "${name}": expected numbers in row-major order, got ${describeFeed(elements[wrong])} at position ${wrong}`,
      );
    }
  }
  return elements;
}

function describeFeed(feed: unknown): string {
  if (feed === undefined) return "nothing";
  return feed === null ? "null" : Array.isArray(feed) ? "a nested array" : `a value of type ${typeof feed}`;
}

function requireIntegers(name: string, value: number | ArrayLike<number>): void {
  if (value instanceof Int32Array) return;
  const elements = typeof value === "number" ? [value] : value;
  for (let i = 0; i < elements.length; i++) {
    if (elements[i] !== (elements[i] | 0)) {
      throw new OptionError(`input "${name}": expected 32-bit integers, got ${elements[i]} at position ${i}`);
    }
  }
}

function rejectUnknown(inputs: ReadonlyMap<string, Tensor>, feeds: Readonly<Record<string, Feed>>): void {
  for (const name in feeds) {
    if (!inputs.has(name)) {
      throw new OptionError(`input "${name}": expected one of ${[...inputs.keys()].join(", ") || "none"}, got this name`);
    }
  }
}

function resolveBindings(
  inputs: ReadonlyMap<string, Tensor>,
  lengths: ReadonlyMap<Tensor, number>,
  feeds: Readonly<Record<string, Feed>>,
): Bindings {
  const bindings = new Map<string, number>();
  for (const [name, { shape }] of inputs) {
    const feed = feeds[name];
    if (isShaped(feed)) bindShape(name, shape, feed, bindings);
  }
  const pending = new Map(inputs);
  for (let progress = true; progress; ) {
    progress = false;
    for (const [name, tensor] of pending) {
      const unknown = new Set(tensor.shape.filter((d) => typeof d === "string" && !bindings.has(d)));
      if (unknown.size > 1) continue;
      bindByLength(name, tensor, lengths.get(tensor)!, bindings);
      pending.delete(name);
      progress = true;
    }
  }
  for (const [name, { shape }] of pending) {
    throw new ShapeError(
      `input "${name}": expected { data, shape }, since its length alone does not fix the dimensions ${formatShape(shape)}`,
    );
  }
  return bindings;
}

function bindShape(name: string, shape: Tensor["shape"], feed: ShapedValues, bindings: Map<string, number>): void {
  const fits =
    feed.shape.length === shape.length &&
    shape.every((dimension, axis) => {
      const length = feed.shape[axis];
      if (typeof dimension === "number") return dimension === length;
      if (!bindings.has(dimension)) bindings.set(dimension, length);
      return bindings.get(dimension) === length;
    });
  if (!fits) {
    throw new ShapeError(`input "${name}": expected shape ${formatShape(shape)}, got ${formatShape(feed.shape)}`);
  }
}

/** Checks an input's length, and takes from it the length of the one named dimension that is still open. */
function bindByLength(name: string, tensor: Tensor, length: number, bindings: Map<string, number>): void {
  const open = tensor.shape.find((d): d is string => typeof d === "string" && !bindings.has(d));
  const known = elementCount(tensor.shape.map((d) => (typeof d === "number" ? d : (bindings.get(d) ?? 1))));
  const fits = open === undefined ? known === length : known > 0 && length % known === 0;
  if (!fits) {
    const count = open === undefined ? `${known}` : `a multiple of ${known}`;
    throw new ShapeError(`input "${name}": expected ${count} elements for shape ${formatShape(tensor.shape)}, got ${length}`);
  }
  if (open !== undefined) bindings.set(open, length / known);
}
