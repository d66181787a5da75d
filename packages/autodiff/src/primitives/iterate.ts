/**
 * Walks all index tuples of a shape in row-major order.
 *
 * Calls `visit(index, offsets)`: the running number of the element, and for each list of strides its offset.
 * `offsets` is reused between calls.
 */
export function forEachElement(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  visit: (index: number, offsets: readonly number[]) => void,
): void {
  const rank = shape.length;
  let count = 1;
  for (const length of shape) count *= length;
  const position = new Array<number>(rank).fill(0);
  const offsets = strides.map(() => 0);
  for (let index = 0; index < count; index++) {
    visit(index, offsets);
    for (let axis = rank - 1; axis >= 0; axis--) {
      position[axis]++;
      for (let k = 0; k < strides.length; k++) offsets[k] += strides[k][axis];
      if (position[axis] < shape[axis]) break;
      position[axis] = 0;
      for (let k = 0; k < strides.length; k++) offsets[k] -= strides[k][axis] * shape[axis];
    }
  }
}
