import { compile, constant, input } from "@uphill/autodiff";
import type { Program, Store, Tensor } from "@uphill/autodiff";
import { NumericalError, OptionError, requireArray, requireString, ShapeError } from "@uphill/core-math";
import type { Random } from "@uphill/core-math";
import { fillNoise } from "@uphill/distributions";
import type { Distribution } from "@uphill/distributions";
import type { ActionOf, ActionsOf, Box, Space } from "@uphill/envs";

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
  /** From observations, float32 `["batch", observationSpace.size]`, to the distribution of actions. */
  distribution(observation: Tensor): Distribution;
}

/** How {@link Policy.act} chooses. */
export interface ActOptions {
  /** The stream to sample from; without one the policy plays its mode. */
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
  readonly #distribution: (observation: Tensor) => Distribution;
  readonly #actor = new PolicyActor<A>(this);

  /**
   * @param options - See {@link PolicyOptions}.
   * @throws OptionError for a name that is empty.
   */
  constructor(options: PolicyOptions<A>) {
    this.environmentId = requireString("environmentId", options.environmentId);
    this.algorithm = requireString("algorithm", options.algorithm);
    this.observationSpace = options.observationSpace;
    this.actionSpace = options.actionSpace;
    this.store = options.store;
    this.#distribution = (observation) => options.distribution(observation);
  }

  /**
   * π(· | s): the distribution of actions, normalisation of observations included.
   *
   * @param observation - float32 `["batch", observationSpace.size]`, as the environment gives it.
   * @returns A batch of distributions. Gradients flow to the weights and the observation.
   * @throws ShapeError for another shape.
   */
  distribution(observation: Tensor): Distribution {
    const { size } = this.observationSpace;
    if (observation.shape.length !== 2 || observation.shape[1] !== size) {
      throw new ShapeError(`observation: expected shape [batch, ${size}], got [${observation.shape.join(", ")}]`);
    }
    return this.#distribution(observation);
  }

  /** The action played without exploring: the distribution's mode, within the bounds of a box. */
  action(distribution: Distribution): Tensor {
    return withinBounds(distribution.mode(), this.actionSpace);
  }

  /**
   * Plays the policy once.
   *
   * @param observation - `[observationSpace.size]` finite numbers.
   * @param options - `random`: samples from the distribution; without it, its mode.
   * @returns An index for a discrete space; `[size]` numbers within the bounds for a box.
   * @throws ShapeError for a wrong length; NumericalError for NaN or an infinity.
   */
  act(observation: ArrayLike<number>, options: ActOptions = {}): ActionOf<A> {
    requireArray("observation", observation, this.observationSpace.size);
    const actions = this.#actor.act(observation, options);
    return (this.actionSpace.kind === "discrete" ? actions[0] : actions.slice()) as ActionOf<A>;
  }
}

/**
 * Plays a policy for any number of environments at once. At the sizes of the call before it allocates nothing.
 *
 * @typeParam A - The action space.
 */
export class PolicyActor<A extends Space = Space> {
  readonly #policy: Policy<A>;
  #mode: Program | undefined;
  #sampled: { readonly program: Program; readonly distribution: Distribution } | undefined;
  #noise = new Float32Array(0);

  /** @param policy - What to play; later changes of its weights are seen. */
  constructor(policy: Policy<A>) {
    this.#policy = policy;
  }

  /**
   * @param observations - `[N, observationSpace.size]` finite numbers.
   * @param options - As {@link Policy.act}; the draws of all N come from the one stream, in order.
   * @returns Int32 `[N]` for a discrete space, float32 `[N, size]` within the bounds for a box; valid until the next call.
   * @throws ShapeError for a wrong length; NumericalError for NaN or an infinity.
   */
  act(observations: ArrayLike<number>, { random }: ActOptions = {}): ActionsOf<A> {
    const { size } = this.#policy.observationSpace;
    const { length } = requireArray("observation", observations);
    if (length === 0 || length % size !== 0) {
      throw new ShapeError(`observation: expected ${size} numbers for each environment, got ${length}`);
    }
    for (let i = 0; i < length; i++) {
      if (Number.isFinite(observations[i])) continue;
      throw new NumericalError(`observation[${i}]: expected a finite number, got ${String(observations[i])}`);
    }
    const program = random === undefined ? this.#runMode(observations) : this.#runSample(observations, random);
    return program.view("action") as ActionsOf<A>;
  }

  #runMode(observations: ArrayLike<number>): Program {
    const policy = this.#policy;
    if (this.#mode === undefined) {
      const observation = input("observation", ["batch", policy.observationSpace.size]);
      const action = policy.action(policy.distribution(observation));
      this.#mode = compile({ inputs: { observation }, outputs: { action }, store: policy.store });
    }
    this.#mode.execute({ observation: observations });
    return this.#mode;
  }

  #runSample(observations: ArrayLike<number>, random: Random): Program {
    const policy = this.#policy;
    if (this.#sampled === undefined) {
      const observation = input("observation", ["batch", policy.observationSpace.size]);
      const distribution = policy.distribution(observation);
      const noise = input("noise", distribution.noise.shape);
      const action = withinBounds(distribution.sample(noise), policy.actionSpace);
      const program = compile({ inputs: { observation, noise }, outputs: { action }, store: policy.store });
      this.#sampled = { program, distribution };
    }
    const { program, distribution } = this.#sampled;
    const length = noiseLength(distribution, observations.length / policy.observationSpace.size);
    if (this.#noise.length !== length) this.#noise = new Float32Array(length);
    fillNoise(distribution.noise.kind, random, this.#noise);
    program.execute({ observation: observations, noise: this.#noise });
    return program;
  }
}

/** How many numbers of noise a batch of `count` samples takes. */
export function noiseLength(distribution: Distribution, count: number): number {
  let length = count;
  for (const dimension of distribution.noise.shape.slice(distribution.batchShape.length)) {
    if (typeof dimension !== "number") {
      throw new OptionError(`noise: expected a fixed number for each sample, got the dimension "${dimension}"`);
    }
    length *= dimension;
  }
  return length;
}

/** An action as the environment takes it: clipped to the bounds of a box, where it has any. */
export function withinBounds(action: Tensor, space: Space): Tensor {
  if (space.kind === "discrete") return action;
  const unbounded = [...space.low, ...space.high].every((bound) => !Number.isFinite(bound));
  return unbounded ? action : action.clip(constant(space.low), constant(space.high));
}
