import { OptionError, ShapeError } from "@uphill/core-math";
import { describe, expect, test } from "vitest";
import { constant, evaluate, input, substitute, variable } from "./index.js";
import type { Tensor } from "./index.js";

const x = input("x", ["batch"]);
const y = input("y", ["batch"]);

describe("example", () => {
  test("a part that is fed in place of being computed", () => {
    const hidden = x.exp();
    const fed = input("fed", ["batch"]);
    const [loss] = substitute([hidden.mul(x).sum()], new Map([[hidden, fed]]));
    expect(evaluate(loss, { x: [1, 2], fed: [10, 20] })).toBe(50);
    expect(evaluate(loss, { x: [1, 2], fed: Float64Array.of(Math.exp(1), Math.exp(2)) })).toBeCloseTo(Math.exp(1) + 2 * Math.exp(2), 9);
  });
});

describe("laws", () => {
  test("what contains no replaced part is the same tensor, and a replaced expression is its replacement", () => {
    const [sum, product] = [x.add(1), y.mul(2)];
    const [other, same, replaced] = substitute([sum, product, x], new Map([[x, y]]));
    expect(same).toBe(product);
    expect(replaced).toBe(y);
    expect(evaluate(other, { y: [3] })).toEqual(Float64Array.of(4));
  });

  test("replacements are simultaneous: parts change places", () => {
    const [swapped] = substitute([x.sub(y)], new Map([[x, y], [y, x]]));
    expect(evaluate(swapped, { x: [1], y: [5] })).toEqual(Float64Array.of(4));
  });

  test("names and attributes stay", () => {
    const [total] = substitute([x.reshape([1, "batch"]).sum(1).named("total")], new Map([[x, y]]));
    expect([total.name, total.shape]).toEqual(["total", [1]]);
  });

  test("an expression of depth 20,000 costs no stack", () => {
    let deep: Tensor = variable("start", [], 1);
    const start = deep;
    for (let i = 0; i < 20_000; i++) deep = deep.add(1);
    expect(evaluate(substitute([deep], new Map([[start, constant(5)]]))[0])).toBe(20_005);
  });
});

describe("errors", () => {
  test("another shape or dtype", () => {
    expect(() => substitute([x], new Map([[x, input("z", [3])]]))).toThrow(ShapeError);
    expect(() => substitute([x], new Map([[x, input("z", [3])]]))).toThrow("substitute: expected shape [batch] in place of x, got [3]");
    expect(() => substitute([x], new Map([[x, input("z", ["batch"], "int32")]]))).toThrow(OptionError);
  });
});
