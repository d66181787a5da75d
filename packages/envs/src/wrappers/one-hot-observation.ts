import { expectation, OptionError, requireInteger, requireObject } from "@uphill/core-math";
import type { EnvironmentDefinition } from "../environment.js";
import type { FiniteEnvironmentDefinition } from "../finite/finite-environment.js";
import { box } from "../spaces/box.js";
import type { Discrete } from "../spaces/discrete.js";
import { type Layer, wrap } from "./wrap.js";

/**
 * A finite environment with its state as a network takes it: 1 at the state's number and 0 elsewhere, `[S]`. A linear
 * policy of that is a table of states and actions.
 *
 * @param source - An environment with finitely many states, such as `frozenLake`.
 * @throws OptionError where `source` is another environment.
 */
export function oneHotObservation(source: FiniteEnvironmentDefinition): EnvironmentDefinition<Discrete> {
  if (requireObject("env", source)["states"] === undefined) {
    throw new OptionError(expectation("env", "an environment with finitely many states", source));
  }
  const states = requireInteger("env.states", source.states, { least: 1 });
  const layer = (): Layer<Discrete> => ({
    observationSpace: box({ low: 0, high: 1, shape: [states] }),
    observe(from, to, inner, outer) {
      outer.fill(0, from * states, to * states);
      for (let i = from; i < to; i++) outer[i * states + inner[i]] = 1;
    },
  });
  return wrap(source, layer, { observation: (shown) => [Array.prototype.indexOf.call(shown, 1)] });
}
