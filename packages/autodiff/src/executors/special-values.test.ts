import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assign, compile, evaluate, float32, input, interpreter, logSoftmax, topologicalOrder, variable, webAssembly } from "../index.js";
import type { Feed, NamedFeeds, NumericArray, PrimitiveName, Tensor } from "../index.js";
import { enableRelaxedSimd } from "../node/enable-relaxed-simd.js";
import { primitives } from "../primitives/table.js";
import { primitiveCases } from "../testing/primitive-cases.js";

enableRelaxedSimd();
const executors = [
  { label: "float32", executor: float32 },
  { label: "webAssembly, plain SIMD", executor: webAssembly({ deterministic: true }) },
  { label: "webAssembly", executor: webAssembly() },
];
const names = Object.keys(primitives) as PrimitiveName[];
const special = [NaN, Infinity, -Infinity, 0, -0, 1e-40, -1e-40];

/** Feeds with some of the numbers replaced by special ones; indices and masks stay. */
function spiced(inputs: readonly Tensor[], feeds: NamedFeeds, picks: readonly number[]): Record<string, Feed> {
  let next = 0;
  const pick = (x: number): number => special[picks[next++ % picks.length]] ?? x;
  return Object.fromEntries(
    inputs.map(({ name, dtype }) => {
      const feed = feeds[name!];
      if (dtype === "int32") return [name!, feed];
      if (typeof feed === "number") return [name!, pick(feed)];
      if ("shape" in feed) return [name!, { data: Array.from(feed.data, pick), shape: feed.shape }];
      return [name!, Array.from(feed, pick)];
    }),
  );
}

const inputsOf = (result: Tensor): Tensor[] => topologicalOrder([result]).filter(({ primitive }) => primitive === "input");
const array = (value: number | NumericArray): ArrayLike<number> => (typeof value === "number" ? [value] : value);

/** Whether float32 has what it should where float64 has `truth`. */
function agrees(actual: number, truth: number): boolean {
  const nearest = Math.fround(truth);
  if (!Number.isFinite(nearest)) return Object.is(actual, nearest);
  return Math.abs(actual - truth) <= 1e-5 * Math.max(1, Math.abs(truth));
}

describe.each(executors)("$label", ({ executor }) => {
  // An integer has no NaN, so what becomes of one that is converted is left open.
  test.each(names.filter((name) => name !== "toInt"))("%s: NaN, infinities, zeros and denormals come out as IEEE 754 says", (name) => {
    // Mostly the case's own number, else one of the special ones.
    const picks = fc.array(fc.integer({ min: 0, max: 2 * special.length }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(primitiveCases[name], picks, ({ result, feeds }, chosen) => {
        const inputs = inputsOf(result);
        const fed = spiced(inputs, feeds, chosen);
        const truth = array(evaluate(result, fed));
        const program = compile({
          inputs: Object.fromEntries(inputs.map((tensor) => [tensor.name!, tensor])),
          outputs: { result },
          backend: executor,
        });
        program.execute(fed);
        const actual = [...program.view("result")];
        expect(actual.filter((value, i) => !agrees(value, truth[i]))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    ["neg", (x: Tensor) => x.neg(), [-0, 0]],
    ["abs", (x: Tensor) => x.abs(), [0, 0]],
    ["sqrt", (x: Tensor) => x.sqrt(), [0, -0]],
    ["tanh", (x: Tensor) => x.tanh(), [0, -0]],
    ["sin", (x: Tensor) => x.sin(), [0, -0]],
    ["mul", (x: Tensor) => x.mul(3), [0, -0]],
  ])("%s keeps the sign of zero as IEEE 754 says", (_, apply, expected) => {
    const x = input("x", ["n"]);
    const { y } = compile({ inputs: { x }, outputs: { y: apply(x) }, backend: executor }).run({ x: [0, -0, 0, -0, 0, -0] });
    expect([...(y as Float32Array)]).toEqual([...expected, ...expected, ...expected]);
  });

  test("a NaN in one row of a product or of a softmax stays in its row", () => {
    const x = input("x", ["rows", 5]);
    const weights = variable("weights", [5, 6], 0.5);
    const outputs = { product: x.matmul(weights), softmax: logSoftmax(x), sum: x.sum(1), largest: x.max(1) };
    const data = Float32Array.from({ length: 7 * 5 }, (_, i) => (i === 3 * 5 + 4 ? NaN : i));
    const results = compile({ inputs: { x }, outputs, backend: executor }).run({ x: data });
    const rowsWithNaN = (values: NumericArray) => [
      ...new Set([...values].flatMap((value, i) => (Number.isNaN(value) ? [Math.floor((i * 7) / values.length)] : []))),
    ];
    for (const values of Object.values(results)) expect(rowsWithNaN(values as Float32Array)).toEqual([3]);
  });
});

const indexed: readonly [PrimitiveName, (x: Tensor, indices: Tensor) => Tensor][] = [
  ["gather", (x, indices) => x.transpose().gather(indices)],
  ["scatterAdd", (x, indices) => x.scatterAdd(indices, 3)],
  ["takeAlong", (x, indices) => x.takeAlong(indices)],
  ["putAlong", (x, indices) => x.sum(1).putAlong(indices, 3)],
];

describe.each([...executors, { label: "interpreter", executor: interpreter }])("an index out of range on $label", ({ executor }) => {
  test.each(indexed)("%s: is an error that names it, and no variable has changed", (name, apply) => {
    const x = input("x", ["batch", 3]);
    const indices = input("indices", ["batch"], "int32");
    const total = variable("total", [], 1);
    const sum = apply(x.add(0), indices).sum();
    const program = compile({
      inputs: { x, indices },
      outputs: { sum },
      updates: [assign(total, total.add(sum))],
      backend: executor,
    });
    const data = Float32Array.from({ length: 6 }, (_, i) => i);
    for (const wrong of [-1, 3, 2 ** 31 - 1, -(2 ** 31)]) {
      const run = () => program.run({ x: data, indices: [2, wrong] });
      expect(run).toThrow(new RegExp(`${name}.*from 0 to 2, got ${wrong} at position 1`, "u"));
      expect(program.updatesApplied).toBe(false);
      expect(program.store.read(total)[0]).toBe(1);
    }
    program.run({ x: data, indices: [2, 0] });
    expect(program.updatesApplied).toBe(true);
  });
});
