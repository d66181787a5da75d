import { describe, expect, test } from "vitest";
import { float32, input, rootsOf, Store, topologicalOrder, webAssembly } from "../index.js";
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
      const memory = executable.inputMemory!(x, bindings);
      expect(memory.length).toBe(length);
      memory.fill(length);
      executable.execute(new Map([[x, memory]]), bindings);
      expect([...executable.view("y")]).toEqual(Array<number>(length).fill(2 * length));
      executable.execute(new Map([[x, new Float32Array(length).fill(1)]]), bindings);
      expect([...executable.view("y")]).toEqual(Array<number>(length).fill(2));
    }
  });
});
