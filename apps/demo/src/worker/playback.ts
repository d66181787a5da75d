import { makeEnvironment } from "@uphill/envs";
import type { EnvironmentSource } from "@uphill/envs";
import type { Policy } from "@uphill/training";
import type { Moments } from "../protocol.js";

/**
 * Plays a policy to be watched: episode after episode in an environment of its own, without exploring.
 *
 * It draws from no random stream of the training and changes nothing of it, so that a run that is watched and one that
 * is not are the same to the bit. The policy plays with the weights of the moment: episodes get better as one watches.
 */
export class Playback {
  readonly #policy: Policy;
  readonly #environment: ReturnType<typeof makeEnvironment>;
  readonly #actionSize: number;
  #observation: Float32Array;
  #action: Float32Array;
  #steps = 0;
  #return = 0;
  #ended = false;

  /**
   * @param policy - What plays.
   * @param source - Where it plays.
   * @param seed - Of the first episode.
   */
  constructor(policy: Policy, source: EnvironmentSource, seed: number) {
    this.#policy = policy;
    this.#environment = makeEnvironment(source);
    this.#actionSize = policy.actionSpace.size;
    this.#observation = this.#environment.reset({ seed });
    this.#action = new Float32Array(this.#actionSize);
  }

  /** The next `count` moments. An episode that ends among them is followed by the beginning of the next. */
  play(count: number): Moments {
    const size = this.#observation.length;
    const moments = {
      count,
      observations: new Float32Array(count * size),
      actions: new Float32Array(count * this.#actionSize),
      steps: new Int32Array(count),
      returns: new Float64Array(count),
    };
    for (let i = 0; i < count; i++) {
      moments.observations.set(this.#observation, i * size);
      moments.actions.set(this.#action, i * this.#actionSize);
      moments.steps[i] = this.#steps;
      moments.returns[i] = this.#return;
      this.#advance();
    }
    return moments;
  }

  close(): void {
    this.#environment.close();
  }

  #advance(): void {
    if (this.#ended) {
      this.#observation = this.#environment.reset();
      this.#action = new Float32Array(this.#actionSize);
      this.#steps = 0;
      this.#return = 0;
      this.#ended = false;
      return;
    }
    const action = this.#policy.act(this.#observation);
    const { observation, reward, terminated, truncated } = this.#environment.step(action);
    this.#observation = observation;
    this.#action = typeof action === "number" ? Float32Array.of(action) : Float32Array.from(action);
    this.#steps++;
    this.#return += reward;
    this.#ended = terminated || truncated;
  }
}
