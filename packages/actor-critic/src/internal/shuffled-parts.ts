import type { Random } from "@uphill/core-math";

type Rows = readonly [values: Float32Array | Float64Array, width: number];

/**
 * Rows of several arrays, in shuffled parts of `size`, `epochs` times over; the last part of a pass has the rest.
 *
 * @param arrays - Each with the numbers in one of its rows.
 * @returns For each part, the rows of each array, in float32.
 */
export function* shuffledParts<const R extends readonly Rows[]>(
  random: Random,
  { size, epochs }: { readonly size: number; readonly epochs: number },
  ...arrays: R
): Generator<{ [K in keyof R]: Float32Array }, void> {
  const [first, firstWidth] = arrays[0];
  const count = first.length / firstWidth;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = random.permutation(count);
    for (let start = 0; start < count; start += size) {
      const rows = order.subarray(start, start + size);
      yield arrays.map(([values, width]) => gathered(values, width, rows)) as { [K in keyof R]: Float32Array };
    }
  }
}

function gathered(values: Float32Array | Float64Array, width: number, rows: Int32Array): Float32Array {
  const part = new Float32Array(rows.length * width);
  rows.forEach((row, k) => {
    for (let i = 0; i < width; i++) part[k * width + i] = values[row * width + i];
  });
  return part;
}
