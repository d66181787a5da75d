import { compile, input, rootsOf, Store, topologicalOrder, variable, webAssembly } from "@uphill/autodiff";
import { describe, expect, test } from "vitest";
import type { ProductMemory } from "./product-session.js";
import { SplitExecutable } from "./split-executable.js";
import { splitProgram } from "./split-program.js";

const x = input("x", ["batch", 2]);
const kernel = variable("kernel", [2, 1], [3, 5]);
const bindings = new Map([["batch", 1]]);

/** x·kernel on a store, with products that do `meanwhile` in each of their runs. */
function productOf(meanwhile: (store: Store, runs: number) => void) {
  const outputs = new Map([["y", x.matmul(kernel)]]);
  const split = splitProgram({ inputs: new Map([["x", x]]), outputs, updates: [], order: topologicalOrder(rootsOf(outputs.values(), [])) });
  const store = new Store();
  store.adopt(kernel);
  const seen: ProductMemory[] = [];
  const products = {
    run: async (memory: ProductMemory) => {
      seen.push(memory);
      const [[a, b], [c, d]] = [...memory.sources.values()];
      memory.results.forEach((result) => (result[0] = a * c + b * d));
      await Promise.resolve();
      meanwhile(store, seen.length);
    },
  };
  const executable = new SplitExecutable(split, store, products, webAssembly().prepare(split.rest, store));
  const run = async () => {
    await executable.execute(new Map([[x, [10, 1]]]), bindings);
    return executable.view("y")[0];
  };
  return { run, seen };
}

function growMemory(store: Store): void {
  const long = input("long", ["length"]);
  compile({ inputs: { long }, outputs: { doubled: long.mul(2) }, store }).execute({ long: new Float32Array(1_000_000) });
}

describe("laws", () => {
  test("memory is described once for runs of one shape", async () => {
    const { run, seen } = productOf(() => undefined);
    expect([await run(), await run()]).toEqual([35, 35]);
    expect(seen[1]).toBe(seen[0]);
  });

  test("memory that grows after the products and before the rest: they are computed again", async () => {
    const { run, seen } = productOf((store, runs) => {
      if (runs === 1) growMemory(store);
    });
    expect(await run()).toBe(35);
    expect(seen.length).toBe(2);
    expect(seen[1] === seen[0]).toBe(false);
  });
});

describe("errors", () => {
  test("a failure is thrown where memory has stayed, and made good where it has grown", async () => {
    const failing = productOf(() => {
      throw new Error("no luck");
    });
    await expect(failing.run()).rejects.toThrow("no luck");
    const detached = productOf((store, runs) => {
      if (runs > 1) return;
      growMemory(store);
      throw new Error("detached");
    });
    expect(await detached.run()).toBe(35);
  });
});
