import { RunningMoments } from "@uphill/core-math";
import type { RunningMomentsState } from "@uphill/core-math";
import type { Rollout, RolloutMetrics } from "@uphill/training";

/** {@link ValueQuality} as JSON. */
export interface ValueQualityState {
  readonly returns: RunningMomentsState;
  readonly errors: RunningMomentsState;
  readonly advantages: RunningMomentsState;
}

/** How well values explain returns, and how far advantages spread, over many rollouts. */
export class ValueQuality {
  readonly #returns = new RunningMoments(1);
  readonly #errors = new RunningMoments(1);
  readonly #advantages = new RunningMoments(1);

  /** Takes in a rollout's values, returns and advantages, as many of each. */
  add({ values, returns, advantages }: Pick<Rollout, "values" | "returns" | "advantages">): void {
    this.#returns.push(returns);
    this.#errors.push(returns.map((target, i) => target - values[i]));
    this.#advantages.push(advantages);
  }

  /** Takes in all that another, as JSON, took in. */
  merge(json: ValueQualityState): void {
    this.#returns.merge(RunningMoments.fromJSON(json.returns));
    this.#errors.merge(RunningMoments.fromJSON(json.errors));
    this.#advantages.merge(RunningMoments.fromJSON(json.advantages));
  }

  /** What was taken in so far, to be sent to another thread. */
  toJSON(): ValueQualityState {
    return { returns: this.#returns.toJSON(), errors: this.#errors.toJSON(), advantages: this.#advantages.toJSON() };
  }

  /** The explained variance is NaN where the returns do not vary. */
  get metrics(): RolloutMetrics {
    const [variance] = this.#returns.variance();
    return {
      explainedVariance: variance === 0 ? Number.NaN : 1 - this.#errors.variance()[0] / variance,
      advantageDeviation: Math.sqrt(this.#advantages.variance()[0]),
    };
  }
}
