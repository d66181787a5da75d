import { expectation, NumericalError, OptionError } from "@uphill/core-math";
import type { EnvironmentDefinition, EnvironmentSource } from "../environment.js";
import { requireObservation } from "../internal/require-answer.js";
import { withoutThreshold } from "../internal/without-threshold.js";
import { Box } from "../spaces/box.js";
import { actionAt, emptyActions, joinedActions } from "../spaces/actions-of.js";
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
    act(actions) {
      const transformed = (_: unknown, i: number) => checkable(actionSpace, transform(actionAt(space, actions, i)));
      return joinedActions(actionSpace, Array.from({ length: count }, transformed));
    },
  });
  return wrap<A, B>(source, layer, {
    action(given) {
      const actions = emptyActions(space, 1);
      actions.set(given);
      const action = transform(actionAt(space, actions, 0));
      return typeof action === "number" ? [action] : action;
    },
  });
}

/** What a transform gave; where that is no action, one that the check which follows refuses. */
function checkable<A extends Space>(space: A, action: unknown): ActionOf<A> {
  const wrong = emptyActions(space, 1).fill(space.kind === "box" ? Number.NaN : -1) as ActionsOf<A>;
  const fits = space.kind === "box" ? action instanceof Float32Array && action.length === space.size : space.contains(action);
  return (fits ? action : actionAt(space, wrong, 0)) as ActionOf<A>;
}

function requireFunction(transform: unknown): void {
  if (typeof transform !== "function") throw new OptionError(expectation("transform", "a function", transform));
}
