import { cos, type Random } from "@uphill/core-math";
import { mountainCarDrawing } from "./drawing/mountain-car-drawing.js";
import { type Dynamics, environmentFromDynamics } from "./dynamics.js";
import type { EnvironmentDefinition, StepResults } from "./environment.js";
import { box } from "./spaces/box.js";
import { discrete, type Discrete } from "./spaces/discrete.js";

const LEFTMOST = -1.2;
const RIGHTMOST = 0.6;
const MAX_SPEED = 0.07;
const GOAL = 0.5;
const FORCE = 0.001;
const GRAVITY = 0.0025;

/** N cars. The arithmetic is in the order of Gymnasium's. */
class MountainCarDynamics implements Dynamics<Discrete> {
  readonly state: readonly Float64Array[];
  private readonly position: Float64Array;
  private readonly velocity: Float64Array;

  constructor(private readonly count: number) {
    this.position = new Float64Array(count);
    this.velocity = new Float64Array(count);
    this.state = [this.position, this.velocity];
  }

  reset(index: number, random: Random): void {
    this.position[index] = random.uniform(-0.6, -0.4);
    this.velocity[index] = 0;
  }

  observe(index: number, observations: Float32Array): void {
    observations[2 * index] = this.position[index];
    observations[2 * index + 1] = this.velocity[index];
  }

  advance(actions: Int32Array, { observations, rewards, terminated, truncated }: StepResults): void {
    const { position, velocity } = this;
    for (let i = 0; i < this.count; i++) {
      const speed = velocity[i] + ((actions[i] - 1) * FORCE - cos(3 * position[i]) * GRAVITY);
      velocity[i] = Math.min(Math.max(speed, -MAX_SPEED), MAX_SPEED);
      position[i] = Math.min(Math.max(position[i] + velocity[i], LEFTMOST), RIGHTMOST);
      if (position[i] === LEFTMOST && velocity[i] < 0) velocity[i] = 0;

      this.observe(i, observations);
      rewards[i] = -1;
      terminated[i] = position[i] >= GOAL && velocity[i] >= 0 ? 1 : 0;
      truncated[i] = 0;
    }
  }
}

/**
 * MountainCar-v0: a car in a valley, too weak for the slope, must swing up to the flag on the right.
 *
 *     v ← clip(v + 0.001 (a − 1) − 0.0025 cos 3x, ±0.07),   x ← clip(x + v, −1.2, 0.6)
 *
 * The left end stops the car. Observation `[2]`: position x, velocity v. Actions: push left (0), not at all (1), right
 * (2). Starts at rest with x uniform in [−0.6, −0.4]. Reward −1 at every step. Terminates from x = 0.5 on; limited to
 * 200 steps; solved at a mean return of −110. From the same seed, observations are those of Gymnasium 1.4 to the bit of
 * float32, and the state agrees to 1e-9 over an episode.
 *
 * Source: Moore 1990, "Efficient memory-based learning for robot control"; Gymnasium's MountainCar-v0.
 */
export const mountainCar: EnvironmentDefinition<Discrete> = environmentFromDynamics({
  id: "MountainCar-v0",
  maxEpisodeSteps: 200,
  rewardThreshold: -110,
  observationSpace: box({ low: [LEFTMOST, -MAX_SPEED], high: [RIGHTMOST, MAX_SPEED] }),
  actionSpace: discrete(3),
  drawing: mountainCarDrawing(GOAL),
  dynamics: (count) => new MountainCarDynamics(count),
});
