import { concat } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { logBetaRest, sharesOf, weightedLogRatios } from "./log-beta.js";
import { digamma, digammaRemainder, trigamma } from "./log-gamma.js";
import { diagonalMatrix } from "./matrix.js";

// With m = α/(α + β) and n = β/(α + β), log B = α log m + β log n + rest and ψ(α) − ψ(α + β) = log m + remainders. What is
// large for large α and β cancels in these forms before it is rounded: float32 keeps 1e-6 nats at α = 10⁴.

/**
 * (α − 1) log y + (β − 1) log(1 − y) − log B(α, β) = α log(y/m) + β log((1 − y)/n) − log y(1 − y) − rest.
 *
 * @param unit - y, strictly between 0 and 1.
 */
export function betaLogDensity(alpha: Tensor, beta: Tensor, unit: Tensor): Tensor {
  const [of, to] = [{ first: unit, second: unit.neg().add(1) }, sharesOf(alpha, beta)];
  const logs = of.first.log().add(of.second.log());
  return weightedLogRatios(alpha, beta, of, to).sub(logs).sub(logBetaRest(alpha, beta));
}

/** log B − (α − 1) ψ(α) − (β − 1) ψ(β) + (α + β − 2) ψ(α + β), with α log m and β log n cancelled. */
export function betaEntropy(alpha: Tensor, beta: Tensor): Tensor {
  const sum = alpha.add(beta);
  const first = alpha.mul(digammaRemainder(alpha).sub(digammaRemainder(sum)));
  const second = beta.mul(digammaRemainder(beta).sub(digammaRemainder(sum)));
  const digammas = digamma(alpha).add(digamma(beta)).sub(digamma(sum).mul(2));
  return logBetaRest(alpha, beta).sub(first).sub(second).add(digammas);
}

/** KL of two beta laws: α′ log(m′/m) + β′ log(n′/n) + rest′ − rest + differences weighing remainders of ψ. */
export function betaDivergence(p: { alpha: Tensor; beta: Tensor }, q: { alpha: Tensor; beta: Tensor }): Tensor {
  const sum = p.alpha.add(p.beta);
  const main = weightedLogRatios(q.alpha, q.beta, sharesOf(q.alpha, q.beta), sharesOf(p.alpha, p.beta));
  const rests = logBetaRest(q.alpha, q.beta).sub(logBetaRest(p.alpha, p.beta));
  const first = p.alpha.sub(q.alpha).mul(digammaRemainder(p.alpha).sub(digammaRemainder(sum)));
  const second = p.beta.sub(q.beta).mul(digammaRemainder(p.beta).sub(digammaRemainder(sum)));
  return main.add(rests).add(first).add(second);
}

/** The Fisher information in all α, then all β: […, 2d, 2d]. */
export function betaFisher(alpha: Tensor, beta: Tensor): Tensor {
  const shared = trigamma(alpha.add(beta)).neg();
  const [first, second, both] = [trigamma(alpha).add(shared), trigamma(beta).add(shared), shared].map(diagonalMatrix);
  return concat([concat([first, both]), concat([both, second])], -2);
}
