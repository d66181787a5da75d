import { type Random, sinCos } from "@uphill/core-math";
import { cartPoleDrawing } from "./drawing/cart-pole-drawing.js";
import { type Dynamics, environmentFromDynamics } from "./dynamics.js";
import type { EnvironmentDefinition, StepResults } from "./environment.js";
import { box } from "./spaces/box.js";
import { discrete, type Discrete } from "./spaces/discrete.js";

const GRAVITY = 9.8; // m/s²
const POLE_MASS = 0.1; // kg
const TOTAL_MASS = POLE_MASS + 1; // kg, with the cart
const HALF_LENGTH = 0.5; // m, from the joint to the pole's centre of mass
const POLE_MOMENT = POLE_MASS * HALF_LENGTH; // kg m
const FORCE = 10; // N
const TIME_STEP = 0.02; // s
const MAX_POSITION = 2.4; // m
const MAX_ANGLE = (12 * 2 * Math.PI) / 360; // rad
const INITIAL_SPREAD = 0.05;

/** N carts with poles. The arithmetic is in the order of Gymnasium's, so that every bit agrees. */
class CartPoleDynamics implements Dynamics<Discrete> {
  readonly state: readonly Float64Array[];
  private readonly position: Float64Array;
  private readonly velocity: Float64Array;
  private readonly angle: Float64Array;
  private readonly angularVelocity: Float64Array;
  private readonly sineCosine = new Float64Array(2);

  constructor(private readonly count: number) {
    this.position = new Float64Array(count);
    this.velocity = new Float64Array(count);
    this.angle = new Float64Array(count);
    this.angularVelocity = new Float64Array(count);
    this.state = [this.position, this.velocity, this.angle, this.angularVelocity];
  }

  reset(index: number, random: Random): void {
    for (const quantity of this.state) quantity[index] = random.uniform(-INITIAL_SPREAD, INITIAL_SPREAD);
  }

  observe(index: number, observations: Float32Array): void {
    const row = index * 4;
    observations[row] = this.position[index];
    observations[row + 1] = this.velocity[index];
    observations[row + 2] = this.angle[index];
    observations[row + 3] = this.angularVelocity[index];
  }

  advance(actions: Int32Array, { observations, rewards, terminated, truncated }: StepResults): void {
    const { position, velocity, angle, angularVelocity, sineCosine } = this;
    for (let i = 0; i < this.count; i++) {
      const force = FORCE * (2 * actions[i] - 1);
      sinCos(angle[i], sineCosine);
      const sine = sineCosine[0];
      const cosine = sineCosine[1];
      const push = (force + POLE_MOMENT * (angularVelocity[i] * angularVelocity[i]) * sine) / TOTAL_MASS;
      const angularAcceleration =
        (GRAVITY * sine - cosine * push) / (HALF_LENGTH * (4 / 3 - (POLE_MASS * (cosine * cosine)) / TOTAL_MASS));
      const acceleration = push - (POLE_MOMENT * angularAcceleration * cosine) / TOTAL_MASS;

      // Explicit Euler: positions move by the velocities from before the step.
      position[i] += TIME_STEP * velocity[i];
      velocity[i] += TIME_STEP * acceleration;
      angle[i] += TIME_STEP * angularVelocity[i];
      angularVelocity[i] += TIME_STEP * angularAcceleration;

      this.observe(i, observations);
      rewards[i] = 1;
      terminated[i] = Math.abs(position[i]) > MAX_POSITION || Math.abs(angle[i]) > MAX_ANGLE ? 1 : 0;
      truncated[i] = 0;
    }
  }
}

/**
 * CartPole-v1: push a cart left (0) or right (1) so that the pole on it stays upright.
 *
 *     p = (F + m l θ̇² sin θ) / M
 *     θ̈ = (g sin θ − p cos θ) / (l (4/3 − m cos² θ / M))
 *     ẍ = p − m l θ̈ cos θ / M
 *
 * with explicit Euler steps of 0.02 s; m is the pole's mass, M the mass of pole and cart, l half the pole's length.
 *
 * Observation `[4]`: position (m), velocity (m/s), angle (rad, 0 is upright), angular velocity (rad/s). Each starts
 * uniform in ±0.05. Reward 1 at every step, the terminating one included. Terminates beyond ±2.4 m or ±12°; limited to
 * 500 steps; solved at a mean return of 475. To the bit what Gymnasium 1.4 computes from the same seed.
 *
 * Source: Barto, Sutton & Anderson 1983, "Neuronlike adaptive elements that can solve difficult learning control
 * problems"; Gymnasium's CartPole-v1.
 */
export const cartPole: EnvironmentDefinition<Discrete> = environmentFromDynamics({
  id: "CartPole-v1",
  maxEpisodeSteps: 500,
  rewardThreshold: 475,
  observationSpace: box({
    low: [-2 * MAX_POSITION, -Infinity, -2 * MAX_ANGLE, -Infinity],
    high: [2 * MAX_POSITION, Infinity, 2 * MAX_ANGLE, Infinity],
  }),
  actionSpace: discrete(2),
  drawing: cartPoleDrawing,
  dynamics: (count) => new CartPoleDynamics(count),
});
