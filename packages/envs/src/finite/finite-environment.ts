import { expectation, FormatError, type Random } from "@uphill/core-math";
import type { FiniteMdp } from "@uphill/tabular";
import { type Dynamics, environmentFromDynamics } from "../dynamics.js";
import type { EnvironmentDefinition, StepResults } from "../environment.js";
import { box } from "../spaces/box.js";
import { discrete, type Discrete } from "../spaces/discrete.js";
import type { FiniteProblem } from "./finite-problem.js";
import { OutcomeTable } from "./outcome-table.js";

/** An environment with finitely many states, which it shows: an observation is the state's number, `[1]`. */
export interface FiniteEnvironmentDefinition extends EnvironmentDefinition<Discrete> {
  /** |S|: observations are 0 … states − 1. */
  readonly states: number;

  /**
   * The problem as a finite Markov decision process, with the same states and actions and the explicit P and r.
   *
   * A state in which an episode ends leads to itself with reward 0, whatever the environment would do from there.
   *
   * @param gamma - γ in [0, 1).
   * @throws OptionError for any other γ, or where P would have more than 2²⁵ elements.
   */
  mdp(gamma: number): FiniteMdp;
}

/** What a finite environment is besides its problem: the parts of its definition that have these names. */
export type FiniteEnvironmentTraits = Pick<
  EnvironmentDefinition<Discrete>,
  "id" | "maxEpisodeSteps" | "rewardThreshold" | "drawing" | "text"
>;

/** The environment that plays a finite problem, one and many at a time. */
export function finiteEnvironment(traits: FiniteEnvironmentTraits, problem: FiniteProblem): FiniteEnvironmentDefinition {
  const { states, actions } = problem;
  const table = new OutcomeTable(problem);
  const environment = environmentFromDynamics({
    ...traits,
    observationSpace: box({ low: 0, high: states - 1 }),
    actionSpace: discrete(actions),
    dynamics: (count) => new OutcomeDynamics(table, count),
  });
  return { ...environment, states, mdp: (gamma) => table.mdp(gamma) };
}

/** N players of one table. Each draw is one `random()`, in the order of Gymnasium's. */
class OutcomeDynamics implements Dynamics<Discrete> {
  readonly state: readonly [Float64Array];

  constructor(
    private readonly table: OutcomeTable,
    private readonly count: number,
  ) {
    this.state = [new Float64Array(count)];
  }

  reset(index: number, random: Random): void {
    this.state[0][index] = this.table.drawStart(random);
  }

  observe(index: number, observations: Float32Array): void {
    const state = this.state[0][index];
    if (!this.table.has(state)) throw new FormatError(expectation("state", "a saved state of this environment", state));
    observations[index] = state;
  }

  advance(
    actions: Int32Array,
    { observations, rewards, terminated, truncated }: StepResults,
    streams: readonly Random[],
  ): void {
    const { table } = this;
    const [state] = this.state;
    for (let i = 0; i < this.count; i++) {
      const outcome = table.drawOutcome(state[i], actions[i], streams[i]);
      state[i] = table.next[outcome];
      observations[i] = state[i];
      rewards[i] = table.reward[outcome];
      terminated[i] = table.terminated[outcome];
      truncated[i] = 0;
    }
  }
}
