import { expectation, OptionError, requireArray } from "@uphill/core-math";
import { requireMethod } from "../internal/require-method.js";
import type { Regression } from "./regression.js";

/** A regression forest, or a tree, of a library, such as `RandomForestRegression` of ml-random-forest. */
export interface Forest {
  /** Grows it: rows `[n][width]`, targets `[n]`. */
  train(rows: number[][], targets: number[]): void;
  /** Its values at rows, `[n]`. */
  predict(rows: number[][]): ArrayLike<number>;
}

/**
 * A forest of a library as a regression. Each fit grows a new one:
 *
 *     forestRegression(() => new RandomForestRegression({ nEstimators: 20, noOOB: true }))
 *
 * Forests are constant between their thresholds: they have no derivatives, and take `allActions`, `localSearch` or
 * `sampledSoftMaximum`. (Ernst, Geurts and Wehenkel 2005, section 4, whose trees are more random than bagged ones.)
 *
 * @param create - Makes a forest that nothing was fitted to.
 * @returns A regression.
 * @throws OptionError where `create` is no function that makes a forest; by the fitted function, ShapeError where the forest gives another
 *   number of values than it was asked for.
 */
export function forestRegression(create: () => Forest): Regression {
  if (typeof create !== "function") throw new OptionError(expectation("create", "a function that makes a forest", create));
  return {
    fit(inputs, targets, width) {
      const forest = create();
      requireMethod("create()", forest, "train");
      forest.train(listsOf(inputs, width), [...targets]);
      return {
        predict(rows) {
          return Float64Array.from(requireArray("forest.predict", forest.predict(listsOf(rows, width)), rows.length / width));
        },
      };
    },
  };
}

function listsOf(rows: Float32Array, width: number): number[][] {
  return Array.from({ length: rows.length / width }, (_, n) => [...rows.subarray(n * width, (n + 1) * width)]);
}
