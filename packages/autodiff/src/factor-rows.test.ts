import { ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concat, constant, evaluate, factorRows, grad, input, topologicalOrder, variable, vjp } from "./index.js";
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
    };
    const factored = factorRows(Object.values(moved), v);
    const feeds = { v: [1, 2, 3, 4, 5, 6] };
    const found = evaluate(Object.fromEntries(Object.keys(moved).map((name, k) => [name, factored[k]])), feeds);
    expect(found).toEqual(evaluate(moved, feeds));
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

test("errors: factors that are no matrix of a fixed width", () => {
  for (const factors of [input("column", ["batch"]), input("wide", [3, "batch"])]) {
    expect(() => factorRows([factors.mul(2)], factors)).toThrow(ShapeError);
    expect(() => factorRows([factors.mul(2)], factors)).toThrow("factorRows: expected factors of shape [rows, k] with a fixed k");
  }
});
