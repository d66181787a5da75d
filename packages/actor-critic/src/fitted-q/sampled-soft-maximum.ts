import { log, logSumExp, OptionError, Random, requireInteger, requireNumber } from "@uphill/core-math";
import { requireKnown } from "../internal/require-known.js";
import { bestOf, rowsOf } from "./maximizer.js";
import type { Maximizer } from "./maximizer.js";

/** How {@link sampledSoftMaximum} samples. */
export interface SampledSoftMaximumOptions {
  /** β > 0, in units of the reward. */
  readonly temperature: number;
  /** Actions drawn in each state, at least 1. Default 64. */
  readonly samples?: number;
  /** Fixes them. Default 0. */
  readonly seed?: number;
}

/**
 * The smooth maximum over a box, β log ∫ exp(Q(s, a)/β) da, where the integral is none that is known, from actions drawn
 * uniformly:
 *
 *     β (log(volume) + log (1/M) Σᵢ exp(Q(s, aᵢ)/β))
 *
 * The sum is unbiased and its logarithm is not: too low, by less with more samples. (Haarnoja et al. 2017, equation 10,
 * with a uniform proposal.)
 *
 * @param options - See {@link SampledSoftMaximumOptions}.
 * @throws OptionError for an option that is unknown or out of its range.
 */
export function sampledSoftMaximum(options: SampledSoftMaximumOptions): Maximizer {
  requireKnown("options", options, { temperature: true, samples: true, seed: true });
  const temperature = requireNumber("temperature", options.temperature, { above: 0 });
  const samples = requireInteger("samples", options.samples ?? 64, { least: 1 });
  const random = new Random(requireInteger("seed", options.seed ?? 0, { least: 0 }));
  return {
    maximize(q, states, { space, size }) {
      if (space.kind !== "box") throw new OptionError(`maximize: expected continuous actions to draw, got a ${space.kind} space`);
      const logVolume = space.low.reduce((sum, low, k) => sum + log(space.high[k] - low), 0);
      const rows = rowsOf(states, size, samples, (target, start) => {
        for (let k = 0; k < size; k++) target[start + k] = random.uniform(-1, 1);
      });
      const values = q.predict(rows);
      const scaled = values.map((value) => value / temperature);
      const smooth = new Float64Array(states.count);
      for (let s = 0; s < states.count; s++) {
        const sum = logSumExp(scaled.subarray(s * samples, (s + 1) * samples));
        smooth[s] = temperature * (logVolume + sum - log(samples));
      }
      return { values: smooth, codes: bestOf(rows, values, states, samples).codes };
    },
  };
}
