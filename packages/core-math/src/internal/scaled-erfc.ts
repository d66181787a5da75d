import { FIXED_BITS, FIXED_ONE, fixedPi, fixedProduct, leading } from "./fixed-point.js";

/** Nodes at multiples of 1/4 up to 10, each with Taylor's polynomial for the arguments within 1/8 of it. */
const NODES_PER_UNIT = 4;
const LAST_NODE = 40;
const TERMS = 15;

/** 1/√π. */
const INVERSE_ROOT_PI = Math.sqrt(1 / Math.PI);

/** Taylor's coefficients, a node after the other; found at the first call, for not all who load this need them. */
let table: Float64Array | undefined;

/**
 * The scaled complementary error function e^(x²) erfc(x) for x ≥ 0, which falls from 1 to 1/(x√π) and never vanishes.
 *
 * Up to 10 Taylor's polynomial around the nearest node; beyond, the asymptotic series
 * (1 − w (1 − 3w (1 − 5w (…)))) / (x√π) with w = 1/(2x²).
 *
 * @returns A value in [0, 1], within 1.5 units in the last place; 0 for ∞, NaN for NaN.
 */
export function scaledErfc(x: number): number {
  if (!(x < LAST_NODE / NODES_PER_UNIT)) return asymptotic(x);
  table ??= tabulated();
  const node = Math.floor(x * NODES_PER_UNIT + 0.5);
  const r = x - node / NODES_PER_UNIT;
  const first = node * TERMS;
  let sum = table[first + TERMS - 1];
  for (let k = TERMS - 2; k >= 0; k--) sum = table[first + k] + r * sum;
  return sum;
}

function asymptotic(x: number): number {
  const inverse = 1 / x;
  const w = 0.5 * inverse * inverse;
  let sum = 1;
  for (let factor = 25; factor > 0; factor -= 2) sum = 1 - factor * w * sum;
  return INVERSE_ROOT_PI * inverse * sum;
}

/**
 * The function y solves y′ = 2xy − 2/√π, which gives its Taylor coefficients around any node from y there:
 * (n + 1) a_{n+1} = 2c a_n + 2 a_{n−1}. Errors of y shrink on the way down from node to node, so that the chain begins
 * at the last, where the asymptotic series has 43 digits.
 */
function tabulated(): Float64Array {
  const values = new Float64Array((LAST_NODE + 1) * TERMS);
  let y = fixedAsymptotic(BigInt(LAST_NODE / NODES_PER_UNIT));
  for (let node = LAST_NODE; node >= 0; node--) {
    const coefficients = taylor(y, BigInt(node));
    for (let k = 0; k < TERMS; k++) values[node * TERMS + k] = leading(coefficients[k], 80n);
    y = 0n;
    for (const coefficient of coefficients.reverse()) y = coefficient - y / BigInt(NODES_PER_UNIT);
  }
  return values;
}

/** Taylor's coefficients around a node where the function is y, as many as count at the next node. */
function taylor(y: bigint, node: bigint): bigint[] {
  const coefficients = [y, (node * y) / 2n - 2n * fixedInverseRootPi()];
  for (let n = 1; n < 60; n++) {
    coefficients.push(((node * coefficients[n]) / 2n + 2n * coefficients[n - 1]) / BigInt(n + 1));
  }
  return coefficients;
}

/** The asymptotic series at a whole x, as far as its terms fall. */
function fixedAsymptotic(x: bigint): bigint {
  let term = FIXED_ONE / x;
  let sum = 0n;
  for (let n = 1n; n <= x * x; n++) {
    sum += term;
    term = -(term * (2n * n - 1n)) / (2n * x * x);
  }
  return fixedProduct(sum, fixedInverseRootPi());
}

/** 1/√π, by Newton's iteration for the square root of 2³²⁰ / π. */
function fixedInverseRootPi(): bigint {
  const square = (FIXED_ONE * FIXED_ONE * FIXED_ONE) / fixedPi(FIXED_BITS);
  let root = FIXED_ONE;
  for (let next = (root + square / root) >> 1n; next < root; next = (root + square / root) >> 1n) root = next;
  return root;
}
