import { choleskyFactor, OptionError, type Random, requireFinite, requireInteger, requireNumber, requireObject } from "@uphill/core-math";
import { type Dynamics, environmentFromDynamics } from "../dynamics.js";
import type { EnvironmentDefinition, StepResults } from "../environment.js";
import { type Box, box } from "../spaces/box.js";

/** A linear system with quadratic costs: what {@link linearQuadratic} and `riccatiSolution` take. Row-major. */
export interface LinearQuadraticOptions {
  /** n, the numbers of a state x: an integer in [1, 64]. */
  readonly states: number;
  /** m, the numbers of a control u: an integer in [1, 64]. */
  readonly controls: number;
  /** A, `[n, n]`: how the state moves by itself. */
  readonly transition: ArrayLike<number>;
  /** B, `[n, m]`: how the control moves it. */
  readonly control: ArrayLike<number>;
  /** Q, `[n, n]`, symmetric and positive semidefinite: the cost of the state. */
  readonly stateCost: ArrayLike<number>;
  /** R, `[m, m]`, symmetric and positive definite: the cost of the control. */
  readonly controlCost: ArrayLike<number>;
  /** Standard deviation σ of the noise in each number of the state, at least 0. Default 0. */
  readonly noise?: number;
}

/** The system, checked and in arrays of its own. */
export type LinearSystem = Readonly<Record<"transition" | "control" | "stateCost" | "controlCost", Float64Array>> &
  Readonly<Record<"states" | "controls" | "noise", number>>;

/**
 * The system of the options.
 *
 * @throws OptionError, ShapeError or NumericalError for what is none.
 */
export function linearSystem(options: LinearQuadraticOptions): LinearSystem {
  requireObject("options", options);
  const states = requireInteger("states", options.states, { least: 1, most: 64 });
  const controls = requireInteger("controls", options.controls, { least: 1, most: 64 });
  const read = (argument: "transition" | "control" | "stateCost" | "controlCost", rows: number, columns: number) =>
    Float64Array.from(requireFinite(argument, options[argument], [rows, columns]));
  const system = {
    states,
    controls,
    transition: read("transition", states, states),
    control: read("control", states, controls),
    stateCost: requireSymmetric("stateCost", read("stateCost", states, states), states),
    controlCost: requireSymmetric("controlCost", read("controlCost", controls, controls), controls),
    noise: requireNumber("noise", options.noise ?? 0, { least: 0 }),
  };
  try {
    choleskyFactor(system.controlCost);
  } catch (cause) {
    throw new OptionError("controlCost: expected a positive definite matrix, got one that is not", { cause });
  }
  return system;
}

/**
 * The linear quadratic regulator: hold a linear system near 0 with little control.
 *
 *     x′ = A x + B u + σ ε,  ε ~ N(0, I),   reward = −(xᵀ Q x + uᵀ R u)   of the state before the step
 *
 * Observation `[n]`: x. Action `[m]`: u, without bounds. Starts with x ~ N(0, I). Never terminates; limited to 200 steps.
 * The state is float64, what is seen of it float32. Under a policy that does not hold an unstable A, it grows without
 * bound. The best policy is known: see `riccatiSolution`.
 *
 * Source: Bertsekas 2017, "Dynamic Programming and Optimal Control", section 3.1.
 *
 * @param options - The system.
 * @throws OptionError for sizes and noise out of range and for cost matrices that are none; ShapeError for lengths that
 *   do not fit; NumericalError for an element that is not finite.
 */
export function linearQuadratic(options: LinearQuadraticOptions): EnvironmentDefinition<Box> {
  const system = linearSystem(options);
  return environmentFromDynamics({
    id: "LinearQuadratic-v0",
    maxEpisodeSteps: 200,
    observationSpace: box({ low: -Infinity, high: Infinity, shape: [system.states] }),
    actionSpace: box({ low: -Infinity, high: Infinity, shape: [system.controls] }),
    dynamics: (count) => new LinearQuadraticDynamics(system, count),
  });
}

/** N systems. */
class LinearQuadraticDynamics implements Dynamics<Box> {
  readonly state: readonly Float64Array[];
  private readonly before: Float64Array;

  constructor(
    private readonly system: LinearSystem,
    private readonly count: number,
  ) {
    this.state = Array.from({ length: system.states }, () => new Float64Array(count));
    this.before = new Float64Array(system.states);
  }

  reset(index: number, random: Random): void {
    for (const column of this.state) column[index] = random.standardNormal();
  }

  observe(index: number, observations: Float32Array): void {
    const { states } = this.system;
    for (let k = 0; k < states; k++) observations[index * states + k] = this.state[k][index];
  }

  advance(
    actions: Float32Array,
    { observations, rewards, terminated, truncated }: StepResults,
    streams: readonly Random[],
  ): void {
    const { system, before } = this;
    for (let i = 0; i < this.count; i++) {
      for (let k = 0; k < system.states; k++) before[k] = this.state[k][i];
      const at = i * system.controls;
      rewards[i] =
        -quadratic(system.stateCost, before, 0, system.states) -
        quadratic(system.controlCost, actions, at, system.controls);
      for (let k = 0; k < system.states; k++) this.state[k][i] = this.moved(k, actions, at, streams[i]);
      this.observe(i, observations);
      terminated[i] = 0;
      truncated[i] = 0;
    }
  }

  /** Number k of the next state. */
  private moved(k: number, actions: Float32Array, at: number, random: Random): number {
    const { states, controls, transition, control, noise } = this.system;
    let sum = noise > 0 ? noise * random.standardNormal() : 0;
    for (let j = 0; j < states; j++) sum += transition[k * states + j] * this.before[j];
    for (let j = 0; j < controls; j++) sum += control[k * controls + j] * actions[at + j];
    return sum;
  }
}

/** vᵀ M v for the n numbers of v from `at` on. */
function quadratic(matrix: Float64Array, vector: ArrayLike<number>, at: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) sum += vector[at + i] * matrix[i * n + j] * vector[at + j];
  }
  return sum;
}

function requireSymmetric(argument: string, matrix: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      if (matrix[i * n + j] === matrix[j * n + i]) continue;
      throw new OptionError(`${argument}: expected a symmetric matrix, got another number at [${i}, ${j}] than at [${j}, ${i}]`);
    }
  }
  return matrix;
}
