import { expectation, NumericalError, OptionError } from "@uphill/core-math";
import type { EnvironmentDefinition, EnvironmentSource } from "../environment.js";
import { requireObservation } from "../internal/require-answer.js";
import { withoutThreshold } from "../internal/without-threshold.js";
import { Box } from "../spaces/box.js";
import type { ActionOf, ActionsOf, Space } from "../spaces/space.js";
import { type Layer, wrap, type WrappedEnvironments } from "./wrap.js";

/**
 * The environment with each observation passed through a function. It has no drawing and no text: there is no way back.
 *
 * @param source - The environment.
 * @param space - The box of what the function gives.
 * @param transform - From an observation, which it may not keep, to a `Float32Array` of `space.size` finite numbers.
 * @throws OptionError where an argument is of another kind; at `reset` and `step`, OptionError, ShapeError or
 *   NumericalError, naming environment and index, where the function gives something else.
 */
export function transformObservation<A extends Space>(
  source: EnvironmentSource<A>,
  space: Box,
  transform: (observation: Float32Array) => Float32Array,
): EnvironmentDefinition<A> {
  if (!(space instanceof Box)) throw new OptionError(expectation("space", "a box", space));
  requireFunction(transform);
  const layer = ({ id, count, observationSpace: { size } }: WrappedEnvironments<A>): Layer<A> => ({
    observationSpace: space,
    observe(from, to, inner, outer) {
      for (let i = from; i < to; i++) {
        const name = count === 1 ? id : `${id}, environment ${i}`;
        const observation = transform(inner.slice(i * size, (i + 1) * size));
        outer.set(requireObservation(`${name}, as its wrapper gave it`, space, observation), i * space.size);
      }
    },
  });
  return wrap(source, layer, null);
}

/**
 * The environment with each reward passed through a function.
 *
 * @param source - The environment.
 * @param transform - From a reward to a finite number.
 * @throws OptionError where an argument is of another kind; at `step`, NumericalError, naming environment and index,
 *   where the function gives no finite number.
 */
export function transformReward<A extends Space>(
  source: EnvironmentSource<A>,
  transform: (reward: number) => number,
): EnvironmentDefinition<A> {
  requireFunction(transform);
  const wrapped = wrap(source, ({ id, count }) => ({
    step({ rewards }, _, active) {
      for (let i = 0; i < count; i++) {
        if (active?.[i] === 0) continue;
        rewards[i] = transform(rewards[i]);
        if (Number.isFinite(rewards[i])) continue;
        throw new NumericalError(expectation(`reward of ${id}, environment ${i}`, "a finite number", rewards[i]));
      }
    },
  }));
  return withoutThreshold(wrapped);
}

/**
 * The environment with each action passed through a function.
 *
 * @param source - The environment.
 * @param space - The space of the actions that the function takes.
 * @param transform - From an action of `space` to one of the environment; the same for the same.
 * @throws OptionError where an argument is of another kind; at `step`, OptionError, ShapeError or NumericalError, naming
 *   environment and index, where the function gives no action of the environment.
 */
export function transformAction<A extends Space, B extends Space>(
  source: EnvironmentSource<A>,
  space: B,
  transform: (action: ActionOf<B>) => ActionOf<A>,
): EnvironmentDefinition<B> {
  requireFunction(transform);
  const layer = ({ count, actionSpace }: WrappedEnvironments<A>): Layer<A, B> => ({
    actionSpace: space,
    act: (actions) => joined(actionSpace, splitActions(space, actions, count).map(transform)),
  });
  return wrap<A, B>(source, layer, {
    action(given) {
      const action = transform((space.kind === "discrete" ? given[0] : Float32Array.from(given)) as ActionOf<B>);
      return typeof action === "number" ? [action] : action;
    },
  });
}

/** The action of each environment, in arrays of their own. */
function splitActions<B extends Space>(space: B, actions: Int32Array | Float32Array, count: number): ActionOf<B>[] {
  return Array.from({ length: count }, (_, i) => {
    const action = space.kind === "box" ? actions.slice(i * space.size, (i + 1) * space.size) : actions[i];
    return action as ActionOf<B>;
  });
}

/** Actions in one array; what is none becomes NaN or −1, which the check that follows refuses. */
function joined<A extends Space>(space: A, actions: readonly unknown[]): ActionsOf<A> {
  if (space.kind === "discrete") {
    const choices = actions.map((action) => (space.contains(action) ? action : -1));
    return Int32Array.from(choices) as ActionsOf<A>;
  }
  const rows = new Float32Array(actions.length * space.size).fill(Number.NaN);
  actions.forEach((action, i) => {
    if (action instanceof Float32Array && action.length === space.size) rows.set(action, i * space.size);
  });
  return rows as ActionsOf<A>;
}

function requireFunction(transform: unknown): void {
  if (typeof transform !== "function") throw new OptionError(expectation("transform", "a function", transform));
}
