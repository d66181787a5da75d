import { OptionError } from "@uphill/core-math";
import { describe, expect, test } from "vitest";
import { compile, float32, input, interpreter, rootsOf, Store, topologicalOrder, variable, webAssembly } from "../index.js";
import type { Executable, Graph } from "../index.js";

const x = input("x", ["batch"]);
const inputs = new Map([["x", x]]);
const outputs = new Map([["y", x.mul(2)]]);
const graph: Graph = { inputs, outputs, updates: [], order: topologicalOrder(rootsOf(outputs.values(), [])) };

describe.each([webAssembly(), float32])("memory of inputs on $name", (backend) => {
  test("what is written there is read when it is fed, at every length", () => {
    const executable: Executable = backend.prepare(graph, new Store());
    for (const length of [3, 2, 100_000]) {
      const bindings = new Map([["batch", length]]);
      const memory = executable.inputMemory!(x, bindings)!;
      expect(memory.length).toBe(length);
      memory.fill(length);
      executable.execute(new Map([[x, memory]]), bindings);
      expect([...executable.view("y")]).toEqual(Array<number>(length).fill(2 * length));
      executable.execute(new Map([[x, new Float32Array(length).fill(1)]]), bindings);
      expect([...executable.view("y")]).toEqual(Array<number>(length).fill(2));
    }
  });
});

describe.each([webAssembly(), float32])("what lies in the memory of inputs on $name", (backend) => {
  test("is read while room is made for others, which moves it", () => {
    const weights = input("weights", [2]);
    const program = compile({ inputs: { x, weights }, outputs: { y: weights.mul(x.sum()) }, store: new Store(), backend });
    program.run({ x: [1], weights: [2, 3] });
    for (const length of [2, 50_000, 3, 500_000]) {
      const memory = program.inputView("weights");
      program.execute({ x: new Float32Array(length).fill(1), weights: memory });
      expect([...program.view("y")]).toEqual([2 * length, 3 * length]);
    }
  });
});

describe("a program's view of an input", () => {
  const program = () => compile({ inputs: { x }, outputs: { y: x.mul(2) } });

  test("is what its runs read, and keeps what it holds while memory grows", () => {
    const doubled = program();
    doubled.run({ x: [1, 2, 3] });
    doubled.inputView("x").set([4, 5, 6]);
    const large = variable("large", [100_000], 1);
    const before = doubled.inputView("x");
    compile({ inputs: {}, outputs: { sum: large.sum() }, store: doubled.store }).run({});
    expect(before.length).toBe(0);
    expect([...doubled.inputView("x")]).toEqual([4, 5, 6]);
    expect(doubled.run({ x: doubled.inputView("x") }).y).toEqual(Float32Array.of(8, 10, 12));
  });

  test("is of the last run's lengths", () => {
    const doubled = program();
    for (const length of [3, 5, 2]) {
      doubled.run({ x: new Float32Array(length) });
      expect(doubled.inputView("x").length).toBe(length);
    }
  });

  test("is refused for what nothing reads", () => {
    const unread = compile({ inputs: { x, y: input("y", []) }, outputs: { doubled: x.mul(2) } });
    unread.run({ x: [1], y: 2 });
    expect(() => unread.inputView("y")).toThrow('input "y": expected an input that is read');
  });

  test("is refused for what is no input, before a run, and where there is no such memory", () => {
    expect(() => program().inputView("y" as "x")).toThrow(new OptionError('input "y": expected one of x'));
    expect(() => program().inputView("x")).toThrow('input "x": expected a run before its memory is asked for, got none');
    const interpreted = compile({ inputs: { x }, outputs: { y: x.mul(2) }, backend: interpreter });
    interpreted.run({ x: [1] });
    expect(() => interpreted.inputView("x")).toThrow("a backend that plans its memory");
  });
});
