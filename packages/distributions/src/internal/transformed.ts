import type { Tensor } from "@uphill/autodiff";
import type { Bijector } from "../bijector.js";
import type { DiagonalNormal } from "../diagonal-normal.js";
import type { SampleWithLogProbability } from "../distribution.js";
import type { FullNormal } from "../full-normal.js";

/** What a normal becomes by a bijector: x = f(z), log p(x) = log N(z) − log |det ∂x/∂z|. */
export interface Transformed {
  /** Named in the expressions. */
  readonly kind: string;
  readonly base: DiagonalNormal | FullNormal;
  readonly bijector: Bijector;
}

/** The base's sample sent forward, with its log-probability from the way there: nothing is inverted. */
export function transformedSample({ kind, base, bijector }: Transformed, noise: Tensor): SampleWithLogProbability {
  const before = base.sampleWithLogProbability(noise);
  const { value, logDeterminant } = bijector.forward(before.value);
  return {
    value: value.named(`${kind}/sample`),
    logProbability: before.logProbability.sub(logDeterminant).named(`${kind}/sampleLogProbability`),
  };
}

/** log p(x), z found by inverting the bijector. */
export function transformedLogProbability({ kind, base, bijector }: Transformed, value: Tensor): Tensor {
  const before = bijector.inverse(value);
  return base.logProbability(before.value).add(before.logDeterminant).named(`${kind}/logProbability`);
}
