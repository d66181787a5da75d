/** Exponents of the smallest and of the largest power of two that a double holds. */
const SMALLEST = -1074;
const LARGEST = 1023;

const powers = /* @__PURE__ */ allPowers();

/**
 * 2ᵏ for an integer k in [−1074, 1023]. A look-up is several times faster than assembling the double from its bits,
 * because reading back bytes that were just written as another type stalls the processor.
 */
export function powerOfTwo(k: number): number {
  return powers[k - SMALLEST];
}

function allPowers(): Float64Array {
  const values = new Float64Array(LARGEST - SMALLEST + 1);
  let power = Number.MIN_VALUE;
  for (let i = 0; i < values.length; i++) {
    values[i] = power;
    power *= 2;
  }
  return values;
}
