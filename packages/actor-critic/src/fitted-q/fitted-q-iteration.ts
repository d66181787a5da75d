import type { ActionOf, Space } from "@uphill/envs";
import type { ReplayBuffer } from "@uphill/training";
import { requireKnown } from "../internal/require-known.js";
import { requireMethod } from "../internal/require-method.js";
import type { ActionCode } from "./action-code.js";
import { iterateFits } from "./iterate-fits.js";
import type { Maximizer } from "./maximizer.js";
import type { FittedFunction, Regression } from "./regression.js";

/** What {@link fittedQIteration} takes. */
export interface FittedQOptions<A extends Space = Space> {
  /** The base points (s, a, r, s′), at least one. */
  readonly transitions: ReplayBuffer<A>;
  /** What fits Q to its targets: `networkRegression`, `linearRegression`, `forestRegression`, or one of your own. */
  readonly fit: Regression;
  /**
   * What finds the best actions: of choices `allActions`, `localSearch`, `integerProgramme`; of numbers `gradientAscent`,
   * `boundedLbfgs`; or a smooth maximum.
   */
  readonly maximize: Maximizer;
  /** γ, discount of future rewards, in [0, 1]. Default 0.99. */
  readonly gamma?: number;
  /** It stops where δ is below this, > 0. Default 1e-3. */
  readonly tolerance?: number;
  /** It stops after so many iterations, at least 1. Default 100. */
  readonly maxIterations?: number;
  /** Hears after each iteration of what it has found so far; a promise is waited for. */
  readonly onIteration?: (found: FittedQ<A>) => void | Promise<void>;
  /** Ends it: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The names of {@link FittedQOptions}. */
export const knownFittedQOptions: Readonly<Record<keyof FittedQOptions, true>> = {
  transitions: true,
  fit: true,
  maximize: true,
  gamma: true,
  tolerance: true,
  maxIterations: true,
  onIteration: true,
  signal: true,
};

/** What {@link fittedQIteration} found, at the end or so far. */
export interface FittedQ<A extends Space = Space> {
  /** Q of rows (observation, code of an action). */
  readonly q: FittedFunction;
  /** The codes. */
  readonly code: ActionCode<A>;
  /** Numbers of an observation. */
  readonly observationSize: number;
  /** Fits that were made. */
  readonly iterations: number;
  /** δ of the last one. */
  readonly change: number;
  /** Whether it stopped on δ, and not on the limit. */
  readonly converged: boolean;
  /** The action at which Q(s, ·) is largest, as `maximize` finds it. */
  act(observation: ArrayLike<number>): ActionOf<A>;
  /** V(s), as `maximize` gives it. */
  value(observation: ArrayLike<number>): number;
}

/**
 * Fitted Q-iteration: from Q = 0, fits Q to one step of rewards and the value of what comes after, over and over.
 *
 *     Q ← fit of  r + γ max_a′ Q(s′, a′)   at the base points (s, a),   until  δ < tolerance
 *
 * δ is the change of Q: the largest at any base point where actions are choices; the mean of its size over base points
 * where they are continuous. Termination zeroes what comes after, truncation does not. With `softMaximum(β)` in place of
 * the maximum it solves the smooth Bellman equation, Q = r + γ E[β log Σ exp(Q/β)].
 * (Ernst, Geurts and Wehenkel 2005, figure 1; Antos, Munos and Szepesvári 2008 for continuous actions.)
 *
 * @param options - See {@link FittedQOptions}.
 * @returns Q, its policy, and how it stopped.
 * @throws OptionError for an option that is unknown or out of its range, no transitions, or actions that `maximize` cannot handle;
 *   NumericalError where a loss, a target or a value is not finite, naming the iteration.
 */
export async function fittedQIteration<A extends Space>(options: FittedQOptions<A>): Promise<FittedQ<A>> {
  const { maximize } = requireKnown("options", options, knownFittedQOptions);
  requireMethod("maximize", maximize, "maximize");
  return iterateFits(options, { best: (q, states, code) => maximize.maximize(q, states, code) });
}
