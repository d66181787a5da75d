import type { Random } from "@uphill/core-math";
import { fireEngines } from "./engines.js";
import { drawGround } from "./ground.js";
import { LanderWorld } from "./lander-world.js";
import { HEIGHT, LEG_DROP, PAD_HEIGHT, STEP_RATE, WIDTH } from "./metres.js";
import { Wind } from "./wind.js";

/** The largest first push in each direction, N for a step. */
const FIRST_PUSH = 1000;
const MAIN_COST = 0.3;
const SIDE_COST = 0.03;

/** What a flight is under: the options of LunarLander, checked. */
export interface FlightConditions {
  readonly gravity: number;
  readonly enableWind: boolean;
  readonly windPower: number;
  readonly turbulencePower: number;
}

/** One episode: everything that its stream and the engines' powers decide. */
export class Flight {
  /** What is seen after the last step, in float64. */
  readonly state = new Float64Array(8);
  /** What the last step earned. */
  reward = 0;
  /** Whether the lander crashed, left, or came to rest. */
  ended = false;
  private readonly world: LanderWorld;
  private readonly wind: Wind | undefined;
  private potential: number;

  /** Draws the ground and the first push, and takes the step without engines after which the episode begins. */
  constructor(
    conditions: FlightConditions,
    private readonly random: Random,
  ) {
    this.world = new LanderWorld(drawGround(random), conditions.gravity);
    const force = { x: random.uniform(-FIRST_PUSH, FIRST_PUSH), y: random.uniform(-FIRST_PUSH, FIRST_PUSH) };
    this.world.lander.applyForceToCenter(force, true);
    const { windPower, turbulencePower } = conditions;
    if (conditions.enableWind) this.wind = new Wind(windPower, turbulencePower, random);
    this.move(0, 0);
    this.potential = potentialOf(this.state);
  }

  /**
   * Takes a step, and says in `state`, `reward` and `ended` what came of it.
   *
   * @param main - Power of the main engine, in [0, 1].
   * @param side - Power of the side engines, in [−1, 1].
   */
  advance(main: number, side: number): void {
    this.move(main, side);
    const before = this.potential;
    this.potential = potentialOf(this.state);
    const { crashed, lander } = this.world;
    const lost = crashed || Math.abs(this.state[0]) >= 1;
    const rests = !lander.isAwake();
    this.ended = lost || rests;
    this.reward = this.potential - before - main * MAIN_COST - Math.abs(side) * SIDE_COST;
    if (rests) this.reward = 100;
    else if (lost) this.reward = -100;
  }

  private move(main: number, side: number): void {
    const { world, wind, state } = this;
    const { lander, legContacts } = world;
    if (wind !== undefined && legContacts[0] + legContacts[1] === 0) wind.blow(lander);
    fireEngines(lander, main, side, this.random);
    world.step();
    const position = lander.getPosition();
    const velocity = lander.getLinearVelocity();
    state[0] = (position.x - WIDTH / 2) / (WIDTH / 2);
    state[1] = (position.y - (PAD_HEIGHT + LEG_DROP)) / (HEIGHT / 2);
    state[2] = (velocity.x * (WIDTH / 2)) / STEP_RATE;
    state[3] = (velocity.y * (HEIGHT / 2)) / STEP_RATE;
    state[4] = lander.getAngle();
    state[5] = (20 * lander.getAngularVelocity()) / STEP_RATE;
    state.set(legContacts, 6);
  }
}

/** Near the pad, slow, upright and on its legs is better: what a step gains of it is its reward. */
function potentialOf([x, y, vx, vy, angle, , left, right]: Float64Array): number {
  const distance = Math.sqrt(x * x + y * y);
  const speed = Math.sqrt(vx * vx + vy * vy);
  return -100 * distance - 100 * speed - 100 * Math.abs(angle) + 10 * left + 10 * right;
}
