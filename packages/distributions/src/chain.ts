import type { Tensor } from "@uphill/autodiff";
import { OptionError, expectation } from "@uphill/core-math";
import type { Bijector, Transformed } from "./bijector.js";
import type { Support } from "./support.js";

/**
 * Bijectors one after the other, the first one first: y = fₙ(… f₂(f₁(x))); log-determinants add up.
 *
 * Its parameters are called `0/weight`, `1/weight` … after the bijectors' places.
 *
 * @param bijectors - At least one.
 * @throws OptionError for what is no list of bijectors.
 */
export function chain(bijectors: readonly Bijector[]): Bijector {
  if (!Array.isArray(bijectors) || bijectors.length === 0) {
    throw new OptionError(expectation("chain bijectors", "an array of at least one bijector", bijectors));
  }
  bijectors.forEach((bijector: Bijector, index) => {
    if (typeof bijector?.forward === "function" && typeof bijector.inverse === "function") return;
    throw new OptionError(expectation(`chain bijectors[${index}]`, "a bijector", bijector));
  });
  return new Chain(bijectors);
}

/** A {@link chain} of bijectors. */
class Chain implements Bijector {
  readonly parameters: Readonly<Record<string, Tensor>>;
  readonly range: Support;
  readonly #bijectors: readonly Bijector[];

  /** @internal Use {@link chain}. */
  constructor(bijectors: readonly Bijector[]) {
    this.#bijectors = bijectors;
    this.range = bijectors.at(-1)!.range;
    this.parameters = Object.fromEntries(
      bijectors.flatMap(({ parameters }, index) =>
        Object.entries(parameters).map(([name, parameter]) => [`${index}/${name}`, parameter]),
      ),
    );
  }

  forward(x: Tensor): Transformed {
    return composed(x, this.#bijectors, (bijector, value) => bijector.forward(value));
  }

  inverse(y: Tensor): Transformed {
    return composed(y, this.#bijectors.toReversed(), (bijector, value) => bijector.inverse(value));
  }

  withParameters(parameters: Readonly<Record<string, Tensor>>): Chain {
    return new Chain(
      this.#bijectors.map((bijector, index) => {
        const names = Object.keys(bijector.parameters);
        return bijector.withParameters(Object.fromEntries(names.map((name) => [name, parameters[`${index}/${name}`]])));
      }),
    );
  }
}

function composed(
  start: Tensor,
  bijectors: readonly Bijector[],
  apply: (bijector: Bijector, value: Tensor) => Transformed,
): Transformed {
  const [first, ...others] = bijectors;
  return others.reduce<Transformed>(({ value, logDeterminant }, bijector) => {
    const next = apply(bijector, value);
    return { value: next.value, logDeterminant: logDeterminant.add(next.logDeterminant) };
  }, apply(first, start));
}
