import { minimizeLbfgs, OptionError, Random, requireInteger, requireNumber } from "@uphill/core-math";
import { requireKnown } from "../internal/require-known.js";
import type { ActionCode } from "./action-code.js";
import { bestOf, rowsOf } from "./maximizer.js";
import type { Maximizer, States } from "./maximizer.js";
import type { FittedFunction } from "./regression.js";

/** From where continuous actions are climbed to. */
export interface StartOptions {
  /** Random starts in each state beside the middle of the bounds, at least 0. Default 3. */
  readonly starts?: number;
  /** Fixes them. Default 0. */
  readonly seed?: number;
}

/** How {@link gradientAscent} climbs. */
export interface GradientAscentOptions extends StartOptions {
  /** Steps from each start. Default 30. */
  readonly steps?: number;
  /** Length of a step on the scale of the bounds, ±1; it is halved where the gradient's sign turns. Default 0.3. */
  readonly stepSize?: number;
}

/**
 * max_a Q(s, a) over a box by projected gradient ascent from several starts, all states at once. A step has a length of
 * its own in each coordinate's direction, sign(∂Q/∂a), which shrinks where the sign turns: the scale of Q does not matter.
 * (Riedmiller and Braun 1993, Rprop, with clipping to the bounds.)
 *
 * @param options - See {@link GradientAscentOptions}.
 * @throws OptionError for an option that is unknown or out of its range.
 */
export function gradientAscent(options: GradientAscentOptions = {}): Maximizer {
  requireKnown("options", options, { starts: true, seed: true, steps: true, stepSize: true });
  const steps = requireInteger("steps", options.steps ?? 30, { least: 1 });
  const stepSize = requireNumber("stepSize", options.stepSize ?? 0.3, { above: 0, most: 2 });
  const start = starting(options);
  return {
    maximize(q, states, code) {
      const differentiate = requireDerivatives(q, code);
      const { rows, each } = start(states, code);
      const width = states.observationSize + code.size;
      const lengths = new Float64Array(rows.length).fill(stepSize);
      const signs = new Int8Array(rows.length);
      for (let k = 0; k < steps; k++) {
        const { gradients } = differentiate(rows);
        for (let i = 0; i < rows.length; i++) {
          if (i % width < states.observationSize) continue;
          const sign = Math.sign(gradients[i]);
          if (sign * signs[i] < 0) lengths[i] *= 0.5;
          signs[i] = sign;
          rows[i] = Math.min(Math.max(rows[i] + sign * lengths[i], -1), 1);
        }
      }
      return bestOf(rows, q.predict(rows), states, each);
    },
  };
}

/**
 * max_a Q(s, a) over a box by bounded L-BFGS from several starts, one state after the other.
 *
 * @param options - See {@link StartOptions}.
 * @throws OptionError for an option that is unknown or out of its range.
 */
export function boundedLbfgs(options: StartOptions = {}): Maximizer {
  requireKnown("options", options, { starts: true, seed: true });
  const start = starting(options);
  return {
    maximize(q, states, code) {
      const differentiate = requireDerivatives(q, code);
      const { rows, each } = start(states, code);
      const { observationSize: size } = states;
      const width = size + code.size;
      const values = new Float64Array(states.count * each);
      for (let n = 0; n < values.length; n++) {
        const row = rows.slice(n * width, (n + 1) * width);
        const climb = (x: Float64Array, gradient: Float64Array): number => {
          row.set(x, size);
          const at = differentiate(row);
          for (let k = 0; k < code.size; k++) gradient[k] = -at.gradients[size + k];
          return -at.values[0];
        };
        const bounds = { lower: -1, upper: 1, gradientTolerance: 1e-5, maxIterations: 50 };
        const top = minimizeLbfgs(climb, row.slice(size), bounds);
        rows.set(top.x, n * width + size);
        values[n] = -top.value;
      }
      return bestOf(rows, values, states, each);
    },
  };
}

/** Rows of the middle of the bounds and random points, in each state. */
function starting({ starts = 3, seed = 0 }: StartOptions) {
  requireInteger("starts", starts, { least: 0 });
  const random = new Random(requireInteger("seed", seed, { least: 0 }));
  return (states: States, code: ActionCode) => {
    const rows = rowsOf(states, code.size, starts + 1, (target, at, _, index) => {
      if (index === 0) return;
      for (let k = 0; k < code.size; k++) target[at + k] = random.uniform(-1, 1);
    });
    return { rows, each: starts + 1 };
  };
}

function requireDerivatives(q: FittedFunction, { space }: ActionCode): NonNullable<FittedFunction["differentiate"]> {
  if (space.kind !== "box") throw new OptionError(`maximize: expected continuous actions to climb over, got a ${space.kind} space`);
  if (q.differentiate === undefined) throw new OptionError("maximize: expected a fitted function with derivatives, got one without");
  return (rows) => q.differentiate!(rows);
}
