import type { Random } from "@uphill/core-math";
import type { EnvironmentSource, Space } from "@uphill/envs";
import { playEpisodes } from "./play-episodes.js";
import type { EpisodeOptions, Evaluation } from "./play-episodes.js";
import { PolicyActor } from "./policy-actor.js";
import type { Policy } from "./policy.js";

/** How {@link evaluatePolicy} plays. */
export interface EvaluationOptions extends EpisodeOptions {
  /** The stream to sample actions from; without one the policy plays its mode. */
  readonly random?: Random;
}

/**
 * Plays whole episodes with a policy, on environments of its own, without exploring unless a stream is given.
 *
 * Without a stream an episode depends on its seed alone; with one, on all episodes that are played beside it.
 *
 * @param policy - What to play, with the weights of the moment.
 * @param source - The environment.
 * @param options - See {@link EvaluationOptions}.
 * @returns Returns and lengths, in the order of the seeds.
 * @throws as {@link playEpisodes}; OptionError where `random` is no stream.
 */
export async function evaluatePolicy<A extends Space>(
  policy: Policy<A>,
  source: EnvironmentSource<A>,
  options: EvaluationOptions = {},
): Promise<Evaluation> {
  const { random, ...episodes } = options;
  const actor = new PolicyActor(policy);
  const { observationSpace, actionSpace } = policy;
  return playEpisodes(
    { observationSpace, actionSpace, act: (observations) => actor.act(observations, { random }) },
    source,
    episodes,
  );
}
