import { log } from "./log.js";
import { log1p } from "./log1p.js";

/** 1 − γ, with Euler's constant γ. */
const ONE_LESS_EULER = 0.42278433509846713;

/** (−1)ᵏ (ζ(k) − 1)/k for k = 2 … 28, by mpmath 1.3.0. */
const zetaTerms = [
  0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986, 0.0028905103307415234,
  -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939, 9.945751278180853e-5,
  -4.492623673813314e-5, 2.050721277567069e-5, -9.439488275268397e-6, 4.374866789907488e-6,
  -2.039215753801366e-6, 9.55141213040742e-7, -4.492469198764566e-7, 2.1207184805554665e-7,
  -1.0043224823968099e-7, 4.7698101693639804e-8, -2.2711094608943164e-8, 1.0838659214896955e-8,
  -5.183475041970047e-9, 2.4836745438024785e-9, -1.1921401405860912e-9, 5.731367241678862e-10,
  -2.7595228851242334e-10, 1.330476437424449e-10,
];

/** ½ log 2π − ½. */
const STIRLING_CONSTANT = 0.4189385332046727;

/**
 * The logarithm of the gamma function, log Γ(x) = log ∫₀^∞ t^(x−1) e^(−t) dt, with the same bits in every engine.
 *
 * From 10 on Stirling's series. Below, by Γ(x + 1) = x Γ(x), from the series around 2,
 * log Γ(2 + z) = (1 − γ) z + Σ_{k≥2} (−1)ᵏ (ζ(k) − 1) zᵏ/k, |z| ≤ ½, whose factor z keeps the digits near the zeros at
 * 1 and 2. (Abramowitz and Stegun 1964, equations 6.1.33 and 6.1.40.)
 *
 * @param x - A number in [0, ∞]: the negative half, with its poles, is left out.
 * @returns log Γ(x), within 6 units in the last place, near 1 and 2 too; ∞ for 0 and ∞, NaN for NaN and below 0.
 */
export function logGamma(x: number): number {
  if (x >= 10) return stirling(x);
  if (x < 0.5) return x < 0 ? Number.NaN : aroundTwo(x) - log1p(x) - log(x);
  if (x < 1.5) return aroundTwo(x - 1) - log(x);
  let product = 1;
  let reduced = x;
  while (reduced > 2.5) product *= --reduced;
  return product === 1 ? aroundTwo(x - 2) : aroundTwo(reduced - 2) + log(product);
}

/** log Γ(2 + z) for |z| ≤ ½. */
function aroundTwo(z: number): number {
  let sum = 0;
  for (let k = zetaTerms.length - 1; k >= 0; k--) sum = zetaTerms[k] + z * sum;
  return z * (ONE_LESS_EULER + z * sum);
}

function stirling(x: number): number {
  if (x === Infinity) return x;
  const inverse = 1 / x;
  const z = inverse * inverse;
  const low = 1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680)));
  const high = 1 / 1188 - z * (691 / 360360 - z * (1 / 156 - z * (3617 / 122400)));
  return (x - 0.5) * (log(x) - 1) + (STIRLING_CONSTANT + inverse * (low + z * z * z * z * high));
}
