import { Random, requireInteger, requireNumber } from "@uphill/core-math";
import type { EnvironmentSource, Space } from "@uphill/envs";
import { requireSignal } from "../pace/require-signal.js";
import { evaluatePolicy } from "../policy/evaluate-policy.js";
import type { Policy } from "../policy/policy.js";
import { gradientAgreement } from "./gradient-agreement.js";
import type { GradientAgreement } from "./gradient-agreement.js";
import { sampledSteps } from "./sampled-steps.js";

/** What {@link debugReport} plays. */
export interface DebugOptions {
  /** Fixes all of it: a non-negative integer; 0 by default. */
  readonly seed?: number;
  /** Episodes whose returns are told, at least 1; 16 by default. */
  readonly episodes?: number;
  /** γ of the returns that the gradient goes by; 0.99 by default. */
  readonly gamma?: number;
  /** Stops it: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Where one looks first when learning fails. */
export interface DebugReport {
  /** Undiscounted return of an episode of the policy, exploring, from each seed of the environment. */
  readonly returns: readonly { readonly seed: number; readonly return: number }[];
  readonly meanReturn: number;
  readonly standardDeviation: number;
  /** E[−log π(a | s)] over its own steps, in nats; null for a policy that does not explore by noise. */
  readonly entropy: number | null;
  /** Noise of the policy gradient by batch size; empty where there is none to take. */
  readonly gradientAgreement: readonly GradientAgreement[];
}

/** Environments and steps of each that entropy and gradient are taken from: batches of 32, 128, 512 and 2048 steps. */
const sample = { environments: 8, steps: 2048 } as const;

/**
 * What a policy does as it is: its return from each of some seeds, its entropy, and how far gradients of different batches
 * agree. Of an untrained policy, these are what one looks at first when learning fails: returns that are all the same, an
 * entropy that is not that of chance, gradients that are noise at the batch size in use.
 *
 * It plays on environments of its own, and changes nothing about the policy or what trains it.
 *
 * @param policy - Of any agent: `agent.policy`.
 * @param env - The environment.
 * @param options - See {@link DebugOptions}.
 * @returns The report; the same for the same seed and weights.
 * @throws OptionError for an option out of its range; as `playEpisodes` and the environment do.
 */
export async function debugReport<A extends Space>(
  policy: Policy<A>,
  env: EnvironmentSource<A>,
  options: DebugOptions = {},
): Promise<DebugReport> {
  const seed = requireInteger("seed", options.seed ?? 0, { least: 0 });
  const gamma = requireNumber("gamma", options.gamma ?? 0.99, { least: 0, most: 1 });
  const signal = requireSignal("signal", options.signal);
  const episodes = { episodes: options.episodes ?? 16, seed, ...(signal && { signal }) };
  const random = new Random(seed);
  const played = await evaluatePolicy(policy, env, { ...episodes, random: random.split("episodes") });
  const steps = await sampledSteps(policy, env, { ...sample, seed, random: random.split("steps"), signal });
  return {
    returns: Array.from(played.returns, (value, i) => ({ seed: seed + i, return: value })),
    meanReturn: played.meanReturn,
    standardDeviation: played.standardDeviation,
    entropy: steps === undefined ? null : -steps.logProbabilities.reduce((sum, value) => sum + value, 0) / steps.rewards.length,
    gradientAgreement: steps === undefined ? [] : gradientAgreement(policy, steps, gamma),
  };
}
