import { Random, StateError } from "@uphill/core-math";
import type { RandomState } from "@uphill/core-math";
import { box, discrete, requireAction } from "@uphill/envs";
import type { Discrete, Environment, EnvironmentDefinition, JsonValue, ResetOptions, Step } from "@uphill/envs";

/** Episodes of a length that the seed decides; a step earns its action and something random. Cannot save its state. */
class Errands implements Environment<Discrete> {
  readonly observationSpace = box({ low: [0, 0], high: [30, 1] });
  readonly actionSpace = discrete(3);
  protected random = new Random(0);
  protected left = 0;

  reset({ seed }: ResetOptions = {}): Float32Array {
    if (seed !== undefined) this.random = new Random(seed);
    this.left = this.random.integerBetween(1, 31);
    return this.#observe();
  }

  step(action: number): Step {
    if (this.left === 0) throw new StateError("step: expected a reset first");
    requireAction("Errands", this.actionSpace, action);
    this.left--;
    const reward = action + this.random.random();
    return { observation: this.#observe(), reward, terminated: this.left === 0, truncated: false };
  }

  #observe(): Float32Array {
    return Float32Array.of(this.left, this.random.random());
  }
}

/** The same, with a state that can be saved. */
class SavedErrands extends Errands {
  saveState(): JsonValue {
    return { left: this.left, random: this.random.state() };
  }

  restoreState(state: JsonValue): void {
    const { left, random } = state as unknown as { left: number; random: RandomState };
    this.left = left;
    this.random = Random.fromState(random);
  }
}

/** Some episodes terminate, those of more than 20 steps are truncated. */
export const errands: EnvironmentDefinition<Discrete> = {
  id: "Errands-v0",
  maxEpisodeSteps: 20,
  make: () => new SavedErrands(),
};

/** The same, but none of them can save its state. */
export const forgetfulErrands: EnvironmentDefinition<Discrete> = { ...errands, make: () => new Errands() };
