import { concat, constant } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { expectation, OptionError, requireNumber, requireObject, requireString } from "@uphill/core-math";
import { categorical } from "@uphill/distributions";
import { box } from "@uphill/envs";
import type { Discrete } from "@uphill/envs";
import { Policy } from "@uphill/training";
import { requireKnown } from "../internal/require-known.js";
import type { FittedQ } from "./fitted-q-iteration.js";
import type { FittedFunction } from "./regression.js";

/** What {@link boltzmannPolicy} takes. */
export interface BoltzmannPolicySettings {
  /** β > 0: that of the smooth Bellman equation. What the policy plays without exploring does not depend on it. */
  readonly temperature: number;
  /** Name of the environment that the transitions are of, which the policy carries. Default "offline". */
  readonly environmentId?: string;
}

/**
 * The Boltzmann policy of a Q over choices, which solves the smooth Bellman equation, as one that plays and is exported:
 *
 *     π(a | s) = exp(Q(s, a)/β) / Σ exp(Q(s, ·)/β),   whose mode is arg max Q(s, ·)
 *
 * @param fitted - What `fittedQIteration` gave, by a regression that is an expression, as networks and linear functions are.
 * @param settings - See {@link BoltzmannPolicySettings}.
 * @returns The policy, ready to play, to evaluate and to export.
 * @throws OptionError for a setting that is unknown, a temperature that is none, actions that are no choices, or a Q that is no expression.
 */
export function boltzmannPolicy(fitted: FittedQ<Discrete>, settings: BoltzmannPolicySettings): Policy<Discrete> {
  requireObject("fitted", fitted);
  requireKnown("settings", settings, { temperature: true, environmentId: true });
  const { q, code, observationSize } = fitted;
  const temperature = requireNumber("temperature", settings.temperature, { above: 0 });
  const environmentId = requireString("environmentId", settings.environmentId ?? "offline");
  if (code.space.kind !== "discrete") throw new OptionError(`fitted: expected a Q of choices, got one of a ${(code.space as { kind: string }).kind} space`);
  const { store, value } = expressionOf(q);
  const distribution = (observation: Tensor) => {
    const values = Array.from({ length: code.space.n }, (_, action) => {
      const taken = constant(code.encode(Int32Array.of(action)), [1, code.size]).broadcastTo([observation.shape[0], code.size]);
      return value(concat([observation, taken], 1)).reshape([observation.shape[0], 1]);
    });
    return categorical({ logits: concat(values, 1).div(temperature) });
  };
  const observationSpace = box({ low: -Infinity, high: Infinity, shape: [observationSize] });
  return new Policy({ environmentId, algorithm: "fitted-q", observationSpace, actionSpace: code.space, store, distribution });
}

function expressionOf({ expression }: FittedFunction): NonNullable<FittedFunction["expression"]> {
  if (expression !== undefined) return expression;
  throw new OptionError(expectation("fitted.q", "a function that is an expression, as of a network", undefined));
}
