import type { EnvironmentSource, Space } from "@uphill/envs";
import type { GivenOptions, OptionSchema } from "../options/schema.js";
import type { Policy } from "../policy/policy.js";
import type { Report } from "../report/report.js";
import type { StoredTransitions } from "./stored-transitions.js";

/** How long {@link Agent.train} goes on. */
export interface TrainOptions {
  /**
   * Environment steps to take in this call, over all environments: a positive integer, rounded up to a whole step of
   * all of them. It replaces what an interrupted budget has left; where it is left out, that is finished. The steps of an
   * agent that plays nothing and learns from stored transitions are updates.
   */
  readonly steps?: number;
  /** Ends training at the last finished iteration, without an error. */
  readonly signal?: AbortSignal;
}

/**
 * A policy and all that it takes to train it further.
 *
 * Agents share this shape and no code: each algorithm is written out in its own file.
 *
 * @typeParam A - The action space.
 * @typeParam R - The algorithm's reports.
 */
export interface Agent<A extends Space = Space, R extends Report = Report> {
  /** What is learned. */
  readonly policy: Policy<A>;
  /** Environment steps taken so far. */
  readonly steps: number;
  /**
   * Environment steps at which the current budget ends. It is used up where {@link steps} are as many, or a few more:
   * all environments step together.
   */
  readonly targetSteps: number;

  /**
   * Trains, and reports after each iteration.
   *
   * `break` and the signal leave a usable agent at the last finished iteration, and so does an error. The event loop
   * turns at least every 50 ms. Nothing happens before the first report is asked for, errors included.
   *
   * @param options - See {@link TrainOptions}.
   * @returns A report after each iteration.
   * @throws OptionError for a budget that is none; StateError where this agent is training already; NumericalError where
   *   a loss, gradient, reward or observation is not finite, naming it.
   */
  train(options?: TrainOptions): AsyncGenerator<R, void, undefined>;

  /**
   * The state after the last finished iteration, as one `.safetensors` file: weights, optimiser, normalisation,
   * random streams, environments, counters and options. An agent resumed from it goes on to the same bits, where its
   * environments can save their states.
   */
  checkpoint(): Uint8Array<ArrayBuffer>;

  /** Lets go of the environments: the agent trains no further, its policy still plays. */
  close(): void;
}

/**
 * An algorithm as a command line, a form or a page sees it.
 *
 * @typeParam S - Its options.
 */
export interface Algorithm<S extends OptionSchema = OptionSchema> {
  /** Its name, such as `ppo`. */
  readonly name: string;
  /** What it is, in one line. */
  readonly summary: string;
  /** Its options. */
  readonly options: S;
  /** Tuned options by environment. */
  readonly presets: Readonly<Record<string, GivenOptions<S>>>;
  /**
   * A new agent.
   *
   * @param env - The problem.
   * @param options - Any of {@link Algorithm.options}; defaults stand in for the others.
   * @param seed - Fixes the whole run: a non-negative integer.
   * @returns The agent, untrained.
   * @throws OptionError naming what is wrong and what is allowed.
   */
  create(env: EnvironmentSource, options: GivenOptions<S>, seed: number): Agent;
  /**
   * A new agent that plays nothing and learns from stored transitions; of algorithms that can.
   *
   * @param stored - The transitions, and what checkpoints say of where they come from.
   * @param options - Any of {@link Algorithm.options}; what is about playing has no effect.
   * @param seed - Fixes the whole run: a non-negative integer.
   * @returns The agent, untrained; its steps are updates.
   * @throws OptionError naming what is wrong and what is allowed.
   */
  createOffline?(stored: StoredTransitions, options: GivenOptions<S>, seed: number): Agent;
  /**
   * The agent of a checkpoint; it goes on to the same bits as one that never stopped.
   *
   * @param checkpoint - What {@link Agent.checkpoint} gave.
   * @param env - The environment that it was trained on.
   * @returns The agent at the end of its last finished iteration.
   * @throws FormatError where the checkpoint is damaged, or of another algorithm or environment.
   */
  resume(checkpoint: Uint8Array, env: EnvironmentSource): Agent;
}
