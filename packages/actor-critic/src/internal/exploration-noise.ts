import type { Random } from "@uphill/core-math";
import { defineOptions } from "@uphill/training";
import type { OptionsOf } from "@uphill/training";

/** Options of the noise by which a deterministic policy explores. */
export const explorationNoiseOptions = defineOptions({
  noise: {
    kind: "choice",
    default: "normal",
    choices: ["normal", "ornsteinUhlenbeck"],
    meaning: "what is added to actions to explore",
  },
  noiseScale: {
    kind: "number",
    default: 0.1,
    range: { least: 0, most: 100 },
    meaning: "standard deviation of normal noise, or volatility of the process, on the scale of the actions' bounds, ±1",
  },
  noiseReversion: {
    kind: "number",
    default: 0.15,
    range: { least: 0, most: 100 },
    meaning: "rate at which the Ornstein–Uhlenbeck process goes back to 0",
  },
  noiseTimeStep: {
    kind: "number",
    default: 0.01,
    range: { above: 0, most: 100 },
    meaning: "time of that process in an environment step",
  },
});

/** They, all of them present. */
export type ExplorationNoiseOptions = OptionsOf<typeof explorationNoiseOptions>;

/**
 * Noise for the actions of N environments, on the scale of their bounds:
 *
 *     normal               x = σ ε
 *     ornsteinUhlenbeck    x ← x − θ x Δt + σ √Δt ε,   from 0 at the start of each episode
 *
 * with ε ~ N(0, 1) for each component. The second is dx = −θ x dt + σ dW by Euler and Maruyama; after many steps its
 * variance is near σ² / 2θ.
 */
export class ExplorationNoise {
  /** x of each component, `[N, size]`. */
  readonly values: Float64Array;
  readonly #options: ExplorationNoiseOptions;
  readonly #size: number;

  /**
   * @param count - N.
   * @param size - Components of an action.
   * @param options - See {@link explorationNoiseOptions}.
   */
  constructor(count: number, size: number, options: ExplorationNoiseOptions) {
    this.values = new Float64Array(count * size);
    this.#options = options;
    this.#size = size;
  }

  /** Goes on by a step of all environments. */
  advance(random: Random): void {
    const { noise, noiseScale, noiseReversion, noiseTimeStep } = this.#options;
    const isProcess = noise === "ornsteinUhlenbeck";
    const keep = isProcess ? 1 - noiseReversion * noiseTimeStep : 0;
    const spread = isProcess ? noiseScale * Math.sqrt(noiseTimeStep) : noiseScale;
    for (let i = 0; i < this.values.length; i++) {
      this.values[i] = keep * this.values[i] + spread * random.standardNormal();
    }
  }

  /** Begins anew where an episode has ended. @param ended - 0 or 1 for each environment, `[N]`. */
  reset(ended: ArrayLike<number>): void {
    for (let i = 0; i < this.values.length; i++) if (ended[Math.floor(i / this.#size)] !== 0) this.values[i] = 0;
  }
}
