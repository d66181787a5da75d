// A sound environment, as a user would write it: a walk to the left or to the right, whose right end pays.
import { Random, StateError } from "@uphill/core-math";
import { box, discrete, requireAction } from "@uphill/envs";

class Corridor {
  observationSpace = box({ low: 0, high: 10 });
  actionSpace = discrete(2);
  #random = new Random(0);
  #position = -1;

  reset({ seed } = {}) {
    if (seed !== undefined) this.#random = new Random(seed);
    this.#position = this.#random.integerBetween(3, 8);
    return Float32Array.of(this.#position);
  }

  step(action) {
    if (this.#position < 0) throw new StateError("step: reset comes first");
    requireAction("Corridor", this.actionSpace, action);
    this.#position += action === 1 ? 1 : -1;
    const terminated = this.#position === 0 || this.#position === 10;
    const reward = this.#position === 10 ? 1 : -0.01;
    return { observation: Float32Array.of(this.#position), reward, terminated, truncated: false };
  }

  saveState() {
    return { position: this.#position, random: { ...this.#random.state() } };
  }

  restoreState({ position, random }) {
    this.#position = position;
    this.#random = Random.fromState(random);
  }
}

export const corridor = { id: "Corridor-v0", maxEpisodeSteps: 50, make: () => new Corridor() };
