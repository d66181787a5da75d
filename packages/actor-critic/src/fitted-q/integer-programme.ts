import { expectation, NumericalError, OptionError, requireArray } from "@uphill/core-math";
import { requireKnown } from "../internal/require-known.js";
import type { ActionCode } from "./action-code.js";
import { requireConstraints } from "./linear-constraint.js";
import type { LinearConstraint } from "./linear-constraint.js";
import { rowsOf } from "./maximizer.js";
import type { Maximizer, Maximum, States } from "./maximizer.js";
import type { FittedFunction } from "./regression.js";

/** What a solver is given: maximise Σᵢ objectiveᵢ xᵢ over x in {0, 1}ⁿ under the constraints. */
export interface BinaryProgramme {
  /** `[n]`. */
  readonly objective: Float64Array;
  /** Those of the action set, and that each choice takes one option. */
  readonly constraints: readonly LinearConstraint[];
}

/** How {@link integerProgramme} solves. */
export interface IntegerProgrammeOptions {
  /**
   * A library's solver.
   *
   * @param programme - See {@link BinaryProgramme}.
   * @returns x, `[n]`; null where no x meets the constraints.
   */
  readonly solve: (programme: BinaryProgramme) => ArrayLike<number> | null;
  /** What actions have to meet. None where left out. */
  readonly constraints?: readonly LinearConstraint[];
}

/**
 * max_a Q(s, a) over choices or bits by an integer programme, one a state, where Q is linear in the action's code x:
 *
 *     max Σᵢ cᵢ xᵢ   with   cᵢ = Q(s, x⁰ + eᵢ) − Q(s, x⁰),   x in {0, 1}ⁿ,   one option of each choice,   the constraints
 *
 * where x⁰ takes the first option of every choice, eᵢ changes one of them, and a first option has c = 0. `linearRegression`
 * fits such a Q; its `features` may multiply the code with anything of the state.
 *
 * @param options - See {@link IntegerProgrammeOptions}.
 * @throws OptionError for an option that is unknown, constraints that are none, that no action meets, a box, or a Q that is not linear in the code;
 *   NumericalError where a solver's x has other numbers than 0 and 1.
 */
export function integerProgramme(options: IntegerProgrammeOptions): Maximizer {
  const { solve, constraints = [] } = requireKnown("options", options, { solve: true, constraints: true });
  if (typeof solve !== "function") throw new OptionError(expectation("solve", "a function that solves a programme", solve));
  return {
    maximize(q, states, code) {
      if (code.counts.length === 0) throw new OptionError("maximize: expected choices for an integer programme, got a box");
      requireConstraints(constraints, code.size);
      const all = [...constraints, ...oneOptionEach(code)];
      const { objectives, bases } = linearParts(q, states, code);
      const codes = new Float32Array(states.count * code.size);
      const expected = bases.map((base, state) => {
        const objective = objectives.subarray(state * code.size, (state + 1) * code.size);
        const x = binary(solve({ objective, constraints: all }), code.size);
        codes.set(x, state * code.size);
        return x.reduce((sum, chosen, i) => sum + chosen * objective[i], base);
      });
      return confirmed(q, states, code, codes, expected);
    },
  };
}

/** One option of each choice; bits are free. */
function oneOptionEach({ space, counts, size }: ActionCode): readonly LinearConstraint[] {
  if (space.kind === "multi-binary") return [];
  let start = 0;
  return counts.map((count) => {
    const weights = new Float64Array(size).fill(1, start, start + count);
    start += count;
    return { weights, least: 1, most: 1 };
  });
}

/** c of each state, and Q at its x⁰. */
function linearParts(q: FittedFunction, states: States, code: ActionCode) {
  const changes = code.counts.flatMap((count, k) => Array.from({ length: count - 1 }, (_, option) => ({ k, option: option + 1 })));
  const each = changes.length + 1;
  const rows = rowsOf(states, code.size, each, (target, start, _, index) => {
    const change = index === 0 ? undefined : changes[index - 1];
    code.write(target, start, (k) => (k === change?.k ? change.option : 0));
  });
  const values = q.predict(rows);
  const places = placesOf(code);
  const objectives = new Float64Array(states.count * code.size);
  const bases = Float64Array.from({ length: states.count }, (_, state) => values[state * each]);
  bases.forEach((base, state) => {
    changes.forEach(({ k, option }, index) => (objectives[state * code.size + places(k, option)] = values[state * each + index + 1] - base));
  });
  return { objectives, bases };
}

/** Where in a code an option of a choice is. */
function placesOf({ space, counts }: ActionCode): (k: number, option: number) => number {
  if (space.kind === "multi-binary") return (k) => k;
  const starts = counts.map((_, k) => counts.slice(0, k).reduce((sum, count) => sum + count, 0));
  return (k, option) => starts[k] + option;
}

/** A solver's x, whose numbers are 0 and 1 but for rounding. */
function binary(x: ArrayLike<number> | null, size: number): Float32Array {
  if (x === null) throw new OptionError("maximize: expected constraints that some action meets, got none that does");
  return Float32Array.from(requireArray("solve", x, size), (value, i) => {
    if (Math.abs(value - Math.round(value)) < 1e-6 && value > -0.5 && value < 1.5) return Math.round(value);
    throw new NumericalError(expectation(`solve: element ${i}`, "0 or 1", value));
  });
}

/** Q at the actions that were found; where it is another than the programme has it, it is not linear. */
function confirmed(q: FittedFunction, states: States, code: ActionCode, codes: Float32Array, expected: Float64Array): Maximum {
  const rows = rowsOf(states, code.size, 1, (target, start, state) => {
    for (let i = 0; i < code.size; i++) target[start + i] = codes[state * code.size + i];
  });
  const values = q.predict(rows);
  values.forEach((value, state) => {
    if (Math.abs(value - expected[state]) <= 1e-4 * (1 + Math.abs(value))) return;
    throw new OptionError(
      `maximize: expected a Q that is linear in the action's code, got one that is ${value} where a linear one is ${expected[state]}`,
    );
  });
  return { values, codes };
}
