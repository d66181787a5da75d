import { OptionError, type Random } from "@uphill/core-math";
import { finiteMdp, type FiniteMdp } from "@uphill/tabular";
import type { FiniteProblem, Outcome } from "./finite-problem.js";

/** The most transition probabilities that {@link OutcomeTable.mdp} writes out: 256 MiB. */
const MOST_TRANSITIONS = 2 ** 25;

/** A finite problem as flat arrays: the outcomes of a state and action, and the starts, are ranges of them. */
export class OutcomeTable {
  /** Where each outcome leads. */
  readonly next: Int32Array;
  /** What each outcome earns. */
  readonly reward: Float64Array;
  /** 1 for each outcome that ends the episode. */
  readonly terminated: Uint8Array;
  private readonly states: number;
  private readonly actions: number;
  private readonly initial: Float64Array;
  private readonly probability: Float64Array;
  /** Sums of probabilities within the range of each state and action. */
  private readonly cumulative: Float64Array;
  /** The outcomes of pair s·A + a are elements first[s·A + a] … first[s·A + a + 1] − 1. */
  private readonly first: Int32Array;
  private readonly starts: Int32Array;
  private readonly startCumulative: Float64Array;

  constructor(problem: FiniteProblem) {
    this.states = problem.states;
    this.actions = problem.actions;
    const rows = Array.from({ length: this.states * this.actions }, (_, pair) =>
      problem.outcomes(Math.floor(pair / this.actions), pair % this.actions),
    );
    const outcomes = rows.flat();
    this.first = Int32Array.from([0, ...runningSums(rows.map(({ length }) => length))]);
    this.probability = Float64Array.from(outcomes, ({ probability }) => probability);
    this.cumulative = Float64Array.from(rows.flatMap((row) => runningSums(row.map(({ probability }) => probability))));
    this.next = Int32Array.from(outcomes, ({ next }) => next);
    this.reward = Float64Array.from(outcomes, ({ reward }) => reward);
    this.terminated = Uint8Array.from(outcomes, ({ terminated }) => Number(terminated));
    this.initial = Float64Array.from(problem.initial);
    this.starts = Int32Array.from([...this.initial.keys()].filter((state) => this.initial[state] > 0));
    this.startCumulative = Float64Array.from(runningSums(Array.from(this.starts, (state) => this.initial[state])));
  }

  /** Whether a number is one of a state. */
  has(state: number): boolean {
    return Number.isInteger(state) && state >= 0 && state < this.states;
  }

  /** A state to start in. Takes one `random()` from the stream. */
  drawStart(random: Random): number {
    return this.starts[drawn(this.startCumulative, 0, this.starts.length, random.random())];
  }

  /** The index of what follows action `action` in state `state`. Takes one `random()` from the stream. */
  drawOutcome(state: number, action: number, random: Random): number {
    const pair = state * this.actions + action;
    return drawn(this.cumulative, this.first[pair], this.first[pair + 1], random.random());
  }

  /**
   * The problem as a finite Markov decision process: a state in which an episode ends leads to itself with reward 0.
   *
   * @throws OptionError for γ outside [0, 1), or where P would have more than 2²⁵ elements.
   */
  mdp(gamma: number): FiniteMdp {
    const { states, actions, first, next } = this;
    const elements = states * actions * states;
    if (elements > MOST_TRANSITIONS) {
      throw new OptionError(`mdp: expected at most ${MOST_TRANSITIONS} transition probabilities, got ${elements}`);
    }
    const transition = new Float64Array(elements);
    const reward = new Float64Array(states * actions);
    const final = this.finalStates();
    for (let pair = 0; pair < reward.length; pair++) {
      const state = Math.floor(pair / actions);
      if (final.has(state)) transition[pair * states + state] = 1;
      for (let i = first[pair]; i < first[pair + 1] && !final.has(state); i++) {
        transition[pair * states + next[i]] += this.probability[i];
        reward[pair] += this.probability[i] * this.reward[i];
      }
    }
    return finiteMdp({ states, actions, transition, reward, initial: this.initial, gamma });
  }

  private finalStates(): ReadonlySet<number> {
    return new Set(this.next.filter((_, i) => this.terminated[i] === 1));
  }
}

/** The outcomes as flat numbers, for tables to be compared: probability, next state, reward, terminated, and so on. */
export function flattened(outcomes: readonly Outcome[]): readonly number[] {
  return outcomes.flatMap(({ probability, next, reward, terminated }) => [
    probability,
    next,
    reward,
    Number(terminated),
  ]);
}

/** The first index in [from, to) whose sum exceeds `u`; `from` where rounding left the last sum below it. */
function drawn(cumulative: Float64Array, from: number, to: number, u: number): number {
  for (let i = from; i < to; i++) if (cumulative[i] > u) return i;
  return from;
}

function runningSums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}
