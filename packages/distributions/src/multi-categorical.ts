import { concat, formatShape } from "@uphill/autodiff";
import type { Shape, Tensor } from "@uphill/autodiff";
import { OptionError, ShapeError, describe, expectation, requireArray, requireInteger, requireObject } from "@uphill/core-math";
import { Categorical } from "./categorical.js";
import type { Distribution, SampleWithLogProbability } from "./distribution.js";
import { blockDiagonal, column } from "./internal/matrix.js";
import { noClosedForm } from "./internal/no-closed-form.js";
import { requireLastLength, requireTensor } from "./internal/require-tensor.js";
import type { Noise } from "./noise.js";
import type { Support } from "./support.js";

/** What a {@link multiCategorical} is made from. */
export interface MultiCategoricalParameters {
  /** Unnormalised log-probabilities of all components, one after the other: float32 [...batch, Σ counts]. */
  readonly logits: Tensor;
  /** How many outcomes each component has, each ≥ 1. */
  readonly counts: readonly number[];
}

/**
 * Several independent categorical choices at once: p(i) = Πₖ softmax(logitsₖ)ᵢₖ.
 *
 * @param parameters - `logits`, float32 [...batch, Σ counts]; `counts`, the numbers n₁ … n_K of outcomes.
 * @returns A distribution over int32 vectors [...batch, K], sampled by Gumbel-max from uniform noise [...batch, Σ counts].
 * @throws OptionError if the logits are no float32 tensor or a count is none; ShapeError if they do not fit.
 */
export function multiCategorical(parameters: MultiCategoricalParameters): MultiCategorical {
  requireObject("multiCategorical parameters", parameters);
  return new MultiCategorical(parameters);
}

/** A {@link multiCategorical} distribution. */
export class MultiCategorical implements Distribution {
  readonly kind = "multiCategorical";
  readonly parameters: { readonly logits: Tensor };
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  readonly dtype = "int32";
  readonly reparameterized = false;
  readonly noise: Noise;
  readonly support: Support;
  /** The components, in order. */
  readonly components: readonly Categorical[];
  readonly #counts: readonly number[];

  /** @internal Use {@link multiCategorical}. */
  constructor({ logits, counts }: MultiCategoricalParameters) {
    requireTensor("multiCategorical logits", logits, "float32");
    this.#counts = requireCounts(counts, requireLastLength("multiCategorical logits", logits));
    this.parameters = { logits };
    this.batchShape = logits.shape.slice(0, -1);
    this.eventShape = [counts.length];
    this.noise = { kind: "uniform", shape: logits.shape };
    this.support = { kind: "indices", counts: this.#counts };
    this.components = this.#split(logits).map((part) => new Categorical({ logits: part }));
  }

  /**
   * Each component by Gumbel-max, as {@link Categorical.sample}.
   *
   * @param noise - Uniform on [0, 1), [...batch, Σ counts].
   * @returns Indices, int32 [...batch, K]. No gradients.
   * @throws ShapeError or OptionError for noise of another shape or dtype.
   */
  sample(noise: Tensor): Tensor {
    requireTensor("multiCategorical noise", noise, "float32", this.noise.shape);
    const parts = this.#split(noise);
    return this.#joined((component, k) => component.sample(parts[k])).named("multiCategorical/sample");
  }

  sampleWithLogProbability(noise: Tensor): SampleWithLogProbability {
    const value = this.sample(noise);
    return { value, logProbability: this.logProbability(value) };
  }

  /**
   * Σₖ log pₖ(iₖ).
   *
   * @param value - Indices i, int32 [...batch, K]; a run fails on one outside its component.
   * @returns nats, [...batch]. Gradients flow to the logits.
   * @throws ShapeError or OptionError for a value of another shape or dtype.
   */
  logProbability(value: Tensor): Tensor {
    requireTensor("multiCategorical value", value, "int32", [...this.batchShape, ...this.eventShape]);
    const axis = this.batchShape.length;
    const index = (k: number) => value.slice(axis, k, k + 1).reshape(this.batchShape);
    return this.#total((component, k) => component.logProbability(index(k))).named("multiCategorical/logProbability");
  }

  /** H(p) = Σₖ H(pₖ): nats, [...batch]. */
  entropy(): Tensor {
    return this.#total((component) => component.entropy()).named("multiCategorical/entropy");
  }

  /** @throws OptionError always: indices are labels, whose mean says nothing. */
  mean(): never {
    return noClosedForm("multiCategorical mean", "weigh what the indices stand for with the components' `probabilities`");
  }

  /** The most probable index of each component, the first at a tie: int32 [...batch, K]. */
  mode(): Tensor {
    return this.#joined((component) => component.mode()).named("multiCategorical/mode");
  }

  /**
   * KL(p‖q) = Σₖ KL(pₖ‖qₖ): [...batch].
   *
   * @param other - q, a multi-categorical of the same counts and shape.
   * @throws OptionError or ShapeError for anything else.
   */
  kl(other: MultiCategorical): Tensor {
    if (!(other instanceof MultiCategorical)) {
      throw new OptionError(expectation("multiCategorical kl other", "a multi-categorical distribution", other));
    }
    if (formatShape(other.#counts) !== formatShape(this.#counts)) {
      throw new ShapeError(
        `multiCategorical kl other: expected counts ${formatShape(this.#counts)}, got ${formatShape(other.#counts)}`,
      );
    }
    requireTensor("multiCategorical kl other", other.parameters.logits, "float32", this.parameters.logits.shape);
    return this.#total((component, k) => component.kl(other.components[k])).named("multiCategorical/kl");
  }

  /** The components' Fisher matrices along the diagonal: [...batch, Σ counts, Σ counts]. */
  fisher(): Tensor {
    return blockDiagonal(this.components.map((component) => component.fisher())).named("multiCategorical/fisher");
  }

  withParameters(parameters: Readonly<Record<string, Tensor>>): MultiCategorical {
    return new MultiCategorical({ logits: parameters["logits"], counts: this.#counts });
  }

  /** A vector of all components cut into one for each. */
  #split(all: Tensor): Tensor[] {
    let start = 0;
    return this.#counts.map((count) => all.slice(all.shape.length - 1, start, (start += count)));
  }

  #total(of: (component: Categorical, k: number) => Tensor): Tensor {
    return this.components.map(of).reduce((sum, term) => sum.add(term));
  }

  #joined(of: (component: Categorical, k: number) => Tensor): Tensor {
    return concat(this.components.map((component, k) => column(of(component, k))));
  }
}

function requireCounts(counts: readonly number[], length: number): readonly number[] {
  const list = Array.from(requireArray("multiCategorical counts", counts));
  list.forEach((count, k) => requireInteger(`multiCategorical counts[${k}]`, count, { least: 1 }));
  if (list.length > 0 && list.reduce((sum, count) => sum + count, 0) === length) return list;
  throw new ShapeError(`multiCategorical counts: expected counts whose sum is ${length}, got ${describe(counts)}`);
}
