import { compile, input } from "@uphill/autodiff";
import type { Program } from "@uphill/autodiff";
import type { ActorCritic, Rollout } from "@uphill/training";

/** How far the policy of now is from the one that made a rollout. */
export class PolicyShift {
  readonly #measure: Program;

  /** @param model - Whose policy. */
  constructor({ policy }: ActorCritic) {
    const observation = input("observation", ["batch", policy.observationSpace.size]);
    const distribution = policy.distribution(observation);
    const action = input("action", ["batch", ...distribution.eventShape], distribution.dtype);
    const oldLogProbability = input("oldLogProbability", ["batch"]);
    const logRatio = distribution.logProbability(action).sub(oldLogProbability);
    const klNats = logRatio.exp().sub(1).sub(logRatio).mean();
    this.#measure = compile({ inputs: { observation, action, oldLogProbability }, outputs: { klNats }, store: policy.store });
  }

  /** KL(old‖new) by E[(ρ − 1) − log ρ] over the rollout's steps, in nats: never negative. */
  klNats({ observations, actions, logProbabilities }: Pick<Rollout, "observations" | "actions" | "logProbabilities">): number {
    this.#measure.execute({ observation: observations, action: actions, oldLogProbability: logProbabilities });
    return this.#measure.scalar("klNats");
  }
}
