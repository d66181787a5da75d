import fc from "fast-check";
import { OptionError, ShapeError } from "@uphill/core-math";
import { describe, expect, test } from "vitest";
import { assign, compile, concat, constant, evaluate, float32, grad, input, interpreter, Store, variable, webAssembly } from "./index.js";
import type { Backend, Program, Tensor } from "./index.js";

const backends = [float32, webAssembly(), interpreter];

describe.each(backends)("a program on $name", (backend) => {
  test("a training step is one program", () => {
    const x = input("x", ["batch"]);
    const y = input("y", ["batch"]);
    const slope = variable("slope", [], 0);
    const loss = x.mul(slope).sub(y).square().mean();
    const [gradient] = grad(loss, [slope]);
    const step = compile({
      inputs: { x, y },
      outputs: { loss },
      updates: [assign(slope, slope.sub(gradient.mul(0.1)))],
      backend,
    });
    const feeds = { x: [1, 2, 3], y: [2, 4, 6] };
    let last = Infinity;
    for (let i = 0; i < 100; i++) last = step.run(feeds).loss as number;
    expect(last).toBeLessThan(1e-10);
    expect(step.store.read(slope)[0]).toBeCloseTo(2, 5);
  });

  test("updates are simultaneous: a swap swaps", () => {
    const [a, b] = [variable("a", [2], [1, 2]), variable("b", [2], [3, 4])];
    const { run, store } = bound(compile({ inputs: {}, updates: [assign(a, b), assign(b, a)], backend }));
    run({});
    expect([...store.read(a), ...store.read(b)]).toEqual([3, 4, 1, 2]);
  });

  test("an output that names a variable is its value before the run", () => {
    const a = variable("a", [2], [1, 2]);
    const program = compile({ inputs: {}, outputs: { a, same: a.reshape([1, 2]) }, updates: [assign(a, a.mul(10))], backend });
    const { a: before, same } = program.run({});
    expect([before, same].map((x) => [...(x as Float32Array)])).toEqual([[1, 2], [1, 2]]);
    expect([...program.store.read(a)]).toEqual([10, 20]);
  });

  test("an output of an earlier run is not changed by a later one", () => {
    const x = input("x", ["n"]);
    const program = compile({ inputs: { x }, outputs: { x, y: x.add(1) }, backend });
    const first = program.run({ x: [1, 2] });
    program.run({ x: [7, 8] });
    expect([...(first.x as Float32Array), ...(first.y as Float32Array)]).toEqual([1, 2, 2, 3]);
  });

  test("a run that fails changes no variable", () => {
    const a = variable("a", [], 1);
    const indices = input("indices", ["k"], "int32");
    const row = constant([10, 20]).gather(indices).named("rows").sum();
    const program = compile({ inputs: { indices }, updates: [assign(a, a.add(row))], backend });
    expect(() => program.run({ indices: [0, 2] })).toThrow(/gather.*from 0 to 1, got 2 at position 1/);
    expect(program.store.read(a)[0]).toBe(1);
    expect(program.updatesApplied).toBe(false);
    program.run({ indices: [0, 1] });
    expect(program.store.read(a)[0]).toBe(31);
  });

  test.each([NaN, Infinity, -Infinity])("a guard of %s keeps every variable and reports it", (poison) => {
    const x = input("x", []);
    const [a, b] = [variable("a", [], 1), variable("b", [], 2)];
    const program = compile({
      inputs: { x },
      outputs: { x },
      updates: [assign(a, a.add(1)), assign(b, b.add(x), { onlyIfFinite: x })],
      backend,
    });
    program.run({ x: poison });
    expect(program.updatesApplied).toBe(false);
    expect([program.store.read(a)[0], program.store.read(b)[0]]).toEqual([1, 2]);
    program.run({ x: 5 });
    expect(program.updatesApplied).toBe(true);
    expect([program.store.read(a)[0], program.store.read(b)[0]]).toEqual([2, 7]);
  });

  test("programs on one store see the same variables", () => {
    const store = new Store();
    const a = variable("a", [], 1);
    const write = compile({ inputs: {}, updates: [assign(a, a.add(1))], store, backend });
    const read = compile({ inputs: {}, outputs: { a }, store, backend });
    write.run({});
    expect(read.run({}).a).toBe(2);
    store.write(a, [9]);
    expect(read.run({}).a).toBe(9);
  });

  test("values outlast the growth of memory, in the store and in other programs", () => {
    const store = new Store();
    const a = variable("a", [3], [1, 2, 3]);
    const x = input("x", ["n"]);
    const small = compile({ inputs: {}, outputs: { doubled: a.mul(2) }, store, backend });
    const large = compile({ inputs: { x }, outputs: { y: x.add(1).mul(2) }, updates: [assign(a, a.add(1))], store, backend });
    small.execute({});
    for (const n of [10, 100_000, 1_000_000]) large.execute({ x: new Float32Array(n) });
    expect([...store.view(a)]).toEqual([4, 5, 6]);
    expect([...small.view("doubled")]).toEqual([2, 4, 6]);
    small.execute({});
    expect([...small.view("doubled")]).toEqual([8, 10, 12]);
    store.write(a, [7, 7, 7]);
    expect([...(small.run({}).doubled as Float32Array)]).toEqual([14, 14, 14]);
  });

  test("rows that are taken twice get both cotangents", () => {
    const table = variable("table", [3], [1, 2, 3]);
    const indices = input("indices", ["k"], "int32");
    const [gradient] = grad(table.gather(indices).square().sum(), [table]);
    const program = compile({ inputs: { indices }, outputs: { gradient }, backend });
    expect([...(program.run({ indices: [2, 0, 2, 2] }).gradient as Float32Array)]).toEqual([2, 0, 18]);
  });

  test("NaN and infinity pass as IEEE 754 says", () => {
    const x = input("x", ["n"]);
    const outputs = { exp: x.exp(), log: x.log(), relu: x.relu(), tanh: x.tanh(), reciprocal: x.reciprocal() };
    const { exp, log, relu, tanh, reciprocal } = compile({ inputs: { x }, outputs, backend }).run({
      x: [NaN, Infinity, -Infinity, 0, -0],
    });
    const list = (value: unknown) => [...(value as Float32Array)];
    expect(list(exp)).toEqual([NaN, Infinity, 0, 1, 1]);
    expect(list(log)).toEqual([NaN, Infinity, NaN, -Infinity, -Infinity]);
    expect(list(relu)).toEqual([NaN, Infinity, 0, 0, 0]);
    expect(list(tanh)).toEqual([NaN, 1, -1, 0, -0]);
    expect(list(reciprocal)).toEqual([NaN, 0, -0, Infinity, -Infinity]);
  });

  test("any sequence of lengths runs through one program", () => {
    const x = input("x", ["batch", 2]);
    const program = compile({ inputs: { x }, outputs: { mean: x.mean(), rows: x.sum(1).mul(2) }, backend });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 10 }), (lengths) => {
        for (const n of lengths) {
          const data = Float32Array.from({ length: 2 * n }, (_, i) => i);
          const { mean, rows } = program.run({ x: data });
          expect(mean).toBeCloseTo(n - 0.5, 3);
          expect([...(rows as Float32Array)]).toEqual(Array.from({ length: n }, (_, i) => 2 * (4 * i + 1)));
        }
      }),
      { numRuns: 20 },
    );
  });

  test("an empty batch gives empty outputs", () => {
    const x = input("x", ["batch", 2]);
    const weights = variable("weights", [2, 3], 1);
    const { y } = compile({ inputs: { x }, outputs: { y: x.matmul(weights) }, backend }).run({ x: [] });
    expect((y as Float32Array).length).toBe(0);
  });

  test("a graph of depth 20,000 costs no stack", () => {
    const x = input("x", []);
    let y: Tensor = x;
    for (let i = 0; i < 20_000; i++) y = y.mul(1);
    const program = compile({ inputs: { x }, outputs: { y, slope: grad(y, [x])[0] }, backend });
    expect(program.run({ x: 3 })).toEqual({ y: 3, slope: 1 });
  });
});

describe("wrong use is one clear error", () => {
  const x = input("x", ["batch", 2]);
  const k = input("k", ["batch"], "int32");
  const program = compile({ inputs: { x, k }, outputs: { x, total: x.sum() } });
  const good = { x: [1, 2, 3, 4], k: [0, 1] };

  test.each([
    ["a missing input", { x: good.x }, /input "k": expected a number or an array of numbers, got nothing/],
    ["an unknown input", { ...good, z: 1 }, /input "z": expected one of x, k/],
    ["a length that does not divide", { ...good, x: [1, 2, 3] }, /input "x": expected a multiple of 2 elements for shape \[batch, 2\], got 3/],
    ["lengths that disagree", { ...good, k: [0, 1, 2] }, /input "k": expected 2 elements for shape \[batch\], got 3/],
    ["a fractional index", { ...good, k: [0, 0.5] }, /input "k": expected 32-bit integers, got 0.5 at position 1/],
    ["an index of NaN", { ...good, k: [NaN, 1] }, /expected 32-bit integers, got NaN/],
    ["a text", { ...good, x: "1234" }, /input "x": expected a number or an array of numbers/],
    ["nested arrays", { ...good, x: [[1, 2], [3, 4]] }, /input "x": expected numbers in row-major order, got a nested array at position 0/],
    ["a wrong explicit shape", { ...good, x: { data: [1, 2, 3, 4], shape: [4, 1] } }, /expected shape \[batch, 2\], got \[4, 1\]/],
  ])("%s", (_, feeds, message) => {
    expect(() => program.run(feeds as never)).toThrow(message);
    expect(program.run(good).total).toBe(10);
  });

  test("an input of two open dimensions needs its shape", () => {
    const y = input("y", ["rows", "columns"]);
    const both = compile({ inputs: { y }, outputs: { sums: y.sum(1) } });
    expect(() => both.run({ y: [1, 2, 3, 4, 5, 6] })).toThrow(/input "y": expected \{ data, shape \}/);
    expect([...(both.run({ y: { data: [1, 2, 3, 4, 5, 6], shape: [3, 2] } }).sums as Float32Array)]).toEqual([3, 7, 11]);
  });

  test("compile", () => {
    const a = variable("a", [], 0);
    expect(() => compile({ inputs: {}, updates: [assign(a, a), assign(a, a.add(1))] })).toThrow(/two of "a"/);
    expect(() => compile({ inputs: {}, outputs: { y: x } })).toThrow(/expected every input that the program reads, got none for "x"/);
    expect(() => compile({ inputs: { a } })).toThrow(/expected tensors made by input\(\), got a variable/);
    expect(() => compile({ inputs: {}, outputs: { a, other: variable("a", [], 1) } })).toThrow(/unique in the store/);
    expect(() => assign(a, constant([1, 2]))).toThrow(ShapeError);
    expect(() => assign(a, a.toInt())).toThrow(OptionError);
    const none = 3 as unknown as Backend;
    expect(() => compile({ inputs: {}, outputs: { a }, backend: none })).toThrow("backend: expected a backend such as webAssembly() gives, got 3");
  });

  test("building", () => {
    const y = input("y", [3]);
    expect(() => y.add(constant([1, 2]))).toThrow(/add: expected shapes that broadcast together, got \[3\] and \[2\]/);
    expect(() => x.matmul(x)).toThrow(/matmul: .* got \[batch, 2\] and \[batch, 2\]/);
    expect(() => x.reshape([2, 2])).toThrow(/reshape: .*\[batch, 2\], got \[2, 2\]/);
    expect(() => x.sum(2)).toThrow(/sum: expected an axis of a tensor of rank 2, got 2/);
    expect(() => x.sum([0, 0])).toThrow(/distinct axes/);
    expect(() => x.slice(0, 0, 1)).toThrow(/slice: expected an axis of fixed length/);
    expect(() => x.slice(1, 1, 3)).toThrow(/slice: expected 0 ≤ start ≤ end ≤ 2/);
    expect(() => k.add(1)).toThrow(/add: expected float32 for input 1, got int32/);
    expect(() => y.gather(y)).toThrow(/gather: expected int32 indices/);
    expect(() => concat([])).toThrow(/at least one/);
    expect(() => concat([x, y], 1)).toThrow(ShapeError);
    expect(() => grad(y, [y])).toThrow(/grad: expected a scalar, got shape \[3\]/);
    expect(() => grad(y.sum(), [k])).toThrow(/int32 k/);
    expect(() => variable("v", [2], [1, 2, 3])).toThrow(/variable "v": expected 2 values/);
    expect(() => input("", [])).toThrow(OptionError);
    expect(() => input("z", [-1])).toThrow(ShapeError);
    expect(() => constant([1, 2, 3], [2, 2])).toThrow(/constant: expected 4 values/);
  });

  test("reading outputs", () => {
    const fresh = compile({ inputs: { x }, outputs: { x, total: x.sum() } });
    expect(() => fresh.view("x")).toThrow(/expected a finished run/);
    fresh.run({ x: [1, 2] });
    expect(() => fresh.scalar("x")).toThrow(/expected a scalar, got an array of 2/);
    expect(() => fresh.view("y" as never)).toThrow(/expected one of x, total/);
    expect(evaluate(x.sum(), { x: [1, 2], unused: 3 })).toBe(3);
  });
});

/** A program's run with its store, for destructuring. */
function bound(program: Program) {
  return { run: program.run.bind(program), store: program.store };
}
