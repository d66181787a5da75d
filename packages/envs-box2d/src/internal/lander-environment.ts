import { Random, type RandomState } from "@uphill/core-math";
import { type ActionOf, box, type Environment, type JsonValue, type ResetOptions, type Space, type Step } from "@uphill/envs";
import type { Controls } from "./controls.js";
import { Flight, type FlightConditions } from "./flight.js";
import { readLog } from "./read-log.js";

/** Positions in half windows, speeds, angle (rad), whether each leg touches: where the episode ends, with room beyond. */
const OBSERVATION_SPACE = box({
  low: [-2.5, -2.5, -10, -10, -2 * Math.PI, -10, 0, 0],
  high: [2.5, 2.5, 10, 10, 2 * Math.PI, 10, 1, 1],
});

/**
 * One lander. planck keeps what its solver starts from, the order of contacts and the tree that finds them to itself, so
 * a state is saved as how the episode came to be: where its stream stood, and the engines' powers since. Restoring flies
 * it again.
 */
export class LanderEnvironment<A extends Space> implements Environment<A> {
  readonly observationSpace = OBSERVATION_SPACE;
  readonly actionSpace: A;
  private random = new Random(0);
  private flight: Flight | undefined;
  /** Where the stream stood when the episode began, and main and side powers of each step since. */
  private start: RandomState = this.random.state();
  private readonly log: number[] = [];

  constructor(
    private readonly conditions: FlightConditions,
    private readonly controls: Controls<A>,
  ) {
    this.actionSpace = controls.actionSpace;
  }

  reset({ seed }: ResetOptions = {}): Float32Array {
    if (seed !== undefined) this.random = new Random(seed);
    return new Float32Array(this.begin().state);
  }

  step(action: ActionOf<A>): Step {
    const { controls, flight = this.begin() } = this;
    const { main, side } = controls.powers(typeof action === "number" ? [action] : action);
    this.log.push(main, side);
    flight.advance(main, side);
    const { state, reward, ended } = flight;
    return { observation: new Float32Array(state), reward, terminated: ended, truncated: false };
  }

  saveState(): JsonValue {
    const begun = this.flight !== undefined;
    return { stream: begun ? this.start : this.random.state(), powers: begun ? [...this.log] : null };
  }

  restoreState(saved: JsonValue): void {
    const { stream, powers } = readLog(saved);
    this.random = stream;
    this.flight = undefined;
    if (powers === null) return;
    const flight = this.begin();
    for (let i = 0; i < powers.length; i += 2) flight.advance(powers[i], powers[i + 1]);
    this.log.push(...powers);
  }

  private begin(): Flight {
    this.start = this.random.state();
    this.log.length = 0;
    this.flight = new Flight(this.conditions, this.random);
    return this.flight;
  }
}
