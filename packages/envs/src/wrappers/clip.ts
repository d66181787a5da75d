import { OptionError, requireNumber } from "@uphill/core-math";
import type { EnvironmentDefinition, EnvironmentSource } from "../environment.js";
import { withoutThreshold } from "../internal/without-threshold.js";
import { definitionOf, makeBare } from "../make.js";
import { type Box, box } from "../spaces/box.js";
import type { Space } from "../spaces/space.js";
import { type Layer, wrap, type WrappedEnvironments } from "./wrap.js";

/**
 * The environment with each element of its observations clipped: min(max(x, low), high).
 *
 * @param source - The environment.
 * @param low - Least value.
 * @param high - Greatest value, at least `low`.
 * @throws OptionError where the bounds are no finite numbers in order, or `source` is no source.
 */
export function clipObservation<A extends Space>(
  source: EnvironmentSource<A>,
  low: number,
  high: number,
): EnvironmentDefinition<A> {
  requireBounds(low, high);
  return wrap(source, ({ observationSpace }) => {
    const within = (value: number): number => Math.min(Math.max(value, low), high);
    const { size } = observationSpace;
    return {
      observationSpace: box({
        low: observationSpace.low.map(within),
        high: observationSpace.high.map(within),
        shape: observationSpace.shape,
      }),
      observe(from, to, inner, outer) {
        for (let i = from * size; i < to * size; i++) outer[i] = within(inner[i]);
      },
    };
  });
}

/**
 * The environment with rewards clipped: min(max(r, low), high).
 *
 * @param source - The environment.
 * @param low - Least value.
 * @param high - Greatest value, at least `low`.
 * @throws OptionError where the bounds are no finite numbers in order, or `source` is no source.
 */
export function clipReward<A extends Space>(
  source: EnvironmentSource<A>,
  low: number,
  high: number,
): EnvironmentDefinition<A> {
  requireBounds(low, high);
  const wrapped = wrap(source, ({ count }) => ({
    step({ rewards }) {
      for (let i = 0; i < count; i++) rewards[i] = Math.min(Math.max(rewards[i], low), high);
    },
  }));
  return withoutThreshold(wrapped);
}

/**
 * The environment with actions clipped to its bounds before it sees them, so that a reward which reads the raw action
 * reads the clipped one. The wrapper's own action space has no bounds.
 *
 * @param source - An environment with a box of actions.
 * @throws OptionError where `source` is no source; at `make`, where its actions are discrete.
 */
export function clipAction(source: EnvironmentSource<Box>): EnvironmentDefinition<Box> {
  return wrap<Box>(source, ({ id, count, actionSpace }) => {
    requireBoxActions(id, actionSpace);
    const { low, high, shape, size } = actionSpace;
    const clipped = new Float32Array(count * size);
    return {
      actionSpace: box({ low: -Infinity, high: Infinity, shape }),
      act(actions) {
        for (let i = 0; i < clipped.length; i++) clipped[i] = Math.min(Math.max(actions[i], low[i % size]), high[i % size]);
        return clipped;
      },
    };
  });
}

/**
 * The environment with actions from [low, high] in every element, mapped linearly to its own bounds:
 *
 *     u = lowᵢ + (a − low) (highᵢ − lowᵢ) / (high − low)
 *
 * @param source - An environment with a box of actions, bounded on all sides.
 * @param low - Least value of the wrapper's actions. Default −1.
 * @param high - Greatest value, above `low`. Default 1.
 * @throws OptionError where the bounds are no finite numbers in order, or `source` is no source; at `make`, where its
 *   actions are discrete or not bounded.
 */
export function rescaleAction(source: EnvironmentSource<Box>, low = -1, high = 1): EnvironmentDefinition<Box> {
  requireBounds(low, high);
  if (low === high) throw new OptionError(`high: expected a finite number > ${low}, got ${high}`);
  const rescaled = (actions: ArrayLike<number>, { low: to, high: most, size }: Box, scaled: Float32Array): Float32Array => {
    for (let i = 0; i < scaled.length; i++) {
      const element = i % size;
      scaled[i] = to[element] + ((actions[i] - low) * Math.fround(most[element] - to[element])) / (high - low);
    }
    return scaled;
  };
  const layer = ({ id, count, actionSpace }: WrappedEnvironments<Box>): Layer<Box> => {
    requireBoxActions(id, actionSpace);
    const { shape, size } = actionSpace;
    if (!actionSpace.low.every((bound, i) => Number.isFinite(Math.fround(actionSpace.high[i] - bound)))) {
      throw new OptionError(`actionSpace of ${id}: expected finite bounds to rescale to, got infinite ones`);
    }
    const scaled = new Float32Array(count * size);
    return { actionSpace: box({ low, high, shape }), act: (actions) => rescaled(actions, actionSpace, scaled) };
  };
  let space: Box | undefined;
  return wrap(source, layer, {
    action(given) {
      space ??= makeBare(definitionOf(source)).actionSpace;
      return rescaled(given, space, new Float32Array(space.size));
    },
  });
}

function requireBounds(low: number, high: number): void {
  requireNumber("low", low);
  requireNumber("high", high, { least: low });
}

function requireBoxActions(id: string, space: Space): void {
  if (space.kind !== "box") throw new OptionError(`actionSpace of ${id}: expected a box, got a ${space.kind} space`);
}
