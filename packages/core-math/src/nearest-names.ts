import { OptionError } from "./errors.js";
import { expectation } from "./require.js";

/** A name counts as near where at most this part of the longer of the two would have to change. */
const MOST_CHANGED = 1 / 3;

/** What a part of a name counts as at most, such as `clip` of `clipRange`: it is near, but a small slip is nearer. */
const PARTIAL = 0.3;

/** The shortest text that stands for every longer name containing it. */
const SHORTEST_PART = 3;

/** Characters that are looked at: the work grows with their square. */
const LONGEST = 100;

/**
 * The names that a mistyped one may have meant, the nearest first.
 *
 * The distance of two names is the number of single-character insertions, deletions, substitutions and swaps of
 * neighbours that turn one into the other, over the length of the longer. Case, `-`, `_`, spaces and a version such as
 * `-v1` do not count against a name, and a part of it with three letters or more is near. (Damerau 1964, in the
 * restricted form that edits no part twice.)
 *
 * @example nearestNames("lamdba", ["gamma", "lambda"]) // ["lambda"]
 * @param given - What was typed. Its first 100 characters are looked at, and those of each name.
 * @param names - The names that exist.
 * @returns Those at a distance of at most a third, equally near ones in the order of `names`.
 * @throws OptionError where `given` is no string.
 */
export function nearestNames(given: string, names: Iterable<string>): readonly string[] {
  if (typeof given !== "string") throw new OptionError(expectation("given", "a string", given));
  return Array.from(names, (name) => {
    const whole = distance(given, name);
    // A version that is missing or another is no reason to drop a name, but the right one comes first.
    return { name, whole, least: Math.min(whole, distance(withoutVersion(given), withoutVersion(name))) };
  })
    .filter(({ least }) => least <= MOST_CHANGED)
    .sort((a, b) => a.whole - b.whole)
    .map(({ name }) => name);
}

/** 0 for equal names, up to 1 for wholly different ones. */
function distance(given: string, name: string): number {
  const [typed, candidate] = [simplified(given), simplified(name)];
  const changed = edits(typed, candidate) / Math.max(typed.length, candidate.length, 1);
  return typed.length >= SHORTEST_PART && candidate.includes(typed) ? Math.min(changed, PARTIAL) : changed;
}

/** The fewest edits that turn `a` into `b`. */
function edits(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let fewest = Math.min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) fewest = Math.min(fewest, beforeLast[column - 2] + 1);
      current.push(fewest);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length];
}

function simplified(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/gu, "").slice(0, LONGEST);
}

function withoutVersion(name: string): string {
  return name.replace(/-v\d+$/iu, "");
}
