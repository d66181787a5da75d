import { NumericalError } from "@uphill/core-math";

/**
 * What ended training, where an update was refused.
 *
 * @param algorithm - Its name.
 * @param names - What is watched.
 * @param read - Gives the value of a name; those that are not finite are named.
 * @param steps - Environment steps before the iteration.
 */
export function divergenceError<Name extends string>(
  algorithm: string,
  names: readonly Name[],
  read: (name: Name) => number,
  steps: number,
): NumericalError {
  const wrong = names.filter((name) => !Number.isFinite(read(name))).map((name) => `${name} ${read(name)}`);
  return new NumericalError(
    `${algorithm}: expected finite losses and gradients, got ${wrong.join(", ")} in the iteration after step ${steps}; ` +
      "the weights of that step are kept",
  );
}
