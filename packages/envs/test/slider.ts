import { Random, StateError } from "@uphill/core-math";
import { requireAction } from "../src/actions.js";
import type { Environment, ResetOptions, Step } from "../src/environment.js";
import { type Box, box } from "../src/spaces/box.js";

/** A sound environment with continuous actions and no saved state: push a point to the origin; effort costs, raw. */
export class Slider implements Environment<Box> {
  readonly observationSpace = box({ low: -Infinity, high: Infinity });
  readonly actionSpace: Box = box({ low: [-1, -2], high: [1, 2] });
  protected random = new Random(0);
  protected position = Number.NaN;

  reset({ seed }: ResetOptions = {}): Float32Array {
    if (seed !== undefined) this.random = new Random(seed);
    this.position = this.random.uniform(-1, 1);
    return Float32Array.of(this.position);
  }

  step(action: Float32Array): Step {
    if (Number.isNaN(this.position)) throw new StateError("step: expected a reset first");
    requireAction("Slider", this.actionSpace, action);
    const [fine, coarse] = this.actionSpace.clip(action);
    this.position += 0.1 * fine + coarse;
    const reward = -this.position * this.position - 0.01 * action[0] * action[0];
    return {
      observation: Float32Array.of(this.position),
      reward,
      terminated: Math.abs(this.position) > 9,
      truncated: false,
    };
  }
}
