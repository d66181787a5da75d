import { Random, type RandomState, StateError } from "@uphill/core-math";
import { requireAction } from "../src/actions.js";
import type { Environment, EnvironmentDefinition, ResetOptions, Step } from "../src/environment.js";
import type { JsonValue } from "../src/json.js";
import { box } from "../src/spaces/box.js";
import { discrete, type Discrete } from "../src/spaces/discrete.js";

/** A sound environment without a native vector form: walk left or right, the right end pays, the ground is slippery. */
export class Corridor implements Environment<Discrete> {
  readonly observationSpace = box({ low: [0, 0], high: [10, 1] });
  readonly actionSpace = discrete(2);
  private random = new Random(0);
  private position: number | undefined;
  private closed = false;

  reset({ seed }: ResetOptions = {}): Float32Array {
    if (seed !== undefined) this.random = new Random(seed);
    this.position = this.random.integerBetween(3, 8);
    return this.observe();
  }

  step(action: number): Step {
    if (this.position === undefined || this.closed) throw new StateError("step: expected a reset first");
    requireAction("Corridor", this.actionSpace, action);
    const slips = this.random.random() < 0.2;
    this.position += (action === 1) === slips ? -1 : 1;
    const observation = this.observe();
    const terminated = this.position === 0 || this.position === 10;
    const reward = this.position === 10 ? 1 : -0.01;
    return { observation, reward, terminated, truncated: false, info: { slips, trail: [this.position] } };
  }

  saveState(): JsonValue {
    return { position: this.position ?? null, random: this.random.state() };
  }

  restoreState(state: JsonValue): void {
    const { position, random } = state as unknown as { position: number | null; random: RandomState };
    this.position = position ?? undefined;
    this.random = Random.fromState(random);
  }

  close(): void {
    this.closed = true;
  }

  private observe(): Float32Array {
    return Float32Array.of(this.position ?? 0, this.random.random());
  }
}

/** The corridor with a time limit. */
export const corridor: EnvironmentDefinition<Discrete> = {
  id: "Corridor-v0",
  maxEpisodeSteps: 20,
  make: () => new Corridor(),
};
