import { NumericalError, requireArray, requireInteger, requireNumber } from "@uphill/core-math";
import type { Space } from "@uphill/envs";
import { EventLoopPacer, requireSignal } from "@uphill/training";
import { requireCallback } from "../internal/require-callback.js";
import { requireMethod } from "../internal/require-method.js";
import { ActionCode } from "./action-code.js";
import { basePoints, requireFinite } from "./base-points.js";
import type { FittedQ, FittedQOptions } from "./fitted-q-iteration.js";
import type { Maximum, States } from "./maximizer.js";
import type { FittedFunction, Regression } from "./regression.js";

/** What kinds of fitted Q-iteration differ in. */
export interface Greedy<A extends Space> {
  /** Values and actions that Q has in states. */
  best(q: FittedFunction, states: States, code: ActionCode<A>): Maximum;
  /** Hears of each new Q and of the base points' states, before anything is asked. */
  follow?(q: FittedFunction, states: States, code: ActionCode<A>): Promise<void>;
}

/** Fits Q to one step of rewards and the value of what comes after, until δ is below the tolerance, or the limit. */
export async function iterateFits<A extends Space>(options: Omit<FittedQOptions<A>, "maximize">, greedy: Greedy<A>): Promise<FittedQ<A>> {
  const { transitions, fit, onIteration } = options;
  requireMethod("transitions", transitions, "gather");
  requireMethod("fit", fit, "fit");
  const gamma = requireNumber("gamma", options.gamma ?? 0.99, { least: 0, most: 1 });
  const tolerance = requireNumber("tolerance", options.tolerance ?? 1e-3, { above: 0 });
  const maxIterations = requireInteger("maxIterations", options.maxIterations ?? 100, { least: 1 });
  const signal = requireSignal("signal", options.signal);
  requireCallback("onIteration", onIteration);
  const code = new ActionCode(transitions.actionSpace);
  const { batch, rows, width, states, nextStates } = basePoints(transitions, code, gamma);
  const pacer = new EventLoopPacer();
  // Q is 0 at first, and so is what comes after.
  let before: Float64Array = new Float64Array(batch.size);
  let future = before;
  for (let iteration = 1; ; iteration++) {
    const targets = future.map((value, n) => batch.rewards[n] + batch.discounts[n] * value);
    const q = await fitTo(fit, rows, requireFinite("fitted Q", "target", targets, iteration), width, iteration);
    signal?.throwIfAborted();
    const predicted = requireArray("fit: values of the base points", q.predict(rows), batch.size);
    const after = requireFinite("fitted Q", "value", predicted, iteration);
    await greedy.follow?.(q, states, code);
    const change = changeBetween(before, after, code.counts.length > 0);
    const found = foundSoFar(q, code, greedy, transitions.observationSize, { iterations: iteration, change, converged: change < tolerance });
    await onIteration?.(found);
    if (found.converged || iteration === maxIterations) return found;
    before = after;
    future = greedy.best(q, nextStates, code).values;
    if (pacer.due) await pacer.turn();
    signal?.throwIfAborted();
  }
}

/** A fit that says in which iteration it went wrong. */
async function fitTo(fit: Regression, rows: Float32Array, targets: Float64Array, width: number, iteration: number): Promise<FittedFunction> {
  try {
    return await fit.fit(rows, targets, width);
  } catch (cause) {
    if (!(cause instanceof NumericalError)) throw cause;
    throw new NumericalError(`${cause.message} in iteration ${iteration}`, { cause });
  }
}

function foundSoFar<A extends Space>(
  q: FittedFunction,
  code: ActionCode<A>,
  greedy: Greedy<A>,
  observationSize: number,
  ending: Pick<FittedQ, "iterations" | "change" | "converged">,
): FittedQ<A> {
  const best = (observation: ArrayLike<number>): Maximum => {
    const observations = Float32Array.from(requireArray("observation", observation, observationSize));
    return greedy.best(q, { observations, count: 1, observationSize }, code);
  };
  const act = (observation: ArrayLike<number>) => code.decode(best(observation).codes);
  const value = (observation: ArrayLike<number>) => best(observation).values[0];
  return { q, code, observationSize, ...ending, act, value };
}

/** δ: the largest change, or the mean of its size. */
function changeBetween(before: Float64Array, after: Float64Array, largest: boolean): number {
  const sizes = after.map((value, n) => Math.abs(value - before[n]));
  return largest ? sizes.reduce((most, size) => Math.max(most, size), 0) : sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
}
