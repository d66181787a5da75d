/**
 * The names that a mistyped one may have meant, best first.
 *
 * Edit distance without regard to case; a name counts where at most a third of the longer one would have to change, or
 * where one contains the other.
 */
export function nearestNames(given: string, names: readonly string[]): readonly string[] {
  const typed = simplified(given);
  return names
    .map((name) => ({ name, distance: likeness(typed, simplified(name)) }))
    .filter(({ distance }) => distance <= 1 / 3)
    .sort((a, b) => a.distance - b.distance)
    .map(({ name }) => name);
}

/** 0 for equal names, up to 1 for wholly different ones; at most 0.3 where the second contains the first. */
function likeness(a: string, b: string): number {
  const changed = editDistance(a, b) / Math.max(a.length, b.length, 1);
  return a.length >= 3 && b.includes(a) ? Math.min(changed, 0.3) : changed;
}

/** Levenshtein's distance: the fewest insertions, deletions and replacements that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[j] + 1, current[j - 1] + 1));
    }
    previous = current;
  }
  return previous[b.length];
}

/** Lower case, without what people leave out: `cartpole` is close to `CartPole-v1`. */
function simplified(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[-_ ]|-?v\d+$/gu, "")
    .slice(0, 100);
}
