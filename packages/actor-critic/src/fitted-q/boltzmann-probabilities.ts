import { exp, logSumExp, requireArray, requireNumber } from "@uphill/core-math";
import type { Discrete } from "@uphill/envs";
import { rowsOf } from "./maximizer.js";
import type { FittedQ } from "./fitted-q-iteration.js";

/**
 * The Boltzmann policy of a Q over choices, which solves the smooth Bellman equation: π(a | s) = exp(Q(s, a)/β) / Σ exp(Q/β).
 *
 * @param fitted - What `fittedQIteration` with `softMaximum(β)` gave.
 * @param observation - s.
 * @param temperature - β > 0, the same.
 * @returns `[n]`: the probability of each action.
 * @throws OptionError for a temperature that is none; ShapeError for an observation of another length.
 */
export function boltzmannProbabilities(
  { q, code, observationSize }: FittedQ<Discrete>,
  observation: ArrayLike<number>,
  temperature: number,
): Float64Array {
  requireNumber("temperature", temperature, { above: 0 });
  const observations = Float32Array.from(requireArray("observation", observation, observationSize));
  const rows = rowsOf({ observations, count: 1, observationSize }, code.size, code.space.n, (target, start, _, action) => {
    code.write(target, start, () => action);
  });
  const scaled = q.predict(rows).map((value) => value / temperature);
  const total = logSumExp(scaled);
  return scaled.map((value) => exp(value - total));
}
