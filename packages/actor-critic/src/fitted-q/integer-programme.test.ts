import { NumericalError, OptionError, ShapeError } from "@uphill/core-math";
import { box, discrete, multiBinary, multiDiscrete } from "@uphill/envs";
import fc from "fast-check";
import { solve as solveYalps } from "yalps";
import { describe, expect, test } from "vitest";
import { ActionCode, integerProgramme, localSearch } from "../index.js";
import type { BinaryProgramme, FittedFunction, LinearConstraint } from "../index.js";

/** The library's solver, as the README has it. */
function solve({ objective, constraints }: BinaryProgramme): Float64Array | null {
  const variables = Array.from(objective, (worth, i) => {
    const weights = constraints.map(({ weights: all }, k) => [`c${k}`, all[i]] as const);
    return [i, new Map([["worth", worth], ...weights])] as const;
  });
  const bounds = constraints.map(({ least, most }, k) => [`c${k}`, { min: least, max: most }] as const);
  const solution = solveYalps({ objective: "worth", constraints: new Map(bounds), variables, binaries: true }, { precision: 1e-9, tolerance: 0 });
  if (solution.status !== "optimal") return null;
  const x = new Float64Array(objective.length);
  for (const [i, value] of solution.variables) x[i] = value;
  return x;
}

/** Q = Σ wᵢ xᵢ (1 + s) + s of rows (s, code). */
function linearQ(weights: readonly number[]): FittedFunction {
  return {
    predict: (rows) =>
      Float64Array.from({ length: rows.length / (weights.length + 1) }, (_, n) => {
        const [s, ...code] = rows.subarray(n * (weights.length + 1), (n + 1) * (weights.length + 1));
        return s + (1 + s) * code.reduce((sum, x, i) => sum + x * weights[i], 0);
      }),
  };
}

const states = { observations: Float32Array.of(0.5, -2), count: 2, observationSize: 1 };

/** All codes that meet the constraints. */
function allowed(code: ActionCode, constraints: readonly LinearConstraint[]): Float32Array[] {
  const choices = code.counts.reduce<number[][]>((some, count) => some.flatMap((one) => Array.from({ length: count }, (_, k) => [...one, k])), [[]]);
  const codes = choices.map((choice) => {
    const written = new Float32Array(code.size);
    code.write(written, 0, (k) => choice[k]);
    return written;
  });
  return codes.filter((x) =>
    constraints.every(({ weights, least = -Infinity, most = Infinity }) => {
      const sum = x.reduce((total, bit, i) => total + bit * weights[i], 0);
      return sum >= least - 1e-9 && sum <= most + 1e-9;
    }),
  );
}

function bruteForce(q: FittedFunction, code: ActionCode, constraints: readonly LinearConstraint[]): number[] {
  return [...states.observations].map((s) => Math.max(...allowed(code, constraints).map((x) => q.predict(Float32Array.of(s, ...x))[0])));
}

/** Sets of actions with knapsacks that hold some of them, and what the options are worth. */
const problems = fc
  .tuple(fc.boolean(), fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 2, maxLength: 5 }), fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 60, maxLength: 60 }))
  .map(([bits, counts, digits]) => {
    const code = new ActionCode(bits ? multiBinary(counts.length + 2) : multiDiscrete(counts));
    const next = digits[Symbol.iterator]();
    const draw = () => Array.from({ length: code.size }, () => next.next().value ?? 5);
    const worths = draw().map((digit) => digit - 4);
    // A first option weighs nothing, so that some action fits.
    const starts = new Set(counts.map((_, k) => counts.slice(0, k).reduce((sum, count) => sum + count, 0)));
    const weights = draw().map((digit, i) => (!bits && starts.has(i) ? 0 : digit));
    return { code, worths, constraints: [{ weights, most: 9 }] };
  });

describe("the integer programme", () => {
  test("agrees with trying all actions, and local search never finds more", () => {
    let [met, tried] = [0, 0];
    fc.assert(
      fc.property(problems, ({ code, worths, constraints }) => {
        const q = linearQ(worths);
        const best = bruteForce(q, code, constraints);
        const { values, codes } = integerProgramme({ solve, constraints }).maximize(q, states, code);
        const searched = localSearch({ starts: 5, constraints }).maximize(q, states, code);
        best.forEach((value, state) => {
          expect(values[state]).toBeCloseTo(value, 9);
          const found = codes.subarray(state * code.size, (state + 1) * code.size);
          expect(allowed(code, constraints)).toContainEqual(Float32Array.from(found));
          expect(searched.values[state]).toBeLessThanOrEqual(value + 1e-9);
          met += Number(searched.values[state] > value - 1e-9);
          tried++;
        });
      }),
      { numRuns: 60 },
    );
    // One change at a time cannot swap two things in a full knapsack; mostly it need not.
    expect(met / tried).toBeGreaterThan(0.85);
  });

  test("takes one option of a single choice", () => {
    const { codes } = integerProgramme({ solve }).maximize(linearQ([1, 3, 2]), states, new ActionCode(discrete(3)));
    // In the second state what is worth more costs more.
    expect([...codes]).toEqual([0, 1, 0, 1, 0, 0]);
  });

  test("local search says where its starts meet no constraints", () => {
    const constraints = [{ weights: [1, 1, 1], least: 4 }];
    const refused = () => localSearch({ constraints }).maximize(linearQ([1, 1, 1]), states, new ActionCode(multiBinary(3)));
    expect(refused).toThrow(new OptionError("maximize: expected constraints that some action meets, found none from 4 starts"));
  });
});

describe("errors", () => {
  const code = new ActionCode(multiBinary(3));
  const q = linearQ([1, 2, 3]);

  test("constraints that no action meets, or that are none", () => {
    const maximize = (constraints: LinearConstraint[]) => integerProgramme({ solve, constraints }).maximize(q, states, code);
    expect(() => maximize([{ weights: [1, 1, 1], least: 4 }])).toThrow(new OptionError("maximize: expected constraints that some action meets, got none that does"));
    expect(() => maximize([{ weights: [1, 1], most: 4 }])).toThrow(new ShapeError("constraints[0].weights: expected length 3, got [1, 1]"));
    expect(() => maximize([{ weights: [1, 1, 1] }])).toThrow("constraints[0]: expected least, most or both, got neither");
    expect(() => maximize([{ weights: [1, NaN, 1], most: 1 }])).toThrow("constraints[0].weights[1]");
    expect(() => maximize([{ weights: [1, 1, 1], least: 2, most: 1 }])).toThrow("constraints[0].most");
  });

  test("a Q that is not linear, a box, and a solver that is none", () => {
    const product: FittedFunction = { predict: (rows) => Float64Array.from({ length: rows.length / 4 }, (_, n) => rows[4 * n + 1] + rows[4 * n + 2] - 3 * rows[4 * n + 1] * rows[4 * n + 2]) };
    expect(() => integerProgramme({ solve }).maximize(product, states, code)).toThrow("expected a Q that is linear in the action's code, got one that is -1 where a linear one is 2");
    expect(() => integerProgramme({ solve }).maximize(q, states, new ActionCode(box({ low: 0, high: 1 })))).toThrow("expected choices for an integer programme, got a box");
    expect(() => integerProgramme({ solve: () => [0.5, 0, 0] }).maximize(q, states, code)).toThrow(new NumericalError("solve: element 0: expected 0 or 1, got 0.5"));
    expect(() => integerProgramme({ solve: () => [1] }).maximize(q, states, code)).toThrow(ShapeError);
    expect(() => integerProgramme({} as never)).toThrow("solve: expected a function that solves a programme, got undefined");
  });
});
