import { variable } from "@uphill/autodiff";
import type { Store, Tensor, Variable } from "@uphill/autodiff";
import { FormatError } from "@uphill/core-math";
import { ObservationNormalizer } from "@uphill/envs";
import type { JsonValue } from "@uphill/envs";
import { readSaved } from "../internal/read-saved.js";
import { requireObservation } from "../internal/require-observation.js";

/**
 * Normalisation of observations as part of a policy's expression, so that it is exported with the policy:
 *
 *     clip((x − mean) / √(variance + 1e-8), ±10)
 *
 * Mean and standard deviation are variables of the policy's store: 0 and 1 until the first {@link update}. They change
 * in {@link update} alone: call it between one iteration and the next, so that a rollout and the updates from it see one
 * scale.
 */
export class ObservationScaling {
  readonly #mean: Variable;
  readonly #standardDeviation: Variable;
  #statistics: ObservationNormalizer;

  /**
   * @param size - Elements of an observation.
   * @throws OptionError where it is no positive integer.
   */
  constructor(size: number) {
    this.#statistics = new ObservationNormalizer({ size });
    this.#mean = variable("observation/mean", [size], 0);
    this.#standardDeviation = variable("observation/standardDeviation", [size], 1);
  }

  /**
   * The normalised observation, as an expression.
   *
   * @param observation - float32 `["batch", size]`.
   * @returns The same shape, on the scale of the statistics. Gradients flow to the observation, within the clip.
   * @throws OptionError, ShapeError for anything else.
   */
  apply(observation: Tensor): Tensor {
    const { clip, size } = this.#statistics;
    const scaled = requireObservation(observation, size).sub(this.#mean).div(this.#standardDeviation);
    return scaled.clip(-clip, clip).named("observation/scaled");
  }

  /**
   * Takes observations into the statistics, and the new statistics into the store.
   *
   * @param observations - `[rows, size]`, finite.
   * @param store - The policy's.
   * @throws ShapeError where they are no whole rows; NumericalError for NaN or an infinity. Then nothing has changed.
   */
  update(observations: ArrayLike<number>, store: Store): void {
    store.adopt(this.#mean);
    store.adopt(this.#standardDeviation);
    this.#statistics.update(observations);
    store.write(this.#mean, this.#statistics.mean());
    store.write(this.#standardDeviation, this.#statistics.standardDeviation());
  }

  /** The statistics, as JSON. */
  capture(): JsonValue {
    return this.#statistics.toJSON();
  }

  /**
   * Goes back to the statistics that {@link capture} gave; the store is restored apart, by `loadStoreTensors`.
   *
   * @param state - The JSON.
   * @throws FormatError where they are damaged, or of observations of another size; then nothing has changed.
   */
  restore(state: JsonValue): void {
    const saved = readSaved(() => ObservationNormalizer.fromJSON(state));
    for (const setting of ["size", "clip", "epsilon"] as const) {
      const expected = this.#statistics[setting];
      if (saved[setting] === expected) continue;
      throw new FormatError(`observation normalizer.${setting}: expected ${expected}, got ${saved[setting]}`);
    }
    this.#statistics = saved;
  }
}
