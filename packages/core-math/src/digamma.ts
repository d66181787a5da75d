import { log } from "./log.js";

/** The positive zero of ψ, as a sum of two doubles, and ψ⁽ᵏ⁾/k! there for k = 1 … 22, by mpmath 1.3.0. */
const ROOT_HIGH = 1.4616321449683622;
const ROOT_LOW = 9.549995429965697e-17;
const rootTerms = [
  0.9676722454476212, -0.4427631689835921, 0.258499760955651, -0.16394270544240652, 0.10782405069126237,
  -0.07219956125645471, 0.04880428816414311, -0.03316112647484736, 0.022597648232218104, -0.01542476590494896,
  0.010538791616612175, -0.007204534386356869, 0.004926781395729853, -0.003369801655439328, 0.002305126326734928,
  -0.0015769367714301972, 0.0010788252019162967, -0.0007380709389960052, 0.000504953265834602,
  -0.0003454680251063077, 0.00023635601564027053, -0.00016170622091974803,
];

/**
 * The digamma function ψ(x) = d/dx log Γ(x), with the same bits in every engine.
 *
 * Within 1/4 of the zero at 1.4616 Taylor's polynomial around it, whose factor keeps the digits; elsewhere the asymptotic
 * series from 10 on, and ψ(x) = ψ(x + 1) − 1/x below. (Abramowitz and Stegun 1964, equations 6.3.5 and 6.3.18.)
 *
 * @param x - A number in [0, ∞]: the negative half, with its poles, is left out.
 * @returns ψ(x), within 50 units in the last place (1.1e-14), near its zero too; −∞ for 0, ∞ for ∞, NaN for NaN and below 0.
 */
export function digamma(x: number): number {
  if (x < 0) return Number.NaN;
  const fromRoot = x - ROOT_HIGH - ROOT_LOW;
  if (Math.abs(fromRoot) < 0.25) return aroundRoot(fromRoot);
  let sum = 0;
  let shifted = x;
  for (; shifted < 10; shifted++) sum += 1 / shifted;
  const inverse = 1 / shifted;
  const z = inverse * inverse;
  const low = 1 / 12 - z * (1 / 120 - z * (1 / 252 - z * (1 / 240)));
  const high = 1 / 132 - z * (691 / 32760 - z * (1 / 12 - z * (3617 / 8160)));
  return log(shifted) - 0.5 * inverse - z * (low + z * z * z * z * high) - sum;
}

function aroundRoot(r: number): number {
  let sum = 0;
  for (let k = rootTerms.length - 1; k >= 0; k--) sum = rootTerms[k] + r * sum;
  return r * sum;
}

/**
 * The trigamma function ψ′(x) = d²/dx² log Γ(x) = Σ_{n≥0} 1/(x + n)², with the same bits in every engine.
 *
 * From 12 on the asymptotic series; below, ψ′(x) = ψ′(x + 1) + 1/x².
 * (Abramowitz and Stegun 1964, equations 6.4.6 and 6.4.12.)
 *
 * @param x - A number in [0, ∞]: the negative half, with its poles, is left out.
 * @returns ψ′(x), within 5 units in the last place; ∞ for 0, 0 for ∞, NaN for NaN and below 0.
 */
export function trigamma(x: number): number {
  if (x < 0) return Number.NaN;
  let sum = 0;
  let shifted = x;
  for (; shifted < 12; shifted++) sum += 1 / (shifted * shifted);
  const inverse = 1 / shifted;
  const z = inverse * inverse;
  const low = 1 / 6 - z * (1 / 30 - z * (1 / 42 - z * (1 / 30)));
  const high = 5 / 66 - z * (691 / 2730 - z * (7 / 6 - z * (3617 / 510)));
  return inverse + z * (0.5 + inverse * (low + z * z * z * z * high)) + sum;
}
