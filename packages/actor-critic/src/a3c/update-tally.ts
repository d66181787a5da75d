import type { Rollout, RolloutMetrics } from "@uphill/training";
import { ValueQuality } from "../internal/value-quality.js";
import type { ValueQualityState } from "../internal/value-quality.js";

/** What is averaged over updates. */
export const averagedNames = ["policyLoss", "valueLoss", "entropy", "gradientNorm"] as const;

/** One of {@link averagedNames}. */
export type AveragedName = (typeof averagedNames)[number];

/** {@link UpdateTally} as JSON. */
export interface UpdateTallyState {
  readonly updates: number;
  readonly sums: readonly number[];
  readonly staleness: number;
  readonly maxStaleness: number;
  readonly quality: ValueQualityState;
}

/** What a report says of the updates of an iteration, counted by each worker and put together. */
export class UpdateTally {
  readonly #sums = averagedNames.map(() => 0);
  readonly #quality = new ValueQuality();
  #updates = 0;
  #staleness = 0;
  #maxStaleness = 0;

  /** Takes in an update: its numbers, how many others came between, and the rollout that it was made from. */
  add(read: (name: AveragedName) => number, staleness: number, rollout: Pick<Rollout, "values" | "returns" | "advantages">): void {
    this.#updates++;
    averagedNames.forEach((name, i) => (this.#sums[i] += read(name)));
    this.#staleness += staleness;
    this.#maxStaleness = Math.max(this.#maxStaleness, staleness);
    this.#quality.add(rollout);
  }

  /** Takes in what another worker counted. */
  merge({ updates, sums, staleness, maxStaleness, quality }: UpdateTallyState): void {
    this.#updates += updates;
    sums.forEach((sum, i) => (this.#sums[i] += sum));
    this.#staleness += staleness;
    this.#maxStaleness = Math.max(this.#maxStaleness, maxStaleness);
    this.#quality.merge(quality);
  }

  /** All of it, to be sent to another thread. */
  toJSON(): UpdateTallyState {
    return {
      updates: this.#updates,
      sums: this.#sums,
      staleness: this.#staleness,
      maxStaleness: this.#maxStaleness,
      quality: this.#quality.toJSON(),
    };
  }

  /** Means over the updates; NaN where there was none. */
  get report(): Readonly<Record<AveragedName | "staleness" | "maxStaleness", number>> & RolloutMetrics {
    const means = averagedNames.map((name, i) => [name, this.#sums[i] / this.#updates] as const);
    return {
      ...(Object.fromEntries(means) as Record<AveragedName, number>),
      ...this.#quality.metrics,
      staleness: this.#staleness / this.#updates,
      maxStaleness: this.#maxStaleness,
    };
  }
}
