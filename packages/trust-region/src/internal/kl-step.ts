import { log } from "@uphill/core-math";

/**
 * How far a covariance may go towards another, relative to the old one, for KL(new ‖ old) to be at most ε: the largest
 * t in [0, 1] with
 *
 *     k(t) = ½ Σ_i (s̃_i − 1 − log s̃_i) ≤ ε,   s̃_i = 1/(1 + t u_i)
 *
 * where 1/(1 + u_i) are the eigenvalues of the other covariance, relative to the old. k grows with t, and √k is nearly
 * linear where it is small, so Newton's method goes to √k(t) = √ε; where it leaves the bracket, bisection steps in.
 *
 * @param u - Each above −1, in n elements from `offset` on.
 * @param bound - ε > 0, in nats; its own error is some 1e-16 n, so below 1e-6 digits of t are lost.
 * @returns t; exactly 1 where k(1) ≤ ε, NaN where a u is NaN.
 */
export function klStep(u: ArrayLike<number>, offset: number, n: number, bound: number): number {
  const target = Math.sqrt(bound);
  let [low, high, t] = [0, 1, 1];
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    let [sum, slope, product, logs] = [0, 0, 1, 0];
    for (let i = offset; i < offset + n; i++) {
      const share = 1 / (1 + t * u[i]);
      sum += share - 1;
      slope += t * u[i] * u[i] * share * share;
      product *= share;
      if (product > HUGE || product * HUGE < 1) {
        logs += log(product);
        product = 1;
      }
    }
    const root = Math.sqrt(Math.max(0, (sum - logs - log(product)) / 2));
    if (Number.isNaN(root)) return root;
    if (t === 1 && root <= target) return 1;
    if (root > target) high = t;
    else low = t;
    // k′ = ½ slope, so (√k)′ = slope / (4 √k). From far above, the linear guess t √(ε/k) is the better start.
    const newton = iteration === 0 ? target / root : t - ((root - target) * 4 * root) / slope;
    if (Math.abs(newton - t) <= PRECISION * t) return Math.min(1, newton);
    t = newton > low && newton < high ? newton : (low + high) / 2;
  }
  return low;
}

const MOST_ITERATIONS = 100;
/** Of t, relative: Newton's steps square their error, so one this small leaves none. */
const PRECISION = 1e-7;
/** Logarithms are taken one for all factors, as long as their product is in range. */
const HUGE = 1e150;
