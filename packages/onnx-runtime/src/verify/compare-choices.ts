import { evaluate, input } from "@uphill/autodiff";
import type { NumericArray, Store, Tensor } from "@uphill/autodiff";
import { actionsShape } from "../policy/policy-expressions.js";
import type { Box, Space } from "@uphill/envs";
import type { LargestDifference } from "./difference.js";

/** Choices as the policy and the file give them. */
export interface Choices {
  /** log p(action), float32 `["batch"]`, of int32 actions `["batch"]` or `["batch", size]` and an input `observation`. */
  readonly logProbability: (action: Tensor) => Tensor;
  /** float32 `[rows, size]`. */
  readonly observations: Float32Array;
  /** Where variables have their values. */
  readonly store: Store;
  /** One choice or several. */
  readonly actionSpace: Exclude<Space, Box>;
  /** int32 `[rows, size]`. */
  readonly policy: ArrayLike<number>;
  /** int32 `[rows, size]`. */
  readonly file: ArrayLike<number>;
  /** What the parameters' differences are relative to, the largest of each row: float64 `[rows]`. */
  readonly scales: ArrayLike<number>;
}

/**
 * The largest relative difference between actions that are choices.
 *
 * Two actions may be equally good but for a rounding, so what counts is how much less probable the file's action is, in
 * nats, relative to the parameters that decide it, or to 1 where they are smaller. An action out of range is infinitely
 * wrong.
 */
export function compareChoices(choices: Choices): LargestDifference {
  const { logProbability, observations, store, actionSpace, policy, file, scales } = choices;
  const { size } = actionSpace;
  const counts = actionSpace.kind === "discrete" ? [actionSpace.n] : actionSpace.counts;
  const action = input("action", actionsShape(actionSpace), "int32");
  const output = { value: logProbability(action) };
  const logProbabilities = (actions: ArrayLike<number>): NumericArray =>
    evaluate(output, { observation: observations, action: actions }, store).value as NumericArray;
  const isChoice = (row: number): boolean =>
    counts.every((count, axis) => file[row * size + axis] >= 0 && file[row * size + axis] < count);
  const best = logProbabilities(policy);
  const chosen = logProbabilities(Int32Array.from(file, (value, i) => (isChoice(Math.floor(i / size)) ? value : policy[i])));
  let largest: LargestDifference = { relative: 0, index: 0 };
  for (let row = 0; row < best.length; row++) {
    const relative = isChoice(row) ? (best[row] - chosen[row]) / Math.max(1, scales[row]) : Infinity;
    if (relative > largest.relative) largest = { relative, index: row * size };
  }
  return largest;
}
