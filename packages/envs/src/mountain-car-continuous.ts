import { cos, type Random } from "@uphill/core-math";
import { mountainCarDrawing } from "./drawing/mountain-car-drawing.js";
import { type Dynamics, environmentFromDynamics } from "./dynamics.js";
import type { EnvironmentDefinition, StepResults } from "./environment.js";
import { type Box, box } from "./spaces/box.js";

const POWER = 0.0015;
const GRAVITY = 0.0025;

/** After its first step Gymnasium keeps the state in float32, and NumPy 2 brings the constants to it. */
const LEFTMOST = Math.fround(-1.2);
const RIGHTMOST = Math.fround(0.6);
const MAX_SPEED = Math.fround(0.07);
const GOAL = Math.fround(0.45);
const FLOAT32_POWER = Math.fround(POWER);

/** N cars. The arithmetic is in the order and the precision of Gymnasium's, so that every bit agrees. */
class MountainCarContinuousDynamics implements Dynamics<Box> {
  readonly state: readonly Float64Array[];
  private readonly position: Float64Array;
  private readonly velocity: Float64Array;
  /** 1 until the first step of the episode, which is computed in float64. */
  private readonly fresh: Float64Array;

  constructor(private readonly count: number) {
    this.position = new Float64Array(count);
    this.velocity = new Float64Array(count);
    this.fresh = new Float64Array(count);
    this.state = [this.position, this.velocity, this.fresh];
  }

  reset(index: number, random: Random): void {
    this.position[index] = random.uniform(-0.6, -0.4);
    this.velocity[index] = 0;
    this.fresh[index] = 1;
  }

  observe(index: number, observations: Float32Array): void {
    observations[2 * index] = this.position[index];
    observations[2 * index + 1] = this.velocity[index];
  }

  advance(actions: Float32Array, { observations, rewards, terminated, truncated }: StepResults): void {
    for (let i = 0; i < this.count; i++) {
      if (this.fresh[i] === 1) this.moveFirst(i, actions[i]);
      else this.move(i, actions[i]);

      this.observe(i, observations);
      terminated[i] = this.position[i] >= GOAL && this.velocity[i] >= 0 ? 1 : 0;
      rewards[i] = terminated[i] * 100 - actions[i] * actions[i] * 0.1;
      truncated[i] = 0;
    }
  }

  /** The first step starts at rest near the bottom: no bound is within its reach. */
  private moveFirst(index: number, action: number): void {
    const velocity = acceleration(action, 3 * this.position[index]);
    this.velocity[index] = Math.fround(velocity);
    this.position[index] = Math.fround(this.position[index] + velocity);
    this.fresh[index] = 0;
  }

  private move(index: number, action: number): void {
    const push = Math.fround(acceleration(action, Math.fround(3 * this.position[index])));
    let velocity = Math.fround(this.velocity[index] + push);
    velocity = Math.min(Math.max(velocity, -MAX_SPEED), MAX_SPEED);
    const position = Math.fround(this.position[index] + velocity);
    this.position[index] = Math.min(Math.max(position, LEFTMOST), RIGHTMOST);
    this.velocity[index] = this.position[index] === LEFTMOST && velocity < 0 ? 0 : velocity;
  }
}

/** An action within the bounds is a float32 and computed with as such; a clipped one is a float64. */
function acceleration(action: number, angle: number): number {
  const gravity = GRAVITY * cos(angle);
  if (action > 1) return POWER - gravity;
  if (action < -1) return -POWER - gravity;
  return Math.fround(Math.fround(action * FLOAT32_POWER) - Math.fround(gravity));
}

/**
 * MountainCarContinuous-v0: the car of `mountainCar` with a motor that takes any force, and pays for it.
 *
 *     v ← clip(v + 0.0015 clip(a, ±1) − 0.0025 cos 3x, ±0.07),   x ← clip(x + v, −1.2, 0.6)
 *     reward = 100 at the goal, − 0.1 a²
 *
 * The left end stops the car. Observation `[2]`: position x, velocity v. Action `[1]` in ±1; beyond, it moves the car as
 * the bound does, but its cost is that of the action as it came. Starts at rest with x uniform in [−0.6, −0.4].
 * Terminates from x = 0.45 on; limited to 999 steps; solved at a mean return of 90. To the bit what Gymnasium 1.4
 * computes from the same seed.
 *
 * Source: Gymnasium's MountainCarContinuous-v0.
 */
export const mountainCarContinuous: EnvironmentDefinition<Box> = environmentFromDynamics({
  id: "MountainCarContinuous-v0",
  maxEpisodeSteps: 999,
  rewardThreshold: 90,
  observationSpace: box({ low: [LEFTMOST, -MAX_SPEED], high: [RIGHTMOST, MAX_SPEED] }),
  actionSpace: box({ low: -1, high: 1 }),
  drawing: mountainCarDrawing(GOAL),
  dynamics: (count) => new MountainCarContinuousDynamics(count),
});
