/**
 * How an elementwise loop visits several arrays: blocks of `rows` by `columns`, each array with its own strides.
 *
 * Most expressions collapse to a single block: equal shapes to one row, a bias to rows that repeat, a
 * scalar to strides of 0. What does not collapse repeats the block at several base offsets.
 */
export interface Walk {
  readonly rows: number;
  readonly columns: number;
  /** For each array, the distance from one row to the next. */
  readonly rowStrides: readonly number[];
  /** For each array, the distance from one column to the next. */
  readonly columnStrides: readonly number[];
  /** For each block and array in turn, where the block starts. */
  readonly bases: Int32Array;
}

/**
 * Plans the walk over `shape` for arrays with the given strides along its axes.
 *
 * Axes of length 1 fall away; neighbours merge where every array steps through them evenly.
 */
export function planWalk(shape: readonly number[], strides: readonly (readonly number[])[]): Walk {
  const lengths: number[] = [];
  const merged = strides.map(() => [] as number[]);
  shape.forEach((length, axis) => {
    if (length === 1) return;
    const last = lengths.length - 1;
    const even = last >= 0 && strides.every((s, k) => merged[k][last] === s[axis] * length);
    if (even) {
      lengths[last] *= length;
      merged.forEach((m, k) => (m[last] = strides[k][axis]));
    } else {
      lengths.push(length);
      merged.forEach((m, k) => m.push(strides[k][axis]));
    }
  });
  const rank = lengths.length;
  return {
    rows: rank >= 2 ? lengths[rank - 2] : 1,
    columns: rank >= 1 ? lengths[rank - 1] : 1,
    rowStrides: merged.map((m) => (rank >= 2 ? m[rank - 2] : 0)),
    columnStrides: merged.map((m) => (rank >= 1 ? m[rank - 1] : 0)),
    bases: planBases(lengths.slice(0, Math.max(0, rank - 2)), merged),
  };
}

function planBases(outer: readonly number[], strides: readonly (readonly number[])[]): Int32Array {
  let blocks = 1;
  for (const length of outer) blocks *= length;
  const bases = new Int32Array(blocks * strides.length);
  for (let block = 0; block < blocks; block++) {
    let rest = block;
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      const position = rest % outer[axis];
      rest = (rest - position) / outer[axis];
      strides.forEach((s, k) => (bases[block * strides.length + k] += position * s[axis]));
    }
  }
  return bases;
}
