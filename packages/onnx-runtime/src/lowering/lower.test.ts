import {
  argMax,
  compile,
  concat,
  constant,
  customGradient,
  gather,
  grad,
  hostOperation,
  input,
  interpreter,
  logSumExp,
  maximum,
  minimum,
  stopGradient,
  Store,
  takeAlong,
  variable,
  where,
} from "@uphill/autodiff";
import type { PrimitiveName, Shape, Tensor } from "@uphill/autodiff";
import { OptionError, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/expect-close.js";
import { modelOf, runModel } from "../../test/run-expressions.js";
import type { Fed } from "../../test/run-expressions.js";
import { decodeModel } from "../protobuf/model-bytes.js";

const x = input("x", ["batch", 3]);
const y = input("y", ["batch", 3]);
const sequence = input("sequence", ["batch", "time", 2]);
const choice = input("choice", ["batch"], "int32");
const position = input("position", ["batch"], "int32");
const table = variable("table", [4, 3], [0.5, -1, 2, 0.25, 3, -0.75, 1.5, -2, 0.1, 0.9, -0.4, 1]);
const row = variable("row", [3], [0.5, -1.5, 0.25]);
const inputs = { x, y, sequence, choice, position };

/** Feeds for a number of rows and a number of times: numbers with ties, zeros, and both signs. */
function feedsFor(rows: number, times: number): Record<keyof typeof inputs, Fed> {
  const numbers = (count: number, step: number) => Float32Array.from({ length: count }, (_, i) => ((i * step) % 11) / 4 - 1.25);
  return {
    x: { data: numbers(rows * 3, 3), shape: [rows, 3] },
    y: { data: numbers(rows * 3, 5), shape: [rows, 3] },
    sequence: { data: numbers(rows * times * 2, 7), shape: [rows, times, 2] },
    choice: { data: Int32Array.from({ length: rows }, (_, i) => (i * 2) % 3), shape: [rows] },
    position: { data: Int32Array.from({ length: rows }, (_, i) => (i * i) % rows), shape: [rows] },
  };
}

/** Expressions in which each primitive occurs that ONNX can express; one without an entry does not type-check. */
const cases: { readonly [P in Exclude<PrimitiveName, "hostOperation">]: readonly Tensor[] } = {
  input: [x, choice],
  variable: [table, row],
  constant: [constant([1, 2, 3]), constant(7, [], "int32"), constant([Infinity, -Infinity])],
  size: [x.mean(0), sequence.mean([0, 1]), row.mean()],
  neg: [x.neg()],
  exp: [x.exp()],
  log: [x.square().add(0.1).log()],
  sqrt: [x.abs().sqrt()],
  tanh: [x.tanh(), x.mul(100).tanh()],
  sigmoid: [x.sigmoid(), x.mul(5).sigmoid()],
  softplus: [x.softplus(), x.mul(50).softplus()],
  erf: [x.erf(), x.mul(5).erf()],
  abs: [x.abs()],
  sign: [x.sign()],
  sin: [x.sin()],
  cos: [x.cos()],
  toFloat: [choice.toFloat(), x.less(y).toFloat()],
  toInt: [x.toInt(), x.mul(3).toInt()],
  add: [x.add(y), x.add(row), x.add(1), x.slice(1, 0, 1).add(row)],
  sub: [x.sub(y), x.sub(row), row.reshape([1, 3]).sub(x)],
  mul: [x.mul(y), x.mul(-2)],
  div: [x.div(y.square().add(1)), x.reciprocal()],
  pow: [x.abs().pow(1.5), x.pow(2)],
  minimum: [minimum(x, y), minimum(x, 0.5), x.clip(-0.5, 0.5)],
  maximum: [maximum(x, y), x.relu(), maximum(x, row)],
  less: [x.less(y), choice.less(constant(1, [], "int32"))],
  lessEqual: [x.lessEqual(y), x.greaterEqual(row)],
  equal: [x.equal(y), choice.equal(constant(2, [], "int32"))],
  select: [where(x.less(y), x, y), where(choice.reshape(["batch", 1]), x, 0), x.elu()],
  sum: [x.sum(), x.sum(0), x.sum(1, true), sequence.sum([0, 2])],
  max: [x.max(), x.max(1), sequence.max(1, true), x.min(0)],
  logSumExp: [logSumExp(x), logSumExp(x.mul(300)), logSumExp(sequence, 1)],
  argMax: [argMax(x), argMax(sequence)],
  broadcast: [
    row.broadcastTo(["batch", 3]),
    constant(2).broadcastTo(["batch", "time"]),
    x.reshape(["batch", 1, 3]).broadcastTo(["batch", 5, 3]),
    x.sum(0, true).broadcastTo(["batch", 3]),
  ],
  reshape: [
    x.reshape([3, "batch"]),
    x.reshape(["batch", 3, 1]),
    table.reshape([2, 6]),
    sequence.reshape([2, "time", "batch"]),
    x.slice(1, 0, 0).reshape([0, 7, "batch"]),
  ],
  transpose: [x.transpose(), sequence.transpose([1, 2, 0])],
  slice: [x.slice(1, 1, 3), x.slice(1, 2, 2)],
  pad: [x.pad(1, 2, 1)],
  concat: [concat([x, y, x.slice(1, 0, 1)], 1), concat([choice.reshape(["batch", 1]), choice.reshape(["batch", 1])])],
  gather: [gather(table, choice), gather(row, choice)],
  scatterAdd: [
    x.scatterAdd(choice, 3),
    y.sum(1).scatterAdd(choice, 4),
    sequence.scatterAdd(position, "batch"),
    gather(table, constant([2, 2, 1, 2], [2, 2], "int32")).scatterAdd(constant([0, 1, 1, 1], [2, 2], "int32"), 2),
    x.max(0).scatterAdd(constant(1, [], "int32"), 2),
  ],
  takeAlong: [takeAlong(x, choice), takeAlong(x.toInt(), choice)],
  putAlong: [x.sum(1).putAlong(choice, 3)],
  matmul: [
    x.matmul(row.reshape([3, 1])),
    x.matmul(table, { transposeB: true }),
    x.matmul(y, { transposeA: true }),
    x.matmul(x, { transposeB: true }),
  ],
  stopGradient: [stopGradient(x), stopGradient(x.neg())],
  customGradient: [customGradient(x.neg(), [x], (cotangent) => [cotangent])],
};

const named = (tensors: readonly Tensor[]) => Object.fromEntries(tensors.map((tensor, i) => [`out${i}`, tensor]));

/** Shapes and numbers in ONNX Runtime must be those of the float64 interpreter. */
async function expectSame(tensors: readonly Tensor[], rows: number, times = 2): Promise<void> {
  const outputs = named(tensors);
  const feeds = feedsFor(rows, times);
  const expected = compile({ inputs, outputs, backend: interpreter }).run(feeds);
  const actual = await runModel(modelOf(inputs, outputs), feeds);
  const lengths: Readonly<Record<string, number>> = { batch: rows, time: times };
  for (const [name, { shape }] of Object.entries(outputs)) {
    expect(actual[name].dims).toEqual(shape.map((length) => (typeof length === "number" ? length : lengths[length])));
    expectClose(actual[name].data, [expected[name]].flatMap((value) => (typeof value === "number" ? [value] : [...value])));
  }
}

describe("example", () => {
  test("a layer becomes MatMul, Add and Tanh", () => {
    const weights = variable("weights", [3, 2], 0.5);
    const bias = variable("bias", [2], 0.25);
    const model = decodeModel("file", modelOf({ x }, { y: x.matmul(weights).add(bias).tanh() }));
    expect(model.graph.node.map(({ opType }) => opType)).toEqual(["MatMul", "Add", "Tanh"]);
    expect(model.graph.initializer.map(({ name }) => name)).toEqual(["weights", "bias"]);
    expect(model.graph.output.map(({ name }) => name)).toEqual(["y"]);
  });
});

describe("laws", () => {
  describe("each primitive computes in ONNX Runtime what the interpreter computes", () => {
    test.each(Object.entries(cases))("%s", async (_, tensors) => {
      for (const rows of [1, 2, 7]) await expectSame(tensors, rows, rows + 1);
    });
  });

  test("operands of any shapes that broadcast, for any number of rows", async () => {
    const full: Shape = ["batch", "time", 2];
    const operand = fc
      .tuple(fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), fc.nat(3))
      .map(([stretched, dropped]) => full.map((length, axis) => (stretched[axis] ? 1 : length)).slice(dropped))
      .map((shape) => sequence.sum([0, 1, 2]).add(0.5).broadcastTo(shape));
    const rows = fc.integer({ min: 1, max: 4 });
    await fc.assert(
      fc.asyncProperty(operand, operand, operand, rows, rows, async (a, b, c, batch, time) => {
        await expectSame([a.add(b), where(a.less(b), b, c), a.mul(b).sub(c)], batch, time);
      }),
      { numRuns: 40 },
    );
  });

  test("the gradient of a loss lowers like any expression", async () => {
    const hidden = x.matmul(table, { transposeB: true }).tanh();
    const loss = takeAlong(logSumExp(hidden, 1, true).sub(hidden), choice).mean();
    await expectSame([loss, ...grad(loss, [table, x])], 5);
  });

  test("the same expressions give the same bytes", () => {
    expect(modelOf(inputs, named(cases.scatterAdd))).toEqual(modelOf(inputs, named(cases.scatterAdd)));
  });

  test("a deep expression costs no stack", () => {
    let deep: Tensor = x;
    for (let depth = 0; depth < 20_000; depth++) deep = deep.add(y);
    expect(decodeModel("file", modelOf({ x, y }, { deep })).graph.node).toHaveLength(20_000);
  });
});

describe("reference values", () => {
  const operators = (outputs: Record<string, Tensor>) =>
    decodeModel("file", modelOf(inputs, outputs)).graph.node.map(({ opType }) => opType);

  test("broadcasting, masks and relu take no node that ONNX does not need", () => {
    expect(operators({ a: x.add(row), b: x.mul(2) })).toEqual(["Add", "Mul"]);
    expect(operators({ a: where(x.less(y), x, 0) })).toEqual(["Less", "Where"]);
    expect(operators({ a: x.less(y).toFloat() })).toEqual(["Less", "Cast"]);
    expect(operators({ a: x.relu() })).toEqual(["Relu"]);
    expect(operators({ a: stopGradient(x.neg()) })).toEqual(["Neg"]);
    expect(operators({ a: x.reshape(["batch", 1, 3]).broadcastTo(["batch", 5, 3]) })).toEqual(["Reshape", "Expand"]);
  });

  test("a shared subexpression is computed once, and one that no output needs is left out", () => {
    const shared = x.tanh();
    x.exp();
    expect(operators({ a: shared.mul(shared), b: shared.neg() })).toEqual(["Tanh", "Mul", "Neg"]);
  });

  test("values have the names of their tensors, made unique; equal small constants are one", () => {
    const scaled = x.mul(3).named("scaled");
    const again = y.mul(3).named("scaled");
    const { graph } = decodeModel("file", modelOf({ x, y }, { sum: scaled.add(again), same: scaled }));
    expect(graph.node.map(({ name }) => name)).toEqual(["same", "scaled", "sum"]);
    expect(graph.initializer).toHaveLength(1);
  });

  test("constants of equal bytes but another type or shape are not one", () => {
    const zeros = [constant(0), constant(0, [], "int32"), constant(0, [1])];
    const { graph } = decodeModel("file", modelOf(inputs, named(zeros)));
    expect(graph.initializer.map(({ dataType, dims }) => [dataType, dims])).toEqual([[1, []], [6, []], [1, [1n]]]);
  });

  test("an output that is an input, a constant or another output has a node of its own", async () => {
    const outputs = { first: x, second: x.neg(), third: row, fourth: stopGradient(x) };
    const twice = { a: outputs.second, b: outputs.second };
    const identities = Array<string>(4).fill("Identity");
    expect(operators({ ...outputs, ...twice })).toEqual(["Identity", "Neg", ...identities]);
    await expectSame([...Object.values(outputs), outputs.second, outputs.second], 3);
  });

  test("named dimensions stay names in every type", () => {
    const { graph } = decodeModel("file", modelOf({ x, sequence }, { a: x.add(1).tanh(), b: sequence.sum(2) }));
    const shapes = [...graph.input, ...graph.valueInfo, ...graph.output].map(({ name, type }) => [
      name,
      type?.value.value?.shape?.dim.map(({ value }) => value.value),
    ]);
    expect(shapes).toEqual([
      ["x", ["batch", 3n]],
      ["sequence", ["batch", "time", 2n]],
      ["Add", ["batch", 3n]],
      ["a", ["batch", 3n]],
      ["b", ["batch", "time"]],
    ]);
  });

  test("variables have the store's values, not the initial ones", async () => {
    const store = new Store();
    store.adopt(row);
    store.write(row, [10, 20, 30]);
    const { sum } = await runModel(modelOf({ x }, { sum: row.sum() }, store), { x: feedsFor(1, 1).x });
    expect([...sum.data]).toEqual([60]);
  });
});

describe("errors", () => {
  test("an input that is not listed", () => {
    expect(() => modelOf({ x }, { sum: x.add(y) })).toThrow(OptionError);
    expect(() => modelOf({ x }, { sum: x.add(y) })).toThrow('input "y": expected one of the inputs of the graph, got another');
  });

  test("a function of JavaScript's", () => {
    const operation = { name: "sorted", shape: ([shape]: readonly Shape[]) => shape, compute: () => undefined, reverse: () => [undefined] };
    const outputs = { sorted: hostOperation(operation, [x]) };
    expect(() => modelOf({ x }, outputs)).toThrow(OptionError);
    expect(() => modelOf({ x }, outputs)).toThrow("sorted: expected what ONNX has operators for, got a host operation");
  });

  test("a dimension whose length no input tells", () => {
    const outputs = { stretched: row.broadcastTo(["agents", 3]) };
    expect(() => modelOf({ x }, outputs)).toThrow(ShapeError);
    expect(() => modelOf({ x }, outputs)).toThrow('dimension "agents": expected an input whose shape fixes its length, got none');
  });
});
