import fc from "fast-check";
import { expect, test } from "vitest";
import { compareWithTruth } from "../test/random-programs/compare.js";
import { randomPrograms } from "../test/random-programs/random-programs.js";
import { rootsOf } from "./backend.js";
import type { Graph } from "./backend.js";
import { interpreter } from "./executors/interpreter.js";
import { topologicalOrder } from "./graph.js";
import { concat, constant, hostOperation, input, stopGradient, variable } from "./index.js";
import type { HostOperation, Tensor, TensorRecord } from "./index.js";
import { simplify } from "./simplify.js";
import type { Store } from "./store.js";

function graphOf(outputs: TensorRecord, inputs: TensorRecord = {}): Graph {
  const named = new Map(Object.entries(outputs));
  return {
    inputs: new Map(Object.entries(inputs)),
    outputs: named,
    updates: [],
    order: topologicalOrder(rootsOf(named.values(), [])),
  };
}

/** What computes an expression after simplification, as text without spaces. */
function written(expression: Tensor): string {
  const write = ({ primitive, inputs, attributes, name }: Tensor): string => {
    if (primitive === "constant") return (attributes as { values: Float64Array }).values.join();
    if (inputs.length === 0) return name ?? primitive;
    return `${primitive}(${inputs.map(write).join()})`;
  };
  return write(simplify(graphOf({ y: expression })).outputs.get("y")!);
}

const x = input("x", ["n"]);
const [y, w] = [input("y", ["n", 1]), input("w", [2, 3])];
const [s, t] = [input("s", []), input("t", [])];

test("an expression that is written twice is computed once", () => {
  const { order, outputs } = simplify(graphOf({ a: x.exp().add(x.exp()), b: x.exp() }));
  expect(order.map(({ primitive }) => primitive)).toEqual(["input", "exp", "add"]);
  expect(outputs.get("a")!.inputs[0]).toBe(outputs.get("b"));
});

test.each<[string, Tensor, string]>([
  ["x·1", x.mul(1), "x"],
  ["1·x", constant(1).mul(s), "s"],
  ["x·(−1)", x.mul(-1), "neg(x)"],
  ["−(−x)", x.neg().mul(-1), "x"],
  ["x/1", x.div(1), "x"],
  ["x − 0", x.sub(0), "x"],
  ["x + 0 is 0 where x is −0", x.add(0), "add(x,broadcast(0))"],
  ["x − (−0) as well", x.sub(-0), "sub(x,broadcast(0))"],
  ["derivatives' marks", stopGradient(x).exp(), "exp(x)"],
  ["reshapes in a row", x.reshape(["n", 1]).reshape([1, "n"]).reshape(["n"]), "x"],
  ["arithmetic on constants", constant(3).mul(s.sub(s).mul(0).add(constant(2).sqrt().square())), "mul(3,add(mul(sub(s,s),0),1.9999998807907104))"],
  ["arithmetic on stretched scalars", x.mul(s.broadcastTo(["n"]).mul(t)), "mul(x,broadcast(mul(s,t)))"],
  ["sums over nothing", x.reshape(["n", 1]).sum([1]), "x"],
  ["slices of all, rims of nothing, and one part alone", concat([w.slice(0, 0, 2).pad(1, 0, 0)], 1), "w"],
  ["the product of a stretched row", w.slice(0, 0, 1).broadcastTo(["n", 3]).matmul(w, { transposeB: true }), "broadcast(matmul(slice(w),w))"],
  ["the product of a column", w.slice(0, 0, 1).broadcastTo([2, 3]).matmul(w, { transposeA: true }), "matmul(broadcast(slice(w)),w)"],
  ["the product of rows that differ", y.broadcastTo(["n", 2]).matmul(w), "matmul(broadcast(y),w)"],
  ["the sum of a stretched scalar", s.broadcastTo(["n"]).sum(), "mul(s,size)"],
])("%s", (_, expression, expected) => {
  expect(written(expression)).toBe(expected);
});

test("a single row is not read transposed", () => {
  const product = input("a", ["n", 1]).matmul(variable("w", [3, 1], 1), { transposeB: true });
  expect(written(product)).toBe("matmul(a,reshape(w))");
  expect(simplify(graphOf({ product })).outputs.get("product")!.attributes).toEqual({ transposeA: false, transposeB: false });
});

test("what differs only in a function stays apart", () => {
  const power = (exponent: number): HostOperation => ({
    name: "power",
    shape: ([shape]) => shape,
    compute: ([{ data }], out) => out.data.set(data.map((value) => value ** exponent)),
    reverse: () => [],
  });
  const [square, cube] = [power(2), power(3)];
  const graph = graphOf({ a: hostOperation(square, [x]), b: hostOperation(square, [x]), c: hostOperation(cube, [x]) });
  const { outputs } = simplify(graph);
  expect(outputs.get("a")).toBe(outputs.get("b"));
  expect(outputs.get("a")).not.toBe(outputs.get("c"));
});

test("random programs keep their values, in no more steps", () => {
  const simplified = {
    name: "simplified",
    prepare: (graph: Graph, store: Store) => {
      const after = simplify(graph);
      expect(after.order.length).toBeLessThanOrEqual(graph.order.length);
      return interpreter.prepare(after, store);
    },
  };
  // Within the bounds of float32, to which folded constants are rounded.
  fc.assert(
    fc.property(randomPrograms, (program) => {
      expect(compareWithTruth(program, simplified).mistake).toBeUndefined();
    }),
  );
});
