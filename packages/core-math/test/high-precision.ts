/**
 * The truth that the elementary functions are measured against: the same functions on integers of hundreds of bits,
 * by other series than the code under test. A {@link Real} is mantissa · 2^exponent.
 */
export interface Real {
  readonly mantissa: bigint;
  readonly exponent: number;
}

/** Bits kept beyond what the magnitude of argument and result takes: relative errors stay below 2⁻²⁰⁰. */
const PRECISION = 320;

/** A finite double, exactly. */
function exactly(x: number): Real {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = biased === 0 ? fraction : fraction | (1n << 52n);
  return { mantissa: x < 0 ? -magnitude : magnitude, exponent: Math.max(biased, 1) - 1075 };
}

/** Distance of a double from the truth, in units of the double's last place at the truth. */
export function ulpError(actual: number, truth: Real): number {
  const magnitude = truth.mantissa < 0n ? -truth.mantissa : truth.mantissa;
  const lastPlace = Math.max(bitLength(magnitude) + truth.exponent - 53, -1074);
  if (!Number.isFinite(actual)) return lastPlace > 971 ? 0 : Infinity;
  const value = exactly(actual);
  const exponent = Math.min(value.exponent, truth.exponent);
  const mantissa = align(value, exponent) - align(truth, exponent);
  return Math.abs(Number(align({ mantissa, exponent }, lastPlace - 40))) * 2 ** -40;
}

export function trueExp(x: number): Real {
  return expOf(exactly(x), PRECISION);
}

export function trueExpm1(x: number): Real {
  const bits = PRECISION + magnitudeOf(x);
  return { mantissa: align(expOf(exactly(x), bits), -bits) - (1n << BigInt(bits)), exponent: -bits };
}

export function trueLog(x: number): Real {
  // The sum of the series for 1/2 and of log 2 is 0 but for its last bit, beside which any double is far off.
  if (x === 1) return { mantissa: 0n, exponent: -1074 };
  return { mantissa: logOf(exactly(x), PRECISION), exponent: -PRECISION };
}

export function truePow(x: number, y: number): Real {
  const { mantissa, exponent } = exactly(y);
  const log = logOf(exactly(Math.abs(x)), 2 * PRECISION);
  const power = expOf({ mantissa: mantissa * log, exponent: exponent - 2 * PRECISION }, PRECISION);
  const odd = x < 0 && Math.abs(y % 2) === 1;
  return odd ? { mantissa: -power.mantissa, exponent: power.exponent } : power;
}

export function trueTanh(x: number): Real {
  const bits = PRECISION + magnitudeOf(x);
  const { mantissa, exponent } = expOf(exactly(2 * Math.min(Math.abs(x), 100)), bits);
  const power = align({ mantissa, exponent }, -bits);
  const one = 1n << BigInt(bits);
  const tanh = ((power - one) << BigInt(bits)) / (power + one);
  return { mantissa: x < 0 ? -tanh : tanh, exponent: -bits };
}

export function trueSin(x: number): Real {
  return sineOf(x, 0n);
}

export function trueCos(x: number): Real {
  return sineOf(x, 1n);
}

function sineOf(x: number, quarters: bigint): Real {
  const bits = PRECISION + magnitudeOf(x);
  const quarter = pi(bits) >> 1n;
  const angle = align(exactly(Math.abs(x)), -bits);
  const turns = angle / quarter;
  const rest = angle - turns * quarter;
  const quadrant = Number((turns + quarters) & 3n);
  const series = quadrant % 2 === 0 ? alternating(rest, rest, 1n, bits) : alternating(1n << BigInt(bits), rest, 0n, bits);
  const negative = quadrant >= 2 !== (x < 0 && quarters === 0n);
  return { mantissa: negative ? -series : series, exponent: -bits };
}

/** first − first·x²/((n+1)(n+2)) + …: the sine for n = 1, the cosine for n = 0. */
function alternating(first: bigint, x: bigint, start: bigint, bits: number): bigint {
  const square = (x * x) >> BigInt(bits);
  let term = first;
  let sum = 0n;
  for (let n = start; term !== 0n; n += 2n) {
    sum += term;
    term = -((term * square) >> BigInt(bits)) / ((n + 1n) * (n + 2n));
  }
  return sum;
}

function expOf(x: Real, bits: number): Real {
  const log2 = logOfTwo(bits);
  const fixed = align(x, -bits);
  const doublings = fixed / log2;
  const halvings = 8n;
  const small = (fixed - doublings * log2) >> halvings;
  let term = 1n << BigInt(bits);
  let sum = 0n;
  for (let n = 1n; term !== 0n; n++) {
    sum += term;
    term = (term * small) / (n << BigInt(bits));
  }
  for (let i = 0n; i < halvings; i++) sum = (sum * sum) >> BigInt(bits);
  return { mantissa: sum, exponent: Number(doublings) - bits };
}

/** log x in units of 2^−bits. */
function logOf({ mantissa, exponent }: Real, bits: number): bigint {
  const length = bitLength(mantissa);
  const one = 1n << BigInt(length);
  const ratio = ((mantissa - one) << BigInt(bits)) / (mantissa + one);
  return 2n * inverseTangent(ratio, 1n << BigInt(bits), 1n, bits) + BigInt(exponent + length) * logOfTwo(bits);
}

const cache = new Map<string, bigint>();

/** log 2 = 18 artanh(1/26) − 2 artanh(1/4801) + 8 artanh(1/8749) (Størmer). */
function logOfTwo(bits: number): bigint {
  return cached(`log2 ${bits}`, () => {
    const artanh = (n: bigint): bigint => inverseTangent(1n << BigInt(bits), n << BigInt(bits), 1n, bits);
    return 18n * artanh(26n) - 2n * artanh(4801n) + 8n * artanh(8749n);
  });
}

/** π = 20 arctan(1/7) + 8 arctan(3/79) (Euler). */
function pi(bits: number): bigint {
  return cached(`pi ${bits}`, () => {
    const arctan = (p: bigint, q: bigint): bigint => inverseTangent(p << BigInt(bits), q << BigInt(bits), -1n, bits);
    return 20n * arctan(1n, 7n) + 8n * arctan(3n, 79n);
  });
}

/** q + s q³/3 + s² q⁵/5 + … for q = p/d: artanh where s = 1, arctan where s = −1. */
function inverseTangent(p: bigint, d: bigint, s: bigint, bits: number): bigint {
  let power = (p << BigInt(bits)) / d;
  const square = s * ((power * power) >> BigInt(bits));
  let sum = 0n;
  for (let n = 1n; power !== 0n && power !== -1n; n += 2n) {
    sum += power / n;
    power = (power * square) >> BigInt(bits);
  }
  return sum;
}

function cached(key: string, compute: () => bigint): bigint {
  const value = cache.get(key) ?? compute();
  cache.set(key, value);
  return value;
}

/** Bits that an argument's size takes, before or behind the point, in steps so that constants are shared. */
function magnitudeOf(x: number): number {
  const { mantissa, exponent } = exactly(Math.abs(x));
  const size = Math.abs(bitLength(mantissa) + exponent);
  return size < 64 ? 64 : size < 256 ? 256 : 1100;
}

function align({ mantissa, exponent }: Real, to: number): bigint {
  return exponent >= to ? mantissa << BigInt(exponent - to) : mantissa >> BigInt(to - exponent);
}

function bitLength(x: bigint): number {
  return x.toString(2).length;
}

/** A decimal such as `-1.25e-3` to more than a hundred bits. */
export function fromDecimal(text: string): Real {
  const [digits, power = "0"] = text.split("e");
  const [whole, fraction = ""] = digits.split(".");
  const integer = BigInt(whole + fraction);
  const tens = Number(power) - fraction.length;
  if (tens >= 0) return { mantissa: integer * 10n ** BigInt(tens), exponent: 0 };
  const divisor = 10n ** BigInt(-tens);
  const bits = bitLength(divisor) + 128;
  return { mantissa: (integer << BigInt(bits)) / divisor, exponent: -bits };
}
