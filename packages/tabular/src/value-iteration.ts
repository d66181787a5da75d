import { requireInteger, requireNumber, requireObject } from "@uphill/core-math";
import { optimalBellman, softOptimalBellman } from "./bellman.js";
import type { FiniteMdp } from "./finite-mdp.js";
import { requireMdp } from "./internal/require.js";
import { boltzmannPolicy, greedyPolicy } from "./policies.js";

/** When {@link valueIteration} stops. */
export interface ValueIterationOptions {
  /** It stops where the value is known to be this near the fixed point in every state; > 0, 1e-10 by default. */
  readonly tolerance?: number;
  /** It stops after so many iterations; at least 1, 1e5 by default. */
  readonly maxIterations?: number;
}

/** What {@link valueIteration} found. */
export interface ValueIterationResult {
  /** V, [S]. */
  readonly value: Float64Array;
  /** π, [S, A]: greedy for V, or Boltzmann where entropy is rewarded. */
  readonly policy: Float64Array;
  /** How often the operator was applied. */
  readonly iterations: number;
  /** A bound on max_s |V(s) − V*(s)|; above the tolerance where the iterations ran out. */
  readonly errorBound: number;
}

/**
 * The optimal value by repeating the optimal Bellman operator from V = 0, and its greedy policy:
 *
 *     V ← T V   until   γ/(1 − γ) · max_s |T V − V|(s) ≤ tolerance
 *
 * which bounds the distance of T V to V*, since T contracts by γ. (Puterman 1994, section 6.3.)
 *
 * @param mdp - A finite MDP.
 * @param options - When to stop.
 * @returns V*, a policy that is greedy for it, and how near they are known to be.
 * @throws OptionError for options out of range.
 */
export function valueIteration(mdp: FiniteMdp, options: ValueIterationOptions = {}): ValueIterationResult {
  return iterate(mdp, options, (value) => optimalBellman(mdp, value), (value) => greedyPolicy(mdp, value));
}

/**
 * The optimal value where each nat of the policy's entropy is rewarded by τ, and the Boltzmann policy that has it:
 *
 *     V ← T_τ V = τ log Σ_a exp(Q/τ)   until   γ/(1 − γ) · max_s |T_τ V − V|(s) ≤ tolerance
 *
 * V is the largest of E[Σ_t γᵗ (r_t + τ H(π(· | s_t)))] over policies. (Haarnoja et al. 2017, theorem 3.)
 *
 * @param mdp - A finite MDP.
 * @param temperature - τ > 0.
 * @param options - When to stop.
 * @returns The soft optimal value, its Boltzmann policy, and how near they are known to be.
 * @throws OptionError for a temperature or options out of range.
 */
export function softValueIteration(
  mdp: FiniteMdp,
  temperature: number,
  options: ValueIterationOptions = {},
): ValueIterationResult {
  requireNumber("temperature", temperature, { above: 0 });
  return iterate(
    mdp,
    options,
    (value) => softOptimalBellman(mdp, value, temperature),
    (value) => boltzmannPolicy(mdp, value, temperature),
  );
}

function iterate(
  mdp: FiniteMdp,
  options: ValueIterationOptions,
  operator: (value: Float64Array) => Float64Array,
  policyOf: (value: Float64Array) => Float64Array,
): ValueIterationResult {
  requireObject("options", options);
  const tolerance = requireNumber("tolerance", options.tolerance ?? 1e-10, { above: 0 });
  const most = requireInteger("maxIterations", options.maxIterations ?? 100_000, { least: 1 });
  const { states, gamma } = requireMdp(mdp);
  let value: Float64Array = new Float64Array(states);
  let errorBound = Infinity;
  let iterations = 0;
  while (iterations < most && errorBound > tolerance) {
    const next = operator(value);
    errorBound = (gamma / (1 - gamma)) * largestDifference(next, value);
    value = next;
    iterations++;
  }
  return { value, policy: policyOf(value), iterations, errorBound };
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, x, s) => Math.max(most, Math.abs(x - b[s])), 0);
}
