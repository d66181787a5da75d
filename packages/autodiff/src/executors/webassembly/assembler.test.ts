import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ModuleAssembler } from "./assembler.js";
import type { FunctionAssembler, Signature, ValueType } from "./assembler.js";

/** The exports of a module of one function, `f`. */
function assembled(signature: Signature, assemble: (f: FunctionAssembler) => void): (...values: number[]) => number {
  const module = new ModuleAssembler();
  module.addFunction("f", signature, assemble);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), { env: { memory } });
  return exports["f"] as (...values: number[]) => number;
}

const signature = (parameters: ValueType[], results: ValueType[]): Signature => ({ parameters, results });

describe("modules run", () => {
  test("a loop: the sum of 1 … n", () => {
    const sum = assembled(signature(["i32"], ["i32"]), (f) => {
      const [n, total] = [f.parameter(0), f.local("i32")];
      f.block(() => {
        f.loop(() => {
          f.get(n).op("i32.eqz").branchIf(1);
          f.get(total).get(n).op("i32.add").set(total);
          f.get(n).i32(1).op("i32.sub").set(n);
          f.branch(0);
        });
      });
      f.get(total);
    });
    expect([0, 1, 10, 1000].map((n) => sum(n))).toEqual([0, 1, 55, 500_500]);
  });

  test("integers of every size come through", () => {
    const any = fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.constantFrom(-65, -64, 63, 64, 127, 128));
    fc.assert(
      fc.property(any, (value) => {
        expect(assembled(signature([], ["i32"]), (f) => f.i32(value))()).toBe(value);
      }),
    );
  });

  test("floats come through, with the sign of 0 and NaN", () => {
    for (const value of [1.5, -0, 0, Infinity, -Infinity, NaN, Math.fround(1e-45)]) {
      expect(assembled(signature([], ["f32"]), (f) => f.f32(value))()).toBe(value);
    }
  });

  test("vectors: lanes of a shuffle", () => {
    const lane = (k: number) =>
      assembled(signature([], ["i32"]), (f) => f.laneNumbers().i32x4(9).shuffle([3, 4, 0, 1]).extractLane("i32x4", k))();
    expect([0, 1, 2, 3].map(lane)).toEqual([3, 9, 0, 1]);
  });

  test("a function calls another", () => {
    const module = new ModuleAssembler();
    const square = module.addFunction("square", signature(["f32"], ["f32"]), (f) =>
      void f.get(f.parameter(0)).get(f.parameter(0)).op("f32.mul"),
    );
    module.addFunction("fourth", signature(["f32"], ["f32"]), (f) => void f.get(f.parameter(0)).call(square).call(square));
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), { env: { memory } });
    expect((exports["fourth"] as (x: number) => number)(3)).toBe(81);
    expect(module.find("square")).toBe(square);
    expect(() => module.addFunction("square", square.signature, () => undefined)).toThrow(/there already/);
  });
});

describe("a wrong emission fails as it is assembled, with the instruction named", () => {
  const emit = (assemble: (f: FunctionAssembler) => void, results: ValueType[] = []) =>
    new ModuleAssembler().addFunction("kernel", signature(["i32"], results), assemble);

  test.each<[string, (f: FunctionAssembler) => void, RegExp]>([
    ["an operand of another type", (f) => f.f32(1).i32(1).op("f32.add"), /kernel: f32.add expects \[f32, f32\].* holds \[f32, i32\]/],
    ["an operand too few", (f) => f.f32x4(1).op("f32x4.mul"), /f32x4.mul expects/],
    ["a local of another type", (f) => f.f32(1).set(f.parameter(0)), /local.set expects \[i32\]/],
    ["a store without an address", (f) => f.f32x4(0).memory("v128.store"), /v128.store expects \[i32, v128\]/],
    ["a block that leaves something", (f) => f.block(() => f.i32(1)), /end of block expects 0 operands/],
    ["a block that takes from outside", (f) => f.i32(1).i32(2).block(() => f.op("i32.add")), /i32.add expects/],
    ["a branch too far", (f) => f.branch(1), /br expects one of 1 frames/],
    ["a condition that is none", (f) => f.f32(1).if(() => undefined), /if expects \[i32\]/],
  ])("%s", (_, assemble, message) => {
    expect(() => emit(assemble)).toThrow(message);
  });

  test("results that are missing, or too many", () => {
    const bytes = (assemble: (f: FunctionAssembler) => void, results: ValueType[]) => {
      const module = new ModuleAssembler();
      module.addFunction("kernel", signature([], results), assemble);
      return module.toBytes();
    };
    expect(() => bytes(() => undefined, ["i32"])).toThrow(/kernel: end expects \[i32\]/);
    expect(() => bytes((f) => f.i32(1), [])).toThrow(/kernel: end expects an empty stack/);
  });
});
