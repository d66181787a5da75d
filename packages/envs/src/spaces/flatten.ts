import { expectation, OptionError, ShapeError } from "@uphill/core-math";
import { Box, box } from "./box.js";
import { Dictionary } from "./dictionary.js";
import { Discrete } from "./discrete.js";
import type { KindOfSpace } from "./kind-of-space.js";
import { MultiBinary } from "./multi-binary.js";
import { MultiDiscrete } from "./multi-discrete.js";
import { Tuple } from "./tuple.js";

/**
 * The box that holds the points of a space as vectors of numbers, which is what environments show: the space of
 * observations for an environment whose own are of another kind.
 *
 * Choices become indicators (one 1 among zeros), bits stay bits, and the parts of tuples and dictionaries follow each
 * other.
 *
 * @param space - A space of any kind.
 * @returns A box of one axis; the bounds are [0, 1] but for those of boxes.
 * @throws OptionError where it is no space of this package.
 */
export function flatBox(space: KindOfSpace<unknown>): Box {
  const parts = flatParts(space);
  return box({ low: parts.flatMap(({ low }) => [...low]), high: parts.flatMap(({ high }) => [...high]) });
}

/**
 * A point as a vector of {@link flatBox} of its space.
 *
 * @param space - A space of any kind.
 * @param point - A point of it.
 * @param out - Where the vector goes, `[flatBox(space).size]`. A new array where left out.
 * @returns `out`.
 * @throws OptionError where `point` is no point of the space; ShapeError where `out` is of another length.
 */
export function flattenPoint<P>(space: KindOfSpace<P>, point: P, out?: Float32Array): Float32Array {
  if (!space.contains(point)) throw new OptionError(expectation("point", `a point of the ${space.kind} space`, point));
  const { size } = flatBox(space);
  const flat = out ?? new Float32Array(size);
  if (flat.length !== size) throw new ShapeError(expectation("out", `${size} elements`, out));
  flat.fill(0);
  write(space, point, flat, 0);
  return flat;
}

interface Bounds {
  readonly low: ArrayLike<number> & Iterable<number>;
  readonly high: ArrayLike<number> & Iterable<number>;
}

function flatParts(space: unknown): readonly Bounds[] {
  if (space instanceof Box) return [space];
  if (space instanceof Discrete) return [unitBounds(space.n)];
  if (space instanceof MultiDiscrete) return space.counts.map(unitBounds);
  if (space instanceof MultiBinary) return [unitBounds(space.size)];
  if (space instanceof Tuple) return space.spaces.flatMap(flatParts);
  if (space instanceof Dictionary) return space.entries().flatMap(([, part]) => flatParts(part));
  throw new OptionError(expectation("space", "a space", space));
}

function unitBounds(size: number): Bounds {
  return { low: new Float32Array(size), high: new Float32Array(size).fill(1) };
}

/** Writes a point from `offset` on, where all is 0 yet, and returns the offset after it. */
function write(space: unknown, point: unknown, out: Float32Array, offset: number): number {
  if (space instanceof Discrete) {
    out[offset + (point as number)] = 1;
    return offset + space.n;
  }
  if (space instanceof MultiDiscrete) {
    return space.counts.reduce((start, count, axis) => {
      out[start + (point as Int32Array)[axis]] = 1;
      return start + count;
    }, offset);
  }
  if (space instanceof Tuple) {
    const points = point as readonly unknown[];
    return space.spaces.reduce((start: number, part, i) => write(part, points[i], out, start), offset);
  }
  if (space instanceof Dictionary) {
    const points = point as Readonly<Record<string, unknown>>;
    return space.entries().reduce((start, [name, part]) => write(part, points[name], out, start), offset);
  }
  const values = point as Float32Array | Int32Array;
  out.set(values, offset);
  return offset + values.length;
}
