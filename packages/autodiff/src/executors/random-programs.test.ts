import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BoundedProgram } from "../../test/random-programs/bounded-program.js";
import type { ProgramParts } from "../../test/random-programs/bounded-program.js";
import { compareWithTruth } from "../../test/random-programs/compare.js";
import { printProgram } from "../../test/random-programs/print-program.js";
import { randomPrograms } from "../../test/random-programs/random-programs.js";
import * as autodiff from "../index.js";
import { rootsOf } from "../backend.js";
import { primitiveCases } from "../testing/primitive-cases.js";

const { compile, constant, float32, grad, input, interpreter, topologicalOrder, variable, assign } = autodiff;

/** What code pasted into a test evaluates to. */
function evaluated(code: string): ProgramParts {
  return runInNewContext(`${code}\n({ inputs, outputs, updates });`, { ...autodiff }) as ProgramParts;
}

/** A program's tensors, each by all that makes it: two programs with equal lists are the same. */
function structure({ inputs, outputs, updates }: ProgramParts): unknown[] {
  const order = topologicalOrder([...Object.values(inputs), ...rootsOf(Object.values(outputs), updates)]);
  const place = new Map(order.map((tensor, k) => [tensor, k]));
  const tensors = order.map(({ primitive, attributes, inputs: sources, shape, dtype }) => ({
    primitive,
    attributes: primitive === "customGradient" ? {} : attributes,
    sources: sources.map((source) => place.get(source)),
    shape,
    dtype,
  }));
  const named = Object.entries(outputs).map(([name, tensor]) => [name, place.get(tensor)]);
  return [...tensors, named, updates.map((update) => [update.variable.name, place.get(update.value)])];
}

describe("a printed program", () => {
  test("reads as one would write it", () => {
    const x = input("x", ["batch", 2]);
    const total = variable("total", [], 0.5);
    const y = x.tanh().sum(1);
    const printed = printProgram({ inputs: { x }, outputs: { y }, updates: [assign(total, y.mean())] });
    expect(printed.split("\n")).toEqual([
      'const t0 = input("x", ["batch",2], "float32");',
      "const t1 = t0.tanh();",
      "const t2 = t1.sum([1], false);",
      "const t3 = t2.sum([0], false);",
      'const t4 = new Tensor("size", [], { dimensions: ["batch"] });',
      "const t5 = t3.div(t4);",
      'const inputs = { "x": t0 };',
      'const outputs = { "y": t2 };',
      'const updates = [assign(variable("total", [], [0.5], "float32"), t5)];',
    ]);
  });

  test("evaluates to the same program", () => {
    fc.assert(
      fc.property(randomPrograms, ({ parts }) => {
        const again = evaluated(printProgram(parts));
        expect(structure(again)).toEqual(structure(parts));
      }),
    );
  });

  const names = (Object.keys(primitiveCases) as autodiff.PrimitiveName[]).filter((name) => name !== "hostOperation");
  test.each(names)("evaluates to the same %s", (name) => {
    fc.assert(
      fc.property(primitiveCases[name], ({ result }) => {
        const parts = { inputs: {}, outputs: { result }, updates: [] };
        expect(structure(evaluated(printProgram(parts)))).toEqual(structure(parts));
      }),
      { numRuns: 20 },
    );
  });

  test("keeps −0, NaN and infinity", () => {
    const result = constant([-0, NaN, -Infinity]);
    const parts = evaluated(printProgram({ inputs: {}, outputs: { result }, updates: [] }));
    expect(compile({ ...parts, backend: interpreter }).run({}).result).toEqual(Float64Array.of(-0, NaN, -Infinity));
  });
});

describe("a running error bound", () => {
  const bindings = new Map([["batch", 2]]);
  const boundOf = (y: autodiff.Tensor, x: readonly number[]): number[] => {
    const [inputTensor] = topologicalOrder([y]).filter(({ primitive }) => primitive === "input");
    const program = new BoundedProgram({ inputs: { x: inputTensor }, outputs: { y }, updates: [] });
    return [...program.run({ x }, bindings).get("y")!.errors];
  };
  const x = input("x", ["batch"]);

  test("is that of one rounding for one addition, and 0 for what is exact", () => {
    const small = 2 ** -30;
    expect(boundOf(x.add(small), [1, 2])).toEqual([1, 2].map((y) => (y + small) * 2 ** -24 + 2 ** -149));
    for (const exact of [x.neg(), x.add(1), x.mul(0.25), x.mul(0).tanh(), x.mul(0).div(x.add(0.1))]) {
      expect(boundOf(exact, [1, 2])).toEqual([0, 0]);
    }
  });

  test("grows where digits cancel", () => {
    const [cancelled] = boundOf(x.add(1000).sub(1000), [0.001, 1]);
    expect(cancelled).toBeGreaterThan(5e-5);
    expect(cancelled).toBeLessThan(7e-5);
  });

  test("is infinite where a rounding decides what is divided by", () => {
    expect(boundOf(x.add(1).sub(1).reciprocal(), [2 ** -25, 1])).toEqual([Infinity, expect.any(Number)]);
  });

  test("knows that an element is its own maximum, unless two may be", () => {
    const y = x.add(0.1);
    expect(boundOf(grad(y.max(), [x])[0], [1, 2])).toEqual([0, 0].map(() => expect.closeTo(0, 6)));
    expect(boundOf(grad(y.max(), [x])[0], [1, 1])[0]).toBeGreaterThan(0.1);
  });

  test("holds for float32's own arithmetic, and by no wide margin", () => {
    const drawn = fc.sample(randomPrograms, { numRuns: 100, seed: 1 });
    expect(drawn.map((program) => compareWithTruth(program, float32).mistake)).toEqual(drawn.map(() => undefined));
    // A result that is off by a thousandth of its size is found in nearly every program.
    const spoiled = drawn.filter(({ parts, runs }) => {
      const outputs = Object.fromEntries(Object.entries(parts.outputs).map(([name, y]) => [name, y.mul(1.001)]));
      const truth = new BoundedProgram(parts);
      const { batch, feeds } = runs[0];
      const right = truth.run(feeds, new Map([["batch", batch]]));
      const wrong = new BoundedProgram({ ...parts, outputs }).run(feeds, new Map([["batch", batch]]));
      return Object.keys(outputs).some((name) => {
        const { values, errors } = right.get(name)!;
        return values.data.some((value, i) => Math.abs(wrong.get(name)!.values.data[i] - value) > 2 * errors[i]);
      });
    });
    expect(spoiled.length).toBeGreaterThanOrEqual(95);
  });
});
