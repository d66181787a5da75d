/**
 * Memory to compute in, made once for each size and kept: what one call leaves there, the next one overwrites.
 *
 * @param make - Makes it for matrices [n, n].
 */
export function scratchBySize<S>(make: (n: number) => S): (n: number) => S {
  const made = new Map<number, S>();
  return (n) => {
    let scratch = made.get(n);
    if (scratch === undefined) made.set(n, (scratch = make(n)));
    return scratch;
  };
}

/** Matrices [n, n] by name. */
export function matrices<const Names extends readonly string[]>(n: number, ...names: Names): { readonly [K in Names[number]]: Float64Array } {
  return Object.fromEntries(names.map((name) => [name, new Float64Array(n * n)])) as { [K in Names[number]]: Float64Array };
}
