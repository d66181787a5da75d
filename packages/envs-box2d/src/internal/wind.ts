import { type Random, sin, tanh } from "@uphill/core-math";
import type { Body } from "planck";

/** Where a gust may begin: indices in [−9999, 9999). */
const FURTHEST = 9999;

/** A gust that blows the lander sideways and another that turns it, each from a place of its own in the same pattern. */
export class Wind {
  private windIndex: number;
  private turbulenceIndex: number;

  /**
   * @param power - Force at most, N.
   * @param turbulence - Torque at most, N m.
   * @param random - Draws where the two begin.
   */
  constructor(
    private readonly power: number,
    private readonly turbulence: number,
    random: Random,
  ) {
    this.windIndex = random.integerBetween(-FURTHEST, FURTHEST);
    this.turbulenceIndex = random.integerBetween(-FURTHEST, FURTHEST);
  }

  /** Blows for a step. */
  blow(lander: Body): void {
    lander.applyForceToCenter({ x: gust(this.windIndex++) * this.power, y: 0 }, true);
    lander.applyTorque(gust(this.turbulenceIndex++) * this.turbulence, true);
  }
}

/** tanh(sin 2kt + sin πkt) with k = 0.01, which never repeats. */
function gust(t: number): number {
  return tanh(sin(0.02 * t) + sin(Math.PI * 0.01 * t));
}
