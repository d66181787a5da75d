import { ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concat, constant, evaluate, factorRows, grad, input, stopGradient, topologicalOrder, variable, vjp } from "./index.js";
import type { Tensor } from "./index.js";

const x = input("x", ["batch", 3]);
const first = variable("first", [3, 4], Array.from({ length: 12 }, (_, i) => ((7 * i) % 5) / 4 - 0.5));
const bias = variable("bias", [4], [0.1, -0.2, 0.3, 0]);
const second = variable("second", [4, 2], Array.from({ length: 8 }, (_, i) => ((3 * i) % 7) / 6 - 0.5));
const third = variable("third", [2, 4], Array.from({ length: 8 }, (_, i) => ((5 * i) % 7) / 6 - 0.5));
const u = input("u", ["batch", 2]);

const networks: Readonly<Record<string, Tensor>> = {
  tanh: layer().tanh().matmul(second),
  relu: layer().relu().matmul(second),
  elu: layer().elu().matmul(second),
  "rows normalised by their sums": layer().exp().div(layer().exp().sum(1, true)).matmul(second),
  "columns apart": concat([layer().tanh().slice(1, 0, 1), layer().slice(1, 2, 3).sigmoid()], 1),
  "rows of other lengths": layer().tanh().reshape(["batch", 2, 2]).square().sum(2).reshape(["batch", 2]),
  "weights that are transposed": layer().tanh().matmul(third, { transposeB: true }),
  "rows that are mixed": layer().sub(layer().mean(0)).tanh().matmul(second),
  "an elementwise function of a shared weight": bias.slice(0, 0, 2).mul(bias.slice(0, 2, 4)).broadcastTo(["batch", 2]).mul(x.slice(1, 0, 2)),
};

function layer(): Tensor {
  return x.matmul(first).add(bias);
}

const weights = [first, bias, second, third];
const rows = fc.array(fc.tuple(...[0, 1, 2, 3, 4].map(() => fc.integer({ min: -8, max: 8 }).map((k) => k / 4))), { minLength: 1, maxLength: 6 });

/** What a factored expression multiplies that depends on U: inputs of its products. */
function productsOf(expressions: readonly Tensor[]): Tensor[] {
  const order = topologicalOrder(expressions);
  const moving = new Set<Tensor>([u]);
  for (const tensor of order) if (tensor.inputs.some((source) => moving.has(source))) moving.add(tensor);
  return order.filter((tensor) => tensor.primitive === "matmul" && moving.has(tensor));
}

/** Steps from two matrices [3, 2] to one: some keep rows, some mix them; some are linear, some are not. */
const steps: readonly ((a: Tensor, b: Tensor) => Tensor)[] = [
  (a, b) => a.add(b),
  (a, b) => a.sub(b),
  (a, b) => a.mul(b),
  (a, b) => a.div(b.square().add(1)),
  (a, b) => a.less(b).select(a, 0),
  (a, b) => a.less(0.5).select(b, a),
  (a) => a.neg().add(1),
  (a) => a.tanh(),
  (a) => a.relu(),
  (a) => stopGradient(a.mul(3)),
  (a) => a.sub(a.mean(0)),
  (a) => a.exp().div(a.exp().sum(0)),
  (a) => a.sum(1).reshape([3, 1]).broadcastTo([3, 2]),
  (a) => a.reshape([2, 3]).transpose(),
  (a) => a.reshape([3, 1, 2]).max(1),
  (a) => a.slice(1, 0, 1).pad(1, 1, 0),
  (a) => a.pad(0, 1, 0).slice(0, 0, 3),
  (a, b) => concat([a.slice(1, 1, 2), b.slice(1, 0, 1)], 1),
  (a, b) => concat([a, b], 0).slice(0, 2, 5),
  (a) => a.gather(constant([2, 0, 0], [3], "int32")),
  (a) => a.matmul(constant([1, -0.5, 0.25, 2], [2, 2])),
  (a) => a.matmul(constant([1, -0.5, 0.25, 2], [2, 2]), { transposeB: true }),
  (a, b) => a.matmul(b, { transposeB: true }).matmul(b),
  (a, b) => a.matmul(b, { transposeA: true }).sum(0).broadcastTo([3, 2]),
];

describe("example", () => {
  test("a layer's backward pass does not depend on what comes back: one product a layer is left", () => {
    const gradients = vjp([networks["tanh"]], weights, [u]);
    expect(productsOf(gradients).length).toBe(3);
    const left = productsOf(factorRows(gradients, u));
    expect(left.length).toBe(2);
    for (const { attributes } of left) expect(attributes).toEqual({ transposeA: true, transposeB: false });
  });
});

describe("laws", () => {
  test.each(Object.entries(networks))("the same expressions: %s", (_, network) => {
    const gradients = vjp([network], weights, [u]);
    const factored = factorRows(gradients, u);
    const record = (tensors: readonly Tensor[]) => Object.fromEntries(tensors.map((tensor, i) => [`${i}`, tensor]));
    fc.assert(
      fc.property(rows, (numbers) => {
        const feeds = { x: numbers.flatMap((row) => row.slice(0, 3)), u: numbers.flatMap((row) => row.slice(3)) };
        const [expected, found] = [evaluate(record(gradients), feeds), evaluate(record(factored), feeds)];
        for (const name of Object.keys(expected)) {
          const [wanted, actual] = [expected[name], found[name]].map((one) => [...(one as Float64Array)]);
          expect(actual).toEqual(wanted.map((one) => expect.closeTo(one, 10)));
        }
      }),
    );
  });

  test("rows of a fixed number, which move to others", () => {
    const [v, square] = [input("v", [3, 2]), constant([1, 2, 3, -1, 0, 2, 5, 1, 1], [3, 3])];
    const moved = {
      mixed: square.matmul(v.mul(2)),
      turned: v.mul(2).transpose().reshape([3, 2]),
      columns: v.sum(1).broadcastTo([3, 3]).mul(square),
      twice: concat([v, v.mul(2)], 0).slice(0, 2, 5),
      read: v.slice(0, 1, 3).pad(0, 1, 0),
      inverse: v.mul(2).reciprocal().sum(0),
    };
    const factored = factorRows(Object.values(moved), v);
    const feeds = { v: [1, 2, 3, 4, 5, 6] };
    const found = evaluate(Object.fromEntries(Object.keys(moved).map((name, k) => [name, factored[k]])), feeds);
    expect(found).toEqual(evaluate(moved, feeds));
  });

  test("any expression, linear or not, has the same values and derivatives", () => {
    const [v, w] = [input("v", [3, 2]), input("w", [3, 2])];
    const numbers = fc.array(fc.integer({ min: -4, max: 4 }).map((k) => k / 4), { minLength: 6, maxLength: 6 });
    const choices = fc.array(fc.tuple(fc.nat(steps.length - 1), fc.nat(), fc.nat()), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(choices, numbers, numbers, (chosen, vs, ws) => {
        const made = [v, w, v.mul(w)];
        for (const [step, a, b] of chosen) made.push(steps[step](made[made.length - 1 - (a % 3)], made[b % made.length]));
        const plain = made[made.length - 1];
        const [factored] = factorRows([plain], v);
        const [expected, found] = [plain, factored].map((y) => {
          const [dv, dw] = grad(y.mul(w).sum(), [v, w]);
          return evaluate({ y, dv, dw }, { v: vs, w: ws }) as Readonly<Record<string, Float64Array>>;
        });
        for (const name of ["y", "dv", "dw"]) {
          const size = 1 + Math.max(...expected[name].map(Math.abs));
          const scaled = [expected, found].map((values) => Array.from(values[name], (value) => value / size));
          expect(scaled[1]).toEqual(scaled[0].map((value) => expect.closeTo(value, 9)));
        }
      }),
      { numRuns: 300 },
    );
  });

  test("what does not depend on the factors stays as it is, and what mixes rows keeps them inside", () => {
    const [plain] = factorRows([x.exp()], u);
    expect(plain).toEqual(x.exp());
    const mixed = u.sum(0).broadcastTo(["batch", 2]).mul(x.slice(1, 0, 2));
    const [kept] = factorRows([mixed], u);
    expect(evaluate(kept, { x: [1, 2, 3, 4, 5, 6], u: [1, 10, 2, 20] })).toEqual(Float64Array.of(3, 60, 12, 150));
  });

  test("they can be differentiated: J v is the transpose of Jᵀu", () => {
    const factored = factorRows(vjp([networks["tanh"]], [second], [u]), u);
    const direction = constant(Array.from({ length: 8 }, (_, i) => i - 3), [4, 2]);
    const [moved] = grad(factored[0].mul(direction).sum(), [u]).map((tensor) => tensor.sub(layer().tanh().matmul(direction)));
    const found = evaluate(moved, { x: [1, 2, 3, -1, 0, 1], u: [1, 2, 3, 4] }) as Float64Array;
    expect([...found]).toEqual([0, 0, 0, 0].map((zero) => expect.closeTo(zero, 10)));
  });
});

test("errors: factors that are no matrix of a fixed width of at least 1", () => {
  for (const factors of [input("column", ["batch"]), input("wide", [3, "batch"]), input("none", [3, 0])]) {
    expect(() => factorRows([factors.mul(2)], factors)).toThrow(ShapeError);
    expect(() => factorRows([factors.mul(2)], factors)).toThrow("factorRows: expected factors of shape [rows, k] with a fixed k of at least 1");
  }
});
