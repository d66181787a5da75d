import { constant } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { describe, OptionError } from "@uphill/core-math";
import type { Space } from "@uphill/envs";

/** A box of actions as actors and critics see it: its centre, and half its width on each side. */
export class BoundedBox {
  readonly size: number;
  readonly low: Float32Array;
  readonly high: Float32Array;
  readonly center: Float32Array;
  readonly halfWidth: Float32Array;

  /**
   * @param space - The space of actions.
   * @param environment - Name of the environment that they are played in; left out where they are of stored transitions.
   * @throws OptionError naming `env` or `transitions` where actions are no numbers within finite bounds.
   */
  constructor(space: Space, environment?: string) {
    const bounds = space.kind === "box" ? [...space.low, ...space.high] : [NaN];
    if (space.kind !== "box" || !bounds.every(Number.isFinite)) {
      const came = space.kind === "box" ? "a box without bounds" : `a ${space.kind} space`;
      const needed = "actions are numbers within finite bounds (a box)";
      if (environment === undefined) throw new OptionError(`transitions: expected ones whose ${needed}, got ${came}`);
      throw new OptionError(`env: expected one whose ${needed}, got ${describe(environment)} with ${came}`);
    }
    const { low, high } = space;
    this.size = space.size;
    this.low = Float32Array.from(low);
    this.high = Float32Array.from(high);
    this.center = this.low.map((bound, i) => bound + (this.high[i] - bound) / 2);
    this.halfWidth = this.low.map((bound, i) => (this.high[i] - bound) / 2);
  }

  /** From [−1, 1] to the box, `["batch", size]`. */
  fromSymmetric(x: Tensor): Tensor {
    return x.mul(constant(this.halfWidth)).add(constant(this.center));
  }

  /** From the box to [−1, 1], `["batch", size]`. */
  toSymmetric(action: Tensor): Tensor {
    return action.sub(constant(this.center)).div(constant(this.halfWidth));
  }

  /** The nearest action in the box, `["batch", size]`. */
  clip(action: Tensor): Tensor {
    return action.clip(constant(this.low), constant(this.high));
  }
}
