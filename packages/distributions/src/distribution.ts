import type { DType, Shape, Tensor } from "@uphill/autodiff";
import type { Random } from "@uphill/core-math";
import type { Noise } from "./noise.js";
import type { Support } from "./support.js";

/** A sample and its log-probability, made together. */
export interface SampleWithLogProbability {
  /** The sample, of shape [...batchShape, ...eventShape]. */
  readonly value: Tensor;
  /** log p(value), of shape batchShape. */
  readonly logProbability: Tensor;
}

/**
 * A batch of independent distributions over actions, whose parameters are tensors.
 *
 * Every method builds an expression; nothing is computed here. A value has the shape
 * `[...batchShape, ...eventShape]`: the batch axes count distributions, the event axes are one outcome of one
 * of them. Log-probabilities, entropies and divergences are in nats, one a distribution: of shape batchShape.
 *
 * Shapes are exact: a value of another shape is a ShapeError, not broadcast.
 */
export interface Distribution {
  /** The family, such as `"categorical"`. */
  readonly kind: string;
  /** The parameters by name, such as `{ logits }`: with `kind`, all that the distribution is. */
  readonly parameters: Readonly<Record<string, Tensor>>;
  /** Shape of one number a distribution, such as `["batch"]`. */
  readonly batchShape: Shape;
  /** Shape of one outcome: `[]` for an index, `[d]` for a vector. */
  readonly eventShape: Shape;
  /** Element type of values: `"int32"` for indices. */
  readonly dtype: DType;
  /** Whether gradients flow from {@link sample} to the parameters. */
  readonly reparameterized: boolean;
  /** What {@link sample} needs. */
  readonly noise: Noise;
  /** Which values are possible. */
  readonly support: Support;

  /**
   * The outcome that noise makes: a deterministic function of noise and parameters.
   *
   * @param noise - float32, of the shape and law of {@link Distribution.noise}.
   * @returns The value, [...batchShape, ...eventShape]. Gradients flow to the parameters where
   *   `reparameterized`, and to no parameter otherwise.
   * @throws ShapeError for noise of another shape; OptionError for what is no float32 tensor.
   */
  sample(noise: Tensor): Tensor;

  /**
   * Draws samples on the host. Only of a family whose {@link noise} is of kind `"sample"`: what is drawn is the noise.
   *
   * @param parameters - Values of the `parameters`, by their names, for any number of distributions.
   * @param random - The stream to draw from.
   * @param out - What to fill: as many samples.
   * @throws OptionError for what is no array; ShapeError for lengths that do not fit.
   */
  draw?(parameters: Readonly<Record<string, ArrayLike<number>>>, random: Random, out: Float32Array | Float64Array): void;

  /**
   * A sample with its log-probability. Equal to `sample` followed by `logProbability`, but a family that
   * loses precision on the way back from the value keeps it here.
   *
   * @throws as {@link sample}.
   */
  sampleWithLogProbability(noise: Tensor): SampleWithLogProbability;

  /**
   * log p(value): the logarithm of a probability, or of a density where values are real.
   *
   * @param value - [...batchShape, ...eventShape], of `dtype`.
   * @returns nats, of shape batchShape. Gradients flow to the parameters and, where values are real, to the value.
   *   −∞ for a real value outside {@link support}; a run fails on an index outside it.
   * @throws ShapeError or OptionError for a value of another shape or dtype.
   */
  logProbability(value: Tensor): Tensor;

  /**
   * H(p) = E_p[−log p], differential where values are real: nats, of shape batchShape.
   *
   * @throws OptionError for a family that has no closed form.
   */
  entropy(): Tensor;

  /**
   * E_p[x], float32 [...batchShape, ...eventShape].
   *
   * @throws OptionError for a family whose values are labels, or that has no closed form.
   */
  mean(): Tensor;

  /**
   * A most probable value, [...batchShape, ...eventShape]: what a policy plays when it does not explore. A family whose
   * maximum has no closed form gives the value that the most probable noise makes, and says so.
   */
  mode(): Tensor;

  /**
   * KL(this‖other) = E_this[log p_this − log p_other] ≥ 0, in nats, of shape batchShape.
   *
   * @param other - Of the same family and shapes.
   * @throws OptionError for another family, or where the family has no closed form; ShapeError for other shapes.
   */
  kl(other: this): Tensor;

  /**
   * The Fisher information E_p[∇log p ∇log pᵀ], the Hessian of KL(p‖q) in q at q = p: float32 [...batchShape, k, k],
   * where the k coordinates are the elements of `parameters`, in order, of one distribution.
   *
   * @throws OptionError for a family that has no closed form: {@link estimatedFisher} estimates it.
   */
  fisher(): Tensor;

  /**
   * The same family with other parameters: for an old policy whose parameters are inputs, or with
   * `stopGradient` on each.
   *
   * @param parameters - By the names of the `parameters` here.
   * @throws as the family's own function.
   */
  withParameters(parameters: Readonly<Record<string, Tensor>>): Distribution;
}
