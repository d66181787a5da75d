import { evaluate, input } from "@uphill/autodiff";
import type { NumericArray, Store, Tensor } from "@uphill/autodiff";
import { BATCH } from "../policy/policy-expressions.js";
import type { LargestDifference } from "./difference.js";

/** Discrete actions as the policy and the file give them. */
export interface Choices {
  /** log p(action), float32 `["batch"]`, of int32 actions `["batch"]` and an input called `observation`. */
  readonly logProbability: (action: Tensor) => Tensor;
  /** float32 `[rows, size]`. */
  readonly observations: Float32Array;
  /** Where variables have their values. */
  readonly store: Store;
  /** Number of actions. */
  readonly n: number;
  /** int32 `[rows]`. */
  readonly policy: ArrayLike<number>;
  /** int32 `[rows]`. */
  readonly file: ArrayLike<number>;
  /** What the parameters' differences are relative to, the largest of each row: float64 `[rows]`. */
  readonly scales: ArrayLike<number>;
}

/**
 * The largest relative difference between discrete actions.
 *
 * Two actions may be equally good but for a rounding, so what counts is how much less probable the file's action is, in
 * nats, relative to the parameters that decide it, or to 1 where they are smaller. An action out of range is infinitely
 * wrong.
 */
export function compareChoices(choices: Choices): LargestDifference {
  const { logProbability, observations, store, n, policy, file, scales } = choices;
  const action = input("action", [BATCH], "int32");
  const output = { value: logProbability(action) };
  const logProbabilities = (actions: ArrayLike<number>): NumericArray =>
    evaluate(output, { observation: observations, action: actions }, store).value as NumericArray;
  const isChoice = (value: number): boolean => value >= 0 && value < n;
  const best = logProbabilities(policy);
  const chosen = logProbabilities(Int32Array.from(file, (value, row) => (isChoice(value) ? value : policy[row])));
  let largest: LargestDifference = { relative: 0, index: 0 };
  for (let row = 0; row < best.length; row++) {
    const relative = isChoice(file[row]) ? (best[row] - chosen[row]) / Math.max(1, scales[row]) : Infinity;
    if (relative > largest.relative) largest = { relative, index: row };
  }
  return largest;
}
