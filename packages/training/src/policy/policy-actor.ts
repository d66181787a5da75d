import { compile, input } from "@uphill/autodiff";
import type { NumericArray, Program } from "@uphill/autodiff";
import { expectation, NumericalError, requireArray, ShapeError } from "@uphill/core-math";
import type { Random } from "@uphill/core-math";
import { fillNoise } from "@uphill/distributions";
import type { Distribution } from "@uphill/distributions";
import type { ActionsOf, Box, Space } from "@uphill/envs";
import { requireRandom } from "../internal/require-random.js";
import { KeptNoise } from "./kept-noise.js";
import { noiseLength } from "./noise-length.js";
import type { ActOptions, Policy } from "./policy.js";
import { withinBounds } from "./within-bounds.js";

/** What samples a policy. */
interface Sampling {
  /** From observation and noise to the action. */
  readonly program: Program;
  readonly distribution: Distribution;
  /** From observation to the parameters, where the distribution draws on the host. */
  readonly parameters: Program | undefined;
}

/**
 * Plays a policy for any number of environments at once. At the sizes of the call before it allocates nothing.
 *
 * @typeParam A - The action space.
 */
export class PolicyActor<A extends Space = Space> {
  readonly #policy: Policy<A>;
  #mode: Program | undefined;
  #sampled: Sampling | undefined;
  #noise: KeptNoise | undefined;

  /** @param policy - What to play; later changes of its weights are seen. */
  constructor(policy: Policy<A>) {
    this.#policy = policy;
  }

  /** The space of observations that it acts on. */
  get observationSpace(): Box {
    return this.#policy.observationSpace;
  }

  /** The space of its actions. */
  get actionSpace(): A {
    return this.#policy.actionSpace;
  }

  /**
   * Chooses the actions of N environments.
   *
   * @param observations - `[N, observationSpace.size]` numbers, finite in float32.
   * @param options - As {@link Policy.act}; the draws of all N come from the one stream, in order.
   * @returns Int32 `[N]` for a discrete space, float32 `[N, size]` within the bounds for a box: a view that is valid
   *   until a program of the policy's store runs again.
   * @throws OptionError where they are no array or `random` is no stream, or naming the index of one whose mask allows
   *   nothing; ShapeError for a wrong length; NumericalError for NaN or an infinity.
   */
  act(observations: ArrayLike<number>, { random }: ActOptions = {}): ActionsOf<A> {
    requireRows(observations, this.observationSpace.size);
    this.#policy.actionMask?.requireAllowed(this.#policy.environmentId, observations);
    const program =
      random === undefined ? this.#runMode(observations) : this.#runSample(observations, requireRandom(random));
    return program.view("action") as ActionsOf<A>;
  }

  #runMode(observations: ArrayLike<number>): Program {
    if (this.#mode === undefined) {
      const policy = this.#policy;
      const observation = input("observation", ["batch", policy.observationSpace.size]);
      const action = policy.action(policy.distribution(observation));
      this.#mode = compile({ inputs: { observation }, outputs: { action }, store: policy.store });
    }
    this.#mode.execute({ observation: observations });
    return this.#mode;
  }

  #runSample(observations: ArrayLike<number>, random: Random): Program {
    const { program, distribution, parameters } = (this.#sampled ??= this.#compileSample());
    const length = noiseLength(distribution, observations.length / this.observationSpace.size);
    this.#noise ??= new KeptNoise(this.#policy.noiseSteps);
    const noise = this.#noise.next(random, length, (values) => {
      if (parameters === undefined) fillNoise(distribution.noise.kind, random, values);
      else distribution.draw?.(parameters.run({ observation: observations }) as Record<string, NumericArray>, random, values);
    });
    program.execute({ observation: observations, noise });
    return program;
  }

  #compileSample(): Sampling {
    const policy = this.#policy;
    const observation = input("observation", ["batch", policy.observationSpace.size]);
    const distribution = policy.distribution(observation);
    const noise = input("noise", distribution.noise.shape);
    const action = withinBounds(distribution.sample(noise), policy.actionSpace);
    const { store } = policy;
    const program = compile({ inputs: { observation, noise }, outputs: { action }, store });
    const isDrawn = distribution.noise.kind === "sample";
    const parameters = isDrawn ? compile({ inputs: { observation }, outputs: distribution.parameters, store }) : undefined;
    return { program, distribution, parameters };
  }
}

function requireRows(observations: ArrayLike<number>, size: number): void {
  const { length } = requireArray("observation", observations);
  if (length === 0 || length % size !== 0) {
    throw new ShapeError(`observation: expected ${size} numbers for each environment, got ${length}`);
  }
  for (let i = 0; i < length; i++) {
    // What float64 holds may be too large for float32, in which policies compute.
    if (Number.isFinite(observations[i]) && Number.isFinite(Math.fround(observations[i]))) continue;
    throw new NumericalError(expectation(`observation[${i}]`, "a finite float32 number", observations[i]));
  }
}
