/** The shortest text that stands for every longer name containing it (`clip` for `clipRange`). */
const SHORTEST_PART = 3;

/**
 * The name that someone most likely meant by a mistyped one.
 *
 * Compares without case, `-` and `_`, by the number of single-character insertions, deletions, substitutions and swaps
 * of neighbours between the two (Damerau 1964, in the restricted form that edits no part twice). A part of a name,
 * such as `clip` of `clipRange`, counts as one edit.
 *
 * @param given - What was typed.
 * @param names - The names that exist.
 * @returns The first of the nearest names, or `undefined` where none differs by at most a third of its letters.
 */
export function nearestName(given: string, names: Iterable<string>): string | undefined {
  const typed = simplified(given);
  let nearest: string | undefined;
  let fewest = Infinity;
  for (const name of names) {
    const candidate = simplified(name);
    const partial = typed.length >= SHORTEST_PART && candidate.includes(typed) && candidate !== typed;
    const edits = partial ? 1 : editDistance(typed, candidate);
    if (edits < fewest && edits <= Math.max(1, Math.floor(candidate.length / 3))) {
      nearest = name;
      fewest = edits;
    }
  }
  return nearest;
}

function simplified(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/gu, "");
}

function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let edits = Math.min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) edits = Math.min(edits, beforeLast[column - 2] + 1);
      current.push(edits);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length];
}
