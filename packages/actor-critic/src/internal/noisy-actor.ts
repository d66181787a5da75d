import { compile, input } from "@uphill/autodiff";
import type { Random } from "@uphill/core-math";
import type { Space, VectorEnvironment } from "@uphill/envs";
import type { Policy } from "@uphill/training";
import type { BoundedBox } from "./bounded-box.js";
import { ExplorationNoise } from "./exploration-noise.js";
import type { ExplorationNoiseOptions } from "./exploration-noise.js";

/** A deterministic policy that explores N environments: clip(μ(s) + h x, bounds), with the bounds' half width h and noise x. */
export class NoisyActor<A extends Space> {
  readonly #box: BoundedBox;
  readonly #program: ReturnType<typeof compileAction>;
  readonly #noise: ExplorationNoise;
  readonly #actions: Float32Array;
  readonly #ended: Uint8Array;

  /** @param count - N. */
  constructor(policy: Policy<A>, box: BoundedBox, count: number, options: ExplorationNoiseOptions) {
    this.#box = box;
    this.#program = compileAction(policy);
    this.#noise = new ExplorationNoise(count, box.size, options);
    this.#actions = new Float32Array(count * box.size);
    this.#ended = new Uint8Array(count);
  }

  /**
   * The actions of all environments.
   *
   * @returns `[N, size]`, valid until the next call.
   */
  act({ observations, terminated, truncated }: VectorEnvironment<A>, random: Random): Float32Array {
    for (let i = 0; i < this.#ended.length; i++) this.#ended[i] = terminated[i] | truncated[i];
    this.#noise.reset(this.#ended);
    this.#noise.advance(random);
    this.#program.execute({ observation: observations });
    const means = this.#program.view("action");
    const { size, low, high, halfWidth } = this.#box;
    for (let i = 0; i < this.#actions.length; i++) {
      const k = i % size;
      this.#actions[i] = Math.min(Math.max(means[i] + halfWidth[k] * this.#noise.values[i], low[k]), high[k]);
    }
    return this.#actions;
  }

  /** The noise of now, for a checkpoint. */
  get noise(): Float64Array {
    return this.#noise.values;
  }
}

function compileAction(policy: Policy) {
  const observation = input("observation", ["batch", policy.observationSpace.size]);
  const action = policy.action(policy.distribution(observation));
  return compile({ inputs: { observation }, outputs: { action }, store: policy.store });
}
