import { NumericalError, OptionError, ShapeError, UphillError } from "@uphill/core-math";
import { describe, expect, test } from "vitest";
import { assign, compile, evaluate, float32, grad, hostOperation, input, interpreter, jvp, Store, variable, webAssembly } from "../index.js";
import type { HostOperation } from "../index.js";
import { rootOnHost, runningSum } from "../testing/host-operations.js";

const executors = [interpreter, float32, webAssembly()];
const x = input("x", ["batch", 3]);

/** Each row's sum of all but its first element. */
const tails: HostOperation = {
  name: "tails",
  shape: ([[batch, length]]) => {
    if (typeof length !== "number" || length < 2) throw new ShapeError(`tails: expected rows of 2 or more, got ${length}`);
    return [batch];
  },
  compute: ([{ data, shape }], out) => {
    for (let row = 0; row < shape[0]; row++) {
      if (data[row * 3] < 0) throw new NumericalError(`row ${row}: expected a first element ≥ 0, got ${data[row * 3]}`);
      out.data[row] = data[row * 3 + 1] + data[row * 3 + 2];
    }
  },
  reverse: (_, cotangent) => [cotangent.reshape(["batch", 1]).broadcastTo(["batch", 3])],
};

describe.each(executors)("$name", (backend) => {
  test("a host operation is part of an expression, whatever the batch", () => {
    const y = hostOperation(tails, [x.mul(2)]).add(1);
    const program = compile({ inputs: { x }, outputs: { y }, backend });
    expect([...(program.run({ x: [0, 1, 2] }).y as Float32Array)]).toEqual([7]);
    expect([...(program.run({ x: [0, 1, 2, 0, 3, 4, 0, 5, 6] }).y as Float32Array)]).toEqual([7, 15, 23]);
    expect([...(program.run({ x: [0, 1, 1] }).y as Float32Array)]).toEqual([5]);
  });

  test("the arrays are as long as their shapes, with the precision of the executor", () => {
    const seen: (string | number)[] = [];
    const probe: HostOperation = {
      name: "probe",
      shape: () => [2],
      compute: ([a, b], out) => {
        seen.push(a.data.length, ...a.shape, b.data.constructor.name, out.data.length, ...out.shape);
        out.data.fill(a.data[0]);
      },
      reverse: () => [undefined, undefined],
    };
    const indices = input("indices", ["k"], "int32");
    const y = hostOperation(probe, [x, indices]);
    const [gradient] = grad(y.sum(), [x]);
    const result = compile({ inputs: { x, indices }, outputs: { y, gradient }, backend }).run({ x: [1, 2, 3, 4, 5, 6], indices: [1] });
    expect(seen).toEqual([6, 2, 3, "Int32Array", 2, 2]);
    expect([...(result.y as Float32Array)]).toEqual([1, 1]);
    expect([...(result.gradient as Float32Array)]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test("an error names the operation, keeps its class and its cause, and changes no variable", () => {
    const total = variable("total", [], 5);
    const store = new Store();
    const value = hostOperation(tails, [x]).sum();
    const program = compile({ inputs: { x }, updates: [assign(total, total.add(value))], store, backend });
    const run = (): unknown => program.run({ x: [1, 1, 1, -1, 0, 0] });
    expect(run).toThrow(NumericalError);
    expect(run).toThrow("tails: row 1: expected a first element ≥ 0, got -1");
    expect(store.read(total)[0]).toBe(5);
    program.run({ x: [1, 1, 1] });
    expect(store.read(total)[0]).toBe(7);
  });

  test("an error of another kind is an UphillError with that cause", () => {
    const broken: HostOperation = { ...tails, name: "broken", compute: () => { throw new RangeError("out of luck"); } };
    const program = compile({ inputs: { x }, outputs: { y: hostOperation(broken, [x]) }, backend });
    const failures: unknown[] = [];
    try {
      program.run({ x: [1, 1, 1] });
    } catch (failure) {
      failures.push(failure);
    }
    expect(failures).toHaveLength(1);
    const [failure] = failures as [Error];
    expect(failure).toBeInstanceOf(UphillError);
    expect(failure.message).toBe("broken: out of luck");
    expect(failure.cause).toBeInstanceOf(RangeError);
  });
});

test("its derivative nests: host operations in the gradient, and in the gradient of that", () => {
  const loss = runningSum(rootOnHost(x)).square().sum();
  const [gradient] = grad(loss, [x]);
  const [second] = grad(gradient.slice(1, 0, 1).sum(), [x]);
  // L = Σ_i (Σ_{j≤i} √x_j)². At (1, 4, 9): ∂L/∂x_1 = (1 + 3 + 6) / 1, ∂²L/∂x_1² = 3/2 − 10/2, ∂²L/∂x_1∂x_2 = 2/4.
  expect([...(evaluate(gradient, { x: [1, 4, 9] }) as Float64Array)]).toEqual([10, 4.5, 2]);
  const curvature = evaluate(second, { x: [1, 4, 9] }) as Float64Array;
  [-3.5, 0.5, 1 / 6].forEach((value, i) => expect(curvature[i]).toBeCloseTo(value, 12));
});

describe("refuses", () => {
  test("shapes that its rule does not take, and a rule that gives no shape", () => {
    expect(() => hostOperation(tails, [input("y", ["batch", 1])])).toThrow("tails: expected rows of 2 or more, got 1");
    expect(() => hostOperation({ ...tails, shape: () => [-1] }, [x])).toThrow("tails shape: expected a shape of non-negative integers and names, got [-1]");
  });

  test("forward mode", () => {
    const [y, tangent] = [hostOperation(tails, [x]), input("tangent", ["batch", 3])];
    expect(() => jvp([y], [x], [tangent])).toThrow(OptionError);
    expect(() => jvp([y], [x], [tangent])).toThrow("tails: expected reverse mode, got jvp");
  });

  test("cotangents that do not fit the inputs", () => {
    const loss = (reverse: HostOperation["reverse"]) => hostOperation({ ...tails, reverse }, [x]).sum();
    expect(() => grad(loss(() => []), [x])).toThrow("tails: expected a rule that gives 1 cotangents, got 0");
    expect(() => grad(loss((_, cotangent) => [cotangent]), [x])).toThrow("tails: expected a cotangent of shape [batch, 3] for input 0, got [batch]");
  });
});
