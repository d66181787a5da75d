import { variable } from "@uphill/autodiff";
import type { Store, Tensor, Variable } from "@uphill/autodiff";
import { ObservationNormalizer } from "@uphill/envs";
import type { JsonValue } from "@uphill/envs";

/**
 * Normalisation of observations as part of a policy's expression, so that it is exported with the policy:
 *
 *     clip((x − mean) / standardDeviation, ±10)
 *
 * Mean and standard deviation are variables of the policy's store. They change in {@link update} alone: call it between
 * one iteration and the next, so that a rollout and the updates from it see one scale.
 */
export class ObservationScaling {
  readonly #mean: Variable;
  readonly #standardDeviation: Variable;
  #statistics: ObservationNormalizer;

  /** @param size - Elements of an observation. */
  constructor(size: number) {
    this.#statistics = new ObservationNormalizer({ size });
    this.#mean = variable("observation/mean", [size], 0);
    this.#standardDeviation = variable("observation/standardDeviation", [size], 1);
  }

  /**
   * @param observation - float32 `["batch", size]`.
   * @returns The same shape, on the scale of the statistics.
   */
  apply(observation: Tensor): Tensor {
    const { clip } = this.#statistics;
    const scaled = observation.sub(this.#mean).div(this.#standardDeviation);
    return scaled.clip(-clip, clip).named("observation/scaled");
  }

  /**
   * Takes observations into the statistics, and the new statistics into the store.
   *
   * @param observations - `[rows, size]`, finite.
   * @param store - The policy's.
   */
  update(observations: ArrayLike<number>, store: Store): void {
    this.#statistics.update(observations);
    store.write(this.#mean, this.#statistics.mean());
    store.write(this.#standardDeviation, this.#statistics.standardDeviation());
  }

  /** The statistics, as JSON. */
  capture(): JsonValue {
    return this.#statistics.toJSON();
  }

  /** Goes back to what {@link capture} gave; the store is restored apart. @throws FormatError where it is damaged. */
  restore(state: JsonValue): void {
    this.#statistics = ObservationNormalizer.fromJSON(state);
  }
}
