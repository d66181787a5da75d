import { NumericalError, requireArray, requireInteger, requireNumber, requireObject } from "@uphill/core-math";
import type { ActionOf, Space } from "@uphill/envs";
import { EventLoopPacer, requireSignal } from "@uphill/training";
import type { ReplayBuffer } from "@uphill/training";
import { ActionCode } from "./action-code.js";
import { basePoints } from "./base-points.js";
import type { BasePoints } from "./base-points.js";
import type { Maximizer } from "./maximizer.js";
import type { FittedFunction, Regression } from "./regression.js";

/** What {@link fittedQIteration} takes. */
export interface FittedQOptions<A extends Space = Space> {
  /** The base points (s, a, r, s′), at least one. */
  readonly transitions: ReplayBuffer<A>;
  /** What fits Q to its targets: `networkRegression`, `linearRegression`, or one of your own around a library. */
  readonly fit: Regression;
  /** What finds the best actions: `allActions`, `gradientAscent`, `boundedLbfgs`, `localSearch`; or a smooth maximum. */
  readonly maximize: Maximizer;
  /** γ, discount of future rewards, in [0, 1]. Default 0.99. */
  readonly gamma?: number;
  /** It stops where δ is below this, > 0. Default 1e-3. */
  readonly tolerance?: number;
  /** It stops after so many iterations, at least 1. Default 100. */
  readonly maxIterations?: number;
  /** Hears of each iteration: its number, from 1, and its δ. */
  readonly onIteration?: (iteration: number, change: number) => void;
  /** Ends it: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What {@link fittedQIteration} found. */
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
 * @throws OptionError for an option out of its range, no transitions, or actions that `maximize` cannot handle;
 *   NumericalError where a target is not finite, naming the iteration.
 */
export async function fittedQIteration<A extends Space>(options: FittedQOptions<A>): Promise<FittedQ<A>> {
  requireObject("options", options);
  const { transitions, fit, maximize, onIteration } = options;
  const gamma = requireNumber("gamma", options.gamma ?? 0.99, { least: 0, most: 1 });
  const tolerance = requireNumber("tolerance", options.tolerance ?? 1e-3, { above: 0 });
  const maxIterations = requireInteger("maxIterations", options.maxIterations ?? 100, { least: 1 });
  const signal = requireSignal("signal", options.signal);
  const code = new ActionCode(transitions.actionSpace);
  const points = basePoints(transitions, code, gamma);
  const pacer = new EventLoopPacer();
  let q: FittedFunction = { predict: (rows) => new Float64Array(rows.length / points.width) };
  let [iterations, change] = [0, Infinity];
  while (iterations < maxIterations && !(change < tolerance)) {
    iterations++;
    const before = q;
    const future = iterations === 1 ? null : maximize.maximize(q, points.nextStates, code).values;
    q = await fit.fit(points.rows, targetsOf(points, future, iterations), points.width);
    change = changeBetween(before, q, points, code.counts.length > 0);
    onIteration?.(iterations, change);
    if (pacer.due) await pacer.turn();
    signal?.throwIfAborted();
  }
  const best = (observation: ArrayLike<number>) => {
    const { observationSize } = transitions;
    const observations = Float32Array.from(requireArray("observation", observation, observationSize));
    return maximize.maximize(q, { observations, count: 1, observationSize }, code);
  };
  return {
    q,
    code,
    observationSize: transitions.observationSize,
    iterations,
    change,
    converged: change < tolerance,
    act: (observation) => code.decode(best(observation).codes),
    value: (observation) => best(observation).values[0],
  };
}

/** r + γ V(s′); r alone before there is a Q. */
function targetsOf({ batch }: BasePoints, future: Float64Array | null, iteration: number): Float64Array {
  return Float64Array.from(batch.rewards, (reward, n) => {
    const target = future === null ? reward : reward + batch.discounts[n] * future[n];
    if (Number.isFinite(target)) return target;
    throw new NumericalError(`fitted Q: expected a finite target, got ${target} at base point ${n} in iteration ${iteration}`);
  });
}

function changeBetween(before: FittedFunction, after: FittedFunction, { rows }: BasePoints, largest: boolean): number {
  const [old, now] = [before.predict(rows), after.predict(rows)];
  let [most, sum] = [0, 0];
  for (let n = 0; n < now.length; n++) {
    const size = Math.abs(now[n] - old[n]);
    most = Math.max(most, size);
    sum += size;
  }
  return largest ? most : sum / now.length;
}
