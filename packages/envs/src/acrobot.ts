import { cos, type Random, sinCos } from "@uphill/core-math";
import { acrobotDrawing } from "./drawing/acrobot-drawing.js";
import { type Dynamics, environmentFromDynamics } from "./dynamics.js";
import type { EnvironmentDefinition, StepResults } from "./environment.js";
import { box } from "./spaces/box.js";
import { discrete, type Discrete } from "./spaces/discrete.js";

const GRAVITY = 9.8; // m/s²
const CENTRE = 0.5; // m, from a link's joint to its centre of mass; links are of 1 m, 1 kg and 1 kg m²
const TIME_STEP = 0.2; // s
const HALF_STEP = TIME_STEP / 2;
const SIXTH_STEP = TIME_STEP / 6;
const TURN = 2 * Math.PI;
const MAX_SPEED_1 = 4 * Math.PI; // rad/s
const MAX_SPEED_2 = 9 * Math.PI; // rad/s
const INITIAL_SPREAD = 0.1;

/** N arms of two links. The arithmetic is in the order of Gymnasium's. */
class AcrobotDynamics implements Dynamics<Discrete> {
  readonly state: readonly Float64Array[];
  private readonly angle1: Float64Array;
  private readonly angle2: Float64Array;
  private readonly speed1: Float64Array;
  private readonly speed2: Float64Array;
  /** Sine and cosine of the second angle, which `observe` needs and the next step again. */
  private readonly sine2: Float64Array;
  private readonly cosine2: Float64Array;
  /** Sine and cosine of the first angle, from the latest {@link observe}. */
  private readonly link1 = new Float64Array(2);

  constructor(private readonly count: number) {
    this.angle1 = new Float64Array(count);
    this.angle2 = new Float64Array(count);
    this.speed1 = new Float64Array(count);
    this.speed2 = new Float64Array(count);
    this.sine2 = new Float64Array(count);
    this.cosine2 = new Float64Array(count);
    this.state = [this.angle1, this.angle2, this.speed1, this.speed2];
  }

  reset(index: number, random: Random): void {
    for (const quantity of this.state) {
      quantity[index] = Math.fround(random.uniform(-INITIAL_SPREAD, INITIAL_SPREAD));
    }
  }

  observe(index: number, observations: Float32Array): void {
    const { link1 } = this;
    sinCos(this.angle1[index], link1);
    sinCos(this.angle2[index], sineCosine);
    this.sine2[index] = sineCosine[0];
    this.cosine2[index] = sineCosine[1];
    const row = index * 6;
    observations[row] = link1[1];
    observations[row + 1] = link1[0];
    observations[row + 2] = sineCosine[1];
    observations[row + 3] = sineCosine[0];
    observations[row + 4] = this.speed1[index];
    observations[row + 5] = this.speed2[index];
  }

  advance(actions: Int32Array, { observations, rewards, terminated, truncated }: StepResults): void {
    const { angle1, angle2, speed1, speed2, link1 } = this;
    for (let i = 0; i < this.count; i++) {
      point[0] = angle1[i];
      point[1] = angle2[i];
      point[2] = speed1[i];
      point[3] = speed2[i];
      sineCosine[0] = this.sine2[i];
      sineCosine[1] = this.cosine2[i];
      integrate(actions[i] - 1);
      angle1[i] = wrap(point[0]);
      angle2[i] = wrap(point[1]);
      speed1[i] = Math.min(Math.max(point[2], -MAX_SPEED_1), MAX_SPEED_1);
      speed2[i] = Math.min(Math.max(point[3], -MAX_SPEED_2), MAX_SPEED_2);

      this.observe(i, observations);
      // No second link reaches above the line from a first one that hangs.
      const above = link1[1] < 0 && -link1[1] - cos(angle2[i] + angle1[i]) > 1;
      rewards[i] = above ? 0 : -1;
      terminated[i] = above ? 1 : 0;
      truncated[i] = 0;
    }
  }
}

/*
 * What follows works on arrays of the module: numbers given to a function that the engine does not inline are boxed,
 * which costs more than the mechanics.
 */

/** Angles, then speeds, of the arm in hand; {@link integrate} advances it. */
const point = new Float64Array(4);
/** Where {@link differentiate} takes the derivative. */
const trial = new Float64Array(4);
/** The derivative that it finds: speeds, then accelerations. */
const slope = new Float64Array(4);
/** k₁ + 2 k₂ + 2 k₃ + k₄ so far. */
const sum = new Float64Array(4);
const angles = new Float64Array(2);
/** Sine and cosine of the second angle of `trial`. */
const sineCosine = new Float64Array(2);

/** One step of the classical Runge–Kutta method, with the torque held. `sineCosine` is already that of `point`. */
function integrate(torque: number): void {
  trial.set(point);
  differentiate(torque);
  for (let i = 0; i < 4; i++) {
    sum[i] = slope[i];
    trial[i] = point[i] + HALF_STEP * slope[i];
  }
  sinCos(trial[1], sineCosine);
  differentiate(torque);
  for (let i = 0; i < 4; i++) {
    sum[i] += 2 * slope[i];
    trial[i] = point[i] + HALF_STEP * slope[i];
  }
  sinCos(trial[1], sineCosine);
  differentiate(torque);
  for (let i = 0; i < 4; i++) {
    sum[i] += 2 * slope[i];
    trial[i] = point[i] + TIME_STEP * slope[i];
  }
  sinCos(trial[1], sineCosine);
  differentiate(torque);
  for (let i = 0; i < 4; i++) point[i] += SIXTH_STEP * (sum[i] + slope[i]);
}

function differentiate(torque: number): void {
  const angle = trial[0];
  const speed1 = trial[2];
  const speed2 = trial[3];
  const sine = sineCosine[0];
  const cosine = sineCosine[1];
  angles[0] = angle - Math.PI / 2;
  angles[1] = angle + trial[1] - Math.PI / 2;
  for (let k = 0; k < 2; k++) angles[k] = cos(angles[k]);
  const d1 = CENTRE * CENTRE + (1 + CENTRE * CENTRE + 2 * CENTRE * cosine) + 1 + 1;
  const d2 = CENTRE * CENTRE + CENTRE * cosine + 1;
  const phi2 = CENTRE * GRAVITY * angles[1];
  const phi1 =
    -CENTRE * (speed2 * speed2) * sine -
    2 * CENTRE * speed2 * speed1 * sine +
    (CENTRE + 1) * GRAVITY * angles[0] +
    phi2;
  const outer =
    (torque + (d2 / d1) * phi1 - CENTRE * (speed1 * speed1) * sine - phi2) / (CENTRE * CENTRE + 1 - (d2 * d2) / d1);
  slope[0] = speed1;
  slope[1] = speed2;
  slope[2] = -(d2 * outer + phi1) / d1;
  slope[3] = outer;
}

/** The same angle in [−π, π]. */
function wrap(angle: number): number {
  let wrapped = angle;
  while (wrapped > Math.PI) wrapped -= TURN;
  while (wrapped < -Math.PI) wrapped += TURN;
  return wrapped;
}

/**
 * Acrobot-v1: swing an arm of two links up over the bar by a torque at the joint between them.
 *
 *     d₁ = m l_c² + m (l² + l_c² + 2 l l_c cos θ₂) + 2 I,   d₂ = m (l_c² + l l_c cos θ₂) + I
 *     φ₂ = m l_c g cos(θ₁ + θ₂ − π/2)
 *     φ₁ = −m l l_c θ̇₂² sin θ₂ − 2 m l l_c θ̇₂ θ̇₁ sin θ₂ + (m l_c + m l) g cos(θ₁ − π/2) + φ₂
 *     θ̈₂ = (τ + d₂/d₁ φ₁ − m l l_c θ̇₁² sin θ₂ − φ₂) / (m l_c² + I − d₂²/d₁),   θ̈₁ = −(d₂ θ̈₂ + φ₁) / d₁
 *
 * with m, l and I of 1, l_c of 0.5, and classical Runge–Kutta steps of 0.2 s; |θ̇₁| is held to 4π and |θ̇₂| to 9π.
 *
 * Observation `[6]`: cos θ₁, sin θ₁, cos θ₂, sin θ₂, θ̇₁, θ̇₂ (rad/s); θ₁ = 0 hangs down, θ₂ is relative to the first
 * link. Actions: torque −1 (0), none (1), +1 N m (2). Each number starts uniform in ±0.1. Reward −1 a step, 0 at the
 * end. Terminates where −cos θ₁ − cos(θ₁ + θ₂) > 1; limited to 500 steps; solved at a mean return of −100. From the same
 * seed, observations are those of Gymnasium 1.4 to the bit of float32 over 200 steps; the arm is chaotic, and a last
 * place in a sine grows.
 *
 * Source: Sutton 1996, "Generalization in reinforcement learning: successful examples using sparse coarse coding";
 * Sutton & Barto 2018; Gymnasium's Acrobot-v1.
 */
export const acrobot: EnvironmentDefinition<Discrete> = environmentFromDynamics({
  id: "Acrobot-v1",
  maxEpisodeSteps: 500,
  rewardThreshold: -100,
  observationSpace: box({
    low: [-1, -1, -1, -1, -MAX_SPEED_1, -MAX_SPEED_2],
    high: [1, 1, 1, 1, MAX_SPEED_1, MAX_SPEED_2],
  }),
  actionSpace: discrete(3),
  drawing: acrobotDrawing,
  dynamics: (count) => new AcrobotDynamics(count),
});
