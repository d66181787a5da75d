/**
 * Real numbers as integers: x is held as round(x · 2¹⁶⁰). The elementary functions take their constants and tables from
 * here, computed once from definitions when a module loads, rather than from digits copied out of a book.
 */
export const FIXED_BITS = 160n;
export const FIXED_ONE = 1n << FIXED_BITS;

/** a · b. */
export function fixedProduct(a: bigint, b: bigint): bigint {
  return (a * b) >> FIXED_BITS;
}

/** log((n + 1)/n) = 2 artanh(1/(2n + 1)) = 2 (q + q³/3 + q⁵/5 + …) with q = 1/(2n + 1), for an integer n ≥ 1. */
export function fixedLogOfStep(n: bigint): bigint {
  const square = (2n * n + 1n) ** 2n;
  let power = (2n * FIXED_ONE) / (2n * n + 1n);
  let sum = 0n;
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += power / k;
    power /= square;
  }
  return sum;
}

/** log(2) / 2^shift. */
export function fixedLogTwo(shift: bigint): bigint {
  return fixedLogOfStep(1n) >> shift;
}

/** exp(x) by its series, for small |x|. */
export function fixedExp(x: bigint): bigint {
  let sum = 0n;
  let term = FIXED_ONE;
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    sum += term;
    term = fixedProduct(term, x) / n;
  }
  return sum;
}

/** π in units of 2^−bits, by Machin's formula: π = 16 arctan(1/5) − 4 arctan(1/239). */
export function fixedPi(bits: bigint): bigint {
  const guard = 16n;
  const arctan = (divisor: bigint): bigint => {
    let power = (1n << (bits + guard)) / divisor;
    let sum = 0n;
    for (let n = 1n; power !== 0n; n += 2n) {
      sum += n % 4n === 1n ? power / n : -(power / n);
      power /= divisor * divisor;
    }
    return sum;
  };
  return (16n * arctan(5n) - 4n * arctan(239n)) >> guard;
}

/**
 * The multiple of 2^−places nearest to x, as a double. Few places leave low bits zero, so that later products and sums
 * with it are exact.
 */
export function leading(x: bigint, places: bigint): number {
  const unit = FIXED_BITS - places;
  return Number((x + (1n << (unit - 1n))) >> unit) * 2 ** -Number(places);
}

/** x less its multiple of 2^−places that {@link leading} gives. */
export function leftOver(x: bigint, places: bigint): bigint {
  const unit = FIXED_BITS - places;
  return x - (((x + (1n << (unit - 1n))) >> unit) << unit);
}

/** {@link leftOver}, rounded to the nearest double. */
export function remainder(x: bigint, places: bigint): number {
  return toDouble(leftOver(x, places));
}

/** 1 / x, rounded to the nearest double. */
export function reciprocal(x: bigint): number {
  return toDouble((FIXED_ONE << FIXED_BITS) / x);
}

/** x rounded to the nearest double. */
function toDouble(x: bigint): number {
  return Number(x) * 2 ** -Number(FIXED_BITS);
}

/** sin(x) and cos(x) by their series, for small |x|. */
export function fixedSinCos(x: bigint): { readonly sine: bigint; readonly cosine: bigint } {
  let sine = 0n;
  let cosine = 0n;
  let term = FIXED_ONE;
  for (let n = 0n; term !== 0n; n += 4n) {
    const t1 = fixedProduct(term, x) / (n + 1n);
    const t2 = fixedProduct(t1, x) / (n + 2n);
    const t3 = fixedProduct(t2, x) / (n + 3n);
    cosine += term - t2;
    sine += t1 - t3;
    term = fixedProduct(t3, x) / (n + 4n);
  }
  return { sine, cosine };
}
