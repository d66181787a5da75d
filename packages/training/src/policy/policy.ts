import { formatShape, sameShape, Store } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { expectation, OptionError, requireArray, requireInteger, requireObject, requireString, ShapeError } from "@uphill/core-math";
import type { Random } from "@uphill/core-math";
import type { Distribution } from "@uphill/distributions";
import { actionAt, Box, isActionSpace } from "@uphill/envs";
import type { ActionOf, Space } from "@uphill/envs";
import { requireObservation } from "../internal/require-observation.js";
import { ActionMask } from "./action-mask.js";
import { PolicyActor } from "./policy-actor.js";
import { withinBounds } from "./within-bounds.js";

/** What a policy is made of. */
export interface PolicyOptions<A extends Space = Space> {
  /** Name of the environment that it was made for, such as `CartPole-v1`; files carry it. */
  readonly environmentId: string;
  /** Name of the algorithm that trains it, such as `ppo`; files carry it. */
  readonly algorithm: string;
  /** The space of observations. */
  readonly observationSpace: Box;
  /** The space of actions. */
  readonly actionSpace: A;
  /** Owner of the weights. */
  readonly store: Store;
  /**
   * From observations, float32 `["batch", observationSpace.size]`, to the distribution of actions: over float32
   * `[size]` for a box, over int32 indices for a discrete space, over `[size]` of them for several choices.
   */
  distribution(observation: Tensor): Distribution;
  /** The mask of allowed actions that observations end with; null, the default, where they have none. */
  readonly actionMask?: ActionMask | null;
  /** For how many steps of an environment the noise of a sample is kept; 1 by default. */
  readonly noiseSteps?: number;
}

/** How {@link Policy.act} chooses. */
export interface ActOptions {
  /**
   * The stream to sample from; without one the policy plays its mode. Noise that is kept for some steps is drawn again
   * where another stream comes.
   */
  readonly random?: Random;
}

/**
 * A policy: an expression from observations to a distribution of actions, with its weights.
 *
 * Programs, losses and exports build on {@link distribution}; {@link act} plays it.
 *
 * @typeParam A - The action space.
 */
export class Policy<A extends Space = Space> {
  /** Name of the environment that it was made for. */
  readonly environmentId: string;
  /** Name of the algorithm that trains it. */
  readonly algorithm: string;
  /** The space of observations. */
  readonly observationSpace: Box;
  /** The space of actions. */
  readonly actionSpace: A;
  /** Owner of the weights. */
  readonly store: Store;
  /** The mask of allowed actions that observations end with, where they have one. */
  readonly actionMask: ActionMask | null;
  /** For how many steps of an environment the noise of a sample is kept. */
  readonly noiseSteps: number;
  readonly #distribution: (observation: Tensor) => Distribution;
  readonly #actor = new PolicyActor<A>(this);

  /**
   * @param options - See {@link PolicyOptions}.
   * @throws OptionError naming a part that is missing or wrong.
   */
  constructor(options: PolicyOptions<A>) {
    const { environmentId, algorithm, observationSpace, actionSpace, store, actionMask = null } = requireParts(options);
    this.environmentId = environmentId;
    this.algorithm = algorithm;
    this.observationSpace = observationSpace;
    this.actionSpace = actionSpace;
    this.store = store;
    this.actionMask = actionMask;
    this.noiseSteps = requireInteger("noiseSteps", options.noiseSteps ?? 1, { least: 1 });
    this.#distribution = (observation) => options.distribution(observation);
  }

  /**
   * π(· | s): the distribution of actions, normalisation of observations included.
   *
   * @param observation - float32 `["batch", observationSpace.size]`, as the environment gives it.
   * @returns A batch of distributions. Gradients flow to the weights and the observation.
   * @throws OptionError, ShapeError for anything else; ShapeError where the distribution is not one of actions.
   */
  distribution(observation: Tensor): Distribution {
    const distribution = this.#distribution(requireObservation(observation, this.observationSpace.size));
    const { actionSpace } = this;
    const dtype = actionSpace.kind === "box" ? "float32" : "int32";
    const shape = actionSpace.kind === "discrete" ? [] : [actionSpace.size];
    if (distribution.dtype === dtype && sameShape(distribution.eventShape, shape)) return distribution;
    throw new ShapeError(
      `distribution: expected one of ${dtype} actions of shape ${formatShape(shape)}, ` +
        `got one of ${distribution.dtype} actions of shape ${formatShape(distribution.eventShape)}`,
    );
  }

  /**
   * The action played without exploring: the distribution's mode, within the bounds of a box.
   *
   * @param distribution - What {@link Policy.distribution} gave.
   * @returns float32 `["batch", size]` for a box; int32 `["batch"]` for a choice, `["batch", size]` for several.
   */
  action(distribution: Distribution): Tensor {
    return withinBounds(distribution.mode(), this.actionSpace);
  }

  /**
   * Plays the policy once, with the weights of the moment.
   *
   * @param observation - `[observationSpace.size]` numbers, finite in float32.
   * @param options - `random`: samples from the distribution; without it, its mode.
   * @returns An index for a discrete space, an array of its own for others: `[size]` numbers within the bounds for a box,
   *   `[size]` indices for several choices.
   * @throws OptionError where the observation is no array or `random` no stream, or its mask allows nothing; ShapeError
   *   for a wrong length; NumericalError for NaN or an infinity.
   */
  act(observation: ArrayLike<number>, options: ActOptions = {}): ActionOf<A> {
    requireArray("observation", observation, this.observationSpace.size);
    const actions = this.#actor.act(observation, options);
    return actionAt(this.actionSpace, actions, 0);
  }
}

function requireParts<A extends Space>(options: PolicyOptions<A>): PolicyOptions<A> {
  requireObject("options", options);
  requireString("environmentId", options.environmentId);
  requireString("algorithm", options.algorithm);
  const { observationSpace, actionSpace, store, distribution } = options;
  if (!(observationSpace instanceof Box)) {
    throw new OptionError(expectation("observationSpace", "a space made by box()", observationSpace));
  }
  if (!isActionSpace(actionSpace)) {
    throw new OptionError(expectation("actionSpace", "a box, a choice, several choices or bits", actionSpace));
  }
  if (!(store instanceof Store)) throw new OptionError(expectation("store", "a Store", store));
  const { actionMask = null } = options;
  if (actionMask !== null && !(actionMask instanceof ActionMask)) {
    throw new OptionError(expectation("actionMask", "an ActionMask", actionMask));
  }
  if (typeof distribution !== "function") {
    throw new OptionError(expectation("distribution", "a function of the observation", distribution));
  }
  return options;
}
