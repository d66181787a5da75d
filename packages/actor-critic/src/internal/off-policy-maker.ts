import type { AnyBackend } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import type { Space } from "@uphill/envs";
import type { AgentMaker, Learner, OptionSchema, OptionsOf, Report } from "@uphill/training";
import { OffPolicyCollector } from "./off-policy-collector.js";
import type { OffPolicyOptions } from "./off-policy-options.js";
import { OfflineSource } from "./offline-source.js";
import type { NetworkShape } from "./q-network.js";
import type { ReplayMemory } from "./replay-memory.js";
import type { TransitionSource } from "./transition-source.js";

/** What a learner is made of, wherever its transitions come from. */
export interface LearnerParts<A extends Space, Settings> {
  readonly source: TransitionSource<A>;
  readonly settings: Settings;
  /** The run's stream; what is used of it is split off by name. */
  readonly random: Random;
  readonly backend: AnyBackend | undefined;
}

/** What an update is compiled from. */
export interface UpdateParts<Actor, Settings> extends Pick<LearnerParts<Space, Settings>, "settings" | "random" | "backend"> {
  readonly memory: Pick<ReplayMemory<Space>, "store" | "scaled">;
  readonly actor: Actor;
  readonly shape: NetworkShape;
}

/**
 * What makes the agents of an algorithm that learns from transitions: those of environments that it plays in, or those
 * that were stored before.
 *
 * @param algorithm - Its name.
 * @param options - Its options, those of `offPolicyOptions` among them.
 * @param newLearner - A new learner.
 */
export function offPolicyMaker<S extends OptionSchema, R extends Report>(
  algorithm: string,
  options: S,
  newLearner: <A extends Space>(parts: LearnerParts<A, OptionsOf<S>>) => Learner<A, R>,
): AgentMaker<S, R> {
  const shared = (settings: OptionsOf<S>): OffPolicyOptions => settings as unknown as OffPolicyOptions;
  return {
    algorithm,
    options,
    learner(env, settings, seed, backend) {
      const random = new Random(seed);
      return newLearner({ source: new OffPolicyCollector(env, shared(settings), random), settings, random, backend });
    },
    offlineLearner(stored, settings, seed, backend) {
      const random = new Random(seed);
      return newLearner({ source: new OfflineSource(stored, shared(settings), random), settings, random, backend });
    },
  };
}
