import { constant, where } from "@uphill/autodiff";
import type { Shape, Tensor } from "@uphill/autodiff";
import { OptionError, expectation, requireObject } from "@uphill/core-math";
import type { Distribution, SampleWithLogProbability } from "./distribution.js";
import { noClosedForm } from "./internal/no-closed-form.js";
import { requireLastLength, requireTensor } from "./internal/require-tensor.js";
import type { Noise } from "./noise.js";
import type { Support } from "./support.js";

/** What a {@link deterministic} distribution is made from. */
export interface DeterministicParameters {
  /** The one value, float32 [...batch, d]. */
  readonly point: Tensor;
}

/**
 * All probability on one value: for deterministic policies, where a distribution is expected.
 *
 * @param parameters - `point`, float32 [...batch, d] with d ≥ 1 fixed.
 * @returns A distribution over float32 vectors [...batch, d]; its noise is not used.
 * @throws OptionError if the value is no float32 tensor; ShapeError if its last axis is not fixed, or empty.
 */
export function deterministic(parameters: DeterministicParameters): Deterministic {
  requireObject("deterministic parameters", parameters);
  return new Deterministic(parameters);
}

/** A {@link deterministic} distribution. */
export class Deterministic implements Distribution {
  readonly kind = "deterministic";
  readonly parameters: { readonly point: Tensor };
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  readonly dtype = "float32";
  readonly reparameterized = true;
  readonly noise: Noise;
  readonly support: Support = { kind: "point" };

  /** @internal Use {@link deterministic}. */
  constructor({ point }: DeterministicParameters) {
    requireTensor("deterministic point", point, "float32");
    requireLastLength("deterministic point", point);
    this.parameters = { point };
    this.batchShape = point.shape.slice(0, -1);
    this.eventShape = point.shape.slice(-1);
    this.noise = { kind: "uniform", shape: this.batchShape };
  }

  /**
   * The value.
   *
   * @param noise - float32 [...batch]; not used.
   * @returns float32 [...batch, d]. Gradients flow to the value.
   * @throws ShapeError or OptionError for noise of another shape or dtype.
   */
  sample(noise: Tensor): Tensor {
    requireTensor("deterministic noise", noise, "float32", this.noise.shape);
    return this.parameters.point;
  }

  sampleWithLogProbability(noise: Tensor): SampleWithLogProbability {
    const value = this.sample(noise);
    return { value, logProbability: this.logProbability(value) };
  }

  /**
   * log of the probability of a value: 0 for the one that is, −∞ for all others.
   *
   * @param value - float32 [...batch, d].
   * @returns [...batch]. No gradients.
   * @throws ShapeError or OptionError for a value of another shape or dtype.
   */
  logProbability(value: Tensor): Tensor {
    requireTensor("deterministic value", value, "float32", this.parameters.point.shape);
    const differs = value.equal(this.parameters.point).toFloat().min(-1).less(1);
    return where(differs, -Infinity, 0).named("deterministic/logProbability");
  }

  /** 0, [...batch]. */
  entropy(): Tensor {
    return constant(0).broadcastTo(this.batchShape).named("deterministic/entropy");
  }

  /** The value, [...batch, d]. */
  mean(): Tensor {
    return this.parameters.point;
  }

  /** The value, [...batch, d]. */
  mode(): Tensor {
    return this.parameters.point;
  }

  /**
   * KL(p‖q): 0 where the values are equal, +∞ elsewhere: [...batch]. No gradients.
   *
   * @param other - q, a deterministic distribution of the same shape.
   * @throws OptionError or ShapeError for anything else.
   */
  kl(other: Deterministic): Tensor {
    if (!(other instanceof Deterministic)) {
      throw new OptionError(expectation("deterministic kl other", "a deterministic distribution", other));
    }
    requireTensor("deterministic kl other", other.parameters.point, "float32", this.parameters.point.shape);
    return other.logProbability(this.parameters.point).neg().named("deterministic/kl");
  }

  /** @throws OptionError always: the log-probability has no derivative. */
  fisher(): never {
    return noClosedForm("deterministic fisher", "no small change of the value is a small change of the distribution");
  }

  withParameters(parameters: Readonly<Record<string, Tensor>>): Deterministic {
    return new Deterministic({ point: parameters["point"] });
  }
}
