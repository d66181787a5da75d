import { type Random, sinCos } from "@uphill/core-math";
import { pendulumDrawing } from "./drawing/pendulum-drawing.js";
import { type Dynamics, environmentFromDynamics } from "./dynamics.js";
import type { EnvironmentDefinition, StepResults } from "./environment.js";
import { type Box, box } from "./spaces/box.js";

const GRAVITY = 10; // m/s²
const MASS = 1; // kg
const LENGTH = 1; // m
const TIME_STEP = 0.05; // s
const MAX_SPEED = 8; // rad/s
const MAX_TORQUE = 2; // N m
const TURN = 2 * Math.PI;
const GRAVITY_GAIN = (3 * GRAVITY) / (2 * LENGTH);
const TORQUE_GAIN = 3 / (MASS * LENGTH * LENGTH);
/** The cost of torque is computed in float32, as NumPy 2 does with a float32 action. */
const TORQUE_COST = Math.fround(0.001);

/** N pendulums. The arithmetic is in the order and the precision of Gymnasium's, so that observations agree. */
class PendulumDynamics implements Dynamics<Box> {
  readonly state: readonly Float64Array[];
  /** Grows without bound: it is not brought back to one turn. */
  private readonly angle: Float64Array;
  private readonly angularVelocity: Float64Array;
  /** sin of `angle`, which `observe` needs and the next step again. */
  private readonly sine: Float64Array;
  private readonly sineCosine = new Float64Array(2);

  constructor(private readonly count: number) {
    this.angle = new Float64Array(count);
    this.angularVelocity = new Float64Array(count);
    this.sine = new Float64Array(count);
    this.state = [this.angle, this.angularVelocity];
  }

  reset(index: number, random: Random): void {
    this.angle[index] = random.uniform(-Math.PI, Math.PI);
    this.angularVelocity[index] = random.uniform(-1, 1);
  }

  observe(index: number, observations: Float32Array): void {
    const row = index * 3;
    sinCos(this.angle[index], this.sineCosine);
    this.sine[index] = this.sineCosine[0];
    observations[row] = this.sineCosine[1];
    observations[row + 1] = this.sine[index];
    observations[row + 2] = this.angularVelocity[index];
  }

  advance(actions: Float32Array, { observations, rewards, terminated, truncated }: StepResults): void {
    const { angle, angularVelocity, sine } = this;
    for (let i = 0; i < this.count; i++) {
      const torque = clip(actions[i], MAX_TORQUE);
      const deviation = fromUpright(angle[i]);
      const speed = angularVelocity[i];
      rewards[i] = -(
        deviation * deviation +
        0.1 * (speed * speed) +
        Math.fround(TORQUE_COST * Math.fround(torque * torque))
      );

      // Semi-implicit Euler: the angle moves by the new velocity.
      const acceleration = GRAVITY_GAIN * sine[i] + Math.fround(TORQUE_GAIN * torque);
      angularVelocity[i] = clip(speed + acceleration * TIME_STEP, MAX_SPEED);
      angle[i] += angularVelocity[i] * TIME_STEP;

      this.observe(i, observations);
      terminated[i] = 0;
      truncated[i] = 0;
    }
  }
}

function clip(value: number, bound: number): number {
  return Math.min(Math.max(value, -bound), bound);
}

/** The angle in [−π, π) that stands for the same position. The remainder takes the divisor's sign, as Python's does. */
function fromUpright(angle: number): number {
  const shifted = angle + Math.PI;
  if (shifted >= 0 && shifted < TURN) return shifted - Math.PI; // what follows, without the slow remainder
  const remainder = shifted % TURN;
  return (remainder < 0 ? remainder + TURN : remainder) - Math.PI;
}

/**
 * Pendulum-v1: swing a pendulum up by its joint, and keep it there with little torque.
 *
 *     θ̈ = 3 g sin θ / (2 l) + 3 u / (m l²),   reward = −(θ² + 0.1 θ̇² + 0.001 u²),   θ in [−π, π), 0 upright
 *
 * with semi-implicit Euler steps of 0.05 s and |θ̇| held to 8; the reward is of the state before the step.
 *
 * Observation `[3]`: cos θ, sin θ, θ̇ (rad/s). Action `[1]`: the torque u (N m), clipped to ±2, in the reward too. Starts
 * with θ uniform in ±π and θ̇ in ±1. Never terminates; limited to 200 steps. From the same seed, observations are those
 * of Gymnasium 1.4 to the bit of float32, and the state agrees to 1e-9 over an episode.
 *
 * Source: Gymnasium's Pendulum-v1.
 */
export const pendulum: EnvironmentDefinition<Box> = environmentFromDynamics({
  id: "Pendulum-v1",
  maxEpisodeSteps: 200,
  observationSpace: box({ low: [-1, -1, -MAX_SPEED], high: [1, 1, MAX_SPEED] }),
  actionSpace: box({ low: -MAX_TORQUE, high: MAX_TORQUE }),
  drawing: pendulumDrawing,
  dynamics: (count) => new PendulumDynamics(count),
});
